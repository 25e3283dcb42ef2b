"""`promoter answer`: answer a check about a version."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import click

from promoter.cli.answer_request import (
    Found,
    Request,
    answer_options,
    find_version,
    find_versions,
    read_request,
)
from promoter.cli.answering import give
from promoter.cli.completion import complete_checks, complete_repositories
from promoter.cli.errors import BadUsage, UserError
from promoter.cli.options import example
from promoter.inspection.answering import Asked, asking_repositories, check_names
from promoter.rules.evidence import Answer, Question, check_namespace
from promoter.rules_file.spelling import suggest

if TYPE_CHECKING:
    from typing import Literal


@example(
    'promoter answer pkg:npm/@acme/widget@1.5.0 --check sca --result passed --reason "no findings"',
    'promoter answer pkg:npm/@acme/widget@1.5.0 --check sca --result failed --reason "a leak" --in staging',
)
@click.command("answer")
@click.argument("purl", metavar="PURL")
@click.option(
    "--check",
    required=True,
    metavar="NAME",
    shell_complete=complete_checks,
    help="The check that is answered.",
)
@click.option(
    "--result",
    required=True,
    type=click.Choice(["passed", "failed", "warned"]),
    help="warned passes, and keeps its reason.",
)
@click.option(
    "--in",
    "repository",
    metavar="REPOSITORY",
    shell_complete=complete_repositories,
    help="The repository whose revision is meant.  [default: the one whose promotion asks]",
)
@answer_options
def command(purl: str, check: str, result: str, repository: str | None, **options: Any) -> int:
    """Answer a check about a version: about the revision that the source of the promotion has now.

    An answer is a package version in the repository of answers. The newest answer about a revision counts.
    """
    request = read_request(purl, options)
    names = check_names(request.rule_set)
    if check not in names:
        hint = suggest(check, names) if names else "no promotion of the rules has checks"
        raise BadUsage(f'no promotion asks for check "{check}"; {hint}')
    found = _find(request, check, repository)
    upper = cast("Literal['PASSED', 'FAILED', 'WARNED']", result.upper())
    answer = Answer(upper, options["reason"], url=options["url"])
    return give(request, Asked(Question(check_namespace(check)), found.candidate), found, answer)


def _find(request: Request, check: str, repository: str | None) -> Found:
    """The version in the repository that is meant; raises UserError if there is none, or several revisions."""
    asking = asking_repositories(request.rule_set, request.package, request.version, check)
    if not asking:
        raise UserError(f'no promotion asks for check "{check}" about {request.package.title}')
    if repository is not None and repository not in asking:
        raise BadUsage(
            f'no promotion from "{repository}" asks for check "{check}" about {request.package.title}; '
            f"those from {', '.join(asking)} do"
        )
    if repository is not None or len(asking) == 1:
        return find_version(request, repository or asking[0])
    found = find_versions(request, asking)
    if not found:
        raise UserError(f"{request.title} is in none of {', '.join(asking)}; check its name")
    if len({each.candidate.revision for each in found}) > 1:
        places = ", ".join(each.candidate.repository for each in found)
        raise BadUsage(
            f"{request.title} has another revision in each of {places}; use --in to say which one is meant"
        )
    return found[0]
