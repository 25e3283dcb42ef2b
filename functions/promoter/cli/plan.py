"""`promoter plan`: what would be promoted now, what not and why, and what differs downstream."""

from __future__ import annotations

import json
import time
from collections import Counter
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any

import click

from promoter.cli.errors import BadUsage, aws_errors
from promoter.cli.options import example, output_option, profile_option, read_rules, rules_option
from promoter.cli.reasons import SOAK_FROM_AWS, short
from promoter.cli.terminal import show_table
from promoter.copying.results import Result
from promoter.inspection.comparison import Comparison, Scope, compare
from promoter.packages.patterns import PatternError, parse, path_of
from promoter.reporting.decision_log import decision_to_json
from promoter.rules.vocabulary import Verdict

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from promoter.packages.package import Package
    from promoter.rules.decision import Decision
    from promoter.rules.rule_set import Hop, RuleSet

_MARKS = {Verdict.PROMOTE: "+", Verdict.WAIT: "?", Verdict.HOLD: "?", Verdict.REJECT: "x"}
_COUNTED = {
    "copy": "copy now",
    "observed": "only observed",
    "wait": "wait",
    "hold": "need a person",
    "reject": "rejected",
}


@example(
    "promoter plan                                  every hop",
    "promoter plan --promotion web-to-staging       what one promotion decides",
    'promoter plan --package "pkg:npm/@acme/*"      some packages; a glob of names will do: "@acme/*"',
)
@click.command("plan")
@click.option("--promotion", metavar="NAME", help="Only what this promotion decides.")
@click.option(
    "--package",
    "glob",
    metavar="GLOB",
    help="Only these packages: a pattern of the rules, or a glob of names.",
)
@click.option(
    "--compare",
    "most",
    type=click.IntRange(min=0),
    default=500,
    show_default=True,
    help="On each hop, compare the files of at most so many versions that both sides have at other revisions.",
)
@click.option("--domain-owner", help="The domain's account.  [default: your own]")
@rules_option
@output_option
@profile_option
def command(
    promotion: str | None,
    glob: str | None,
    most: int,
    domain_owner: str | None,
    rules_file: Path,
    output: str,
    profile: str | None,
) -> int:
    """Show what would be promoted now (+), what waits (?), what is rejected (x), what differs downstream (!).

    It only reads, and decides as the pipeline does. Exit code 1: something is rejected, or differs.
    """
    from promoter.aws.clients import user_clients
    from promoter.aws.listing import Listing
    from promoter.cli.paced import SharedPace

    _, rule_set = read_rules(rules_file)
    scope = Scope(promotion, _package_filter(glob), most)
    hops = _hops(rule_set, promotion)
    now = time.time()
    with aws_errors(f"read the repositories of {rule_set.domain}"):
        listing = Listing(
            user_clients(profile)("codeartifact"), rule_set.domain, domain_owner, SharedPace().take
        )
        found = [compare(listing, rule_set, hop, now, scope) for hop in hops]
    if output == "json":
        click.echo(json.dumps({"hops": [shape_of(each) for each in found]}, indent=2))
    else:
        for each in found:
            show(each)
        _show_next(found)
    return 0 if all(each.passes for each in found) else 1


def shape_of(comparison: Comparison) -> dict[str, Any]:
    """A hop as programs read it; the decisions have the shape of the decision log."""
    hop = {"from": comparison.hop.source, "to": comparison.hop.destination}
    return {
        "hop": hop,
        "decisions": [_decision(decision) for decision in comparison.missing],
        "diverged": [_diverged(result) for result in comparison.diverged],
        "present": comparison.present,
        "notCompared": comparison.uncompared,
    }


def _decision(decision: Decision) -> dict[str, Any]:
    candidate = decision.candidate
    return {**decision_to_json(Result(decision)), "purl": candidate.purl, "revision": candidate.revision}


def _diverged(result: Result) -> dict[str, Any]:
    candidate = result.decision.candidate
    return {
        "purl": candidate.purl,
        "revision": candidate.revision,
        "assets": decision_to_json(result)["assets"],
    }


def _hops(rule_set: RuleSet, promotion: str | None) -> list[Hop]:
    hops = [hop for leaving in rule_set.hops.values() for hop in leaving]
    if promotion is None:
        return hops
    names = [each.name for each in rule_set.promotions]
    if promotion not in names:
        raise BadUsage(f'there is no promotion "{promotion}"; the rules have {", ".join(names)}')
    return [hop for hop in hops if any(each.name == promotion for each in hop.promotions)]


def _package_filter(glob: str | None) -> Callable[[Package], bool]:
    if glob is None:
        return lambda _: True
    if not glob.startswith(("pkg:", "/")):
        return lambda package: fnmatchcase(package.title, glob)
    try:
        pattern = parse(glob)
    except PatternError as error:
        raise BadUsage(str(error)) from None
    return lambda package: pattern.matches(path_of(package))


def show(comparison: Comparison) -> None:
    """Print a hop: its counts, then a line for each version that the destination lacks or has otherwise."""
    hop = f"{comparison.hop.source} -> {comparison.hop.destination}"
    counts = Counter(map(_kind, comparison.missing))
    parts = [f"{counts[kind]} {words}" for kind, words in _COUNTED.items() if counts[kind]] or [
        "nothing to copy"
    ]
    missing, all_ = len(comparison.missing), len(comparison.missing) + comparison.present
    tail = f"; {missing} of {all_} never promoted" if all_ else "; nothing is selected"
    if comparison.diverged:
        tail += f", {len(comparison.diverged)} with other bytes downstream"
    click.echo(f"{hop}   {', '.join(parts)}{tail}")
    rows = [_row(decision) for decision in sorted(comparison.missing, key=lambda each: each.verdict)]
    show_table(rows + [_diverged_row(result) for result in comparison.diverged])
    if comparison.uncompared:
        total = comparison.uncompared
        click.echo(
            f"  {total} more have other revisions there and were not compared; --compare takes a higher number"
        )


def _kind(decision: Decision) -> str:
    if decision.verdict is Verdict.PROMOTE:
        return "observed" if decision.promotion.mode == "observe" else "copy"
    return decision.verdict.name.lower()


def _row(decision: Decision) -> tuple[str, str, str, str]:
    unmet = [reason for reason in decision.reasons if not reason.met]
    texts = [
        each.text if each.text.startswith((each.code, "held")) else f"{each.code}: {each.text}"
        for each in unmet
    ]
    observed = ["only observed"] if _kind(decision) == "observed" else []
    return (_MARKS[decision.verdict], *_names(decision), "; ".join(texts or observed))


def _diverged_row(result: Result) -> tuple[str, str, str, str]:
    assert result.outcome is not None
    promotion = result.decision.promotion
    texts = [
        f"{each.name}: {promotion.destination} {short(each.destination)}, {promotion.source} {short(each.source)}"
        for each in result.outcome.differences
    ]
    return ("!", *_names(result.decision), "; ".join(texts))


def _names(decision: Decision) -> tuple[str, str]:
    package = decision.candidate.package
    return package.format, f"{package.title} {decision.candidate.version}"


def _show_next(found: list[Comparison]) -> None:
    stopped = [d for each in found for d in each.missing if d.verdict is not Verdict.PROMOTE]
    if any(reason.code == "soak" and not reason.met for decision in stopped for reason in decision.reasons):
        click.echo(f"A soak is {SOAK_FROM_AWS}.")
    stopped += [result.decision for each in found for result in each.diverged]
    if stopped:
        click.echo(f"Next: promoter explain {stopped[0].candidate.purl}   says why, and who has to act")
