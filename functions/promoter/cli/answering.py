"""Gives an answer about one revision: publishes it or prints the command, and shows what follows."""

from __future__ import annotations

import hashlib
import json
import shlex
import time
from typing import TYPE_CHECKING, Any

import click
from msgspec.structs import replace

from promoter.cli.errors import EXIT_OK, AwsRefused, BadUsage, aws_errors, unknown_text, user_error
from promoter.cli.step_lines import show_step
from promoter.cli.terminal import show_line
from promoter.copying.ports import ApiError
from promoter.inspection.explain import Step, explain_hops, step_to_json
from promoter.inspection.live_evidence import look_up
from promoter.waiting.answers import ASSET, MAX_BYTES, Statement, answer_version, write_statement

if TYPE_CHECKING:
    from collections.abc import Sequence

    from promoter.cli.answer_request import Found, Request
    from promoter.inspection.answering import Asked
    from promoter.rules.evidence import Answer

_WHO_MAY_ANSWER = "docs/checks.md#who-may-answer"


def give(request: Request, asked: Asked, found: Found, answer: Answer) -> int:
    """Publish the answer, or print the command that does it."""
    answer = _signed(request, answer)
    version, content = answer_version(time.time()), _content(asked, answer)
    if request.prints:
        command = _command(request, asked, version, content)
        click.echo(json.dumps({"command": command}) if request.output == "json" else command)
        return EXIT_OK
    _publish(request, asked, version, content)
    steps, unread = _what_follows(request, asked, found, answer)
    if request.output == "json":
        click.echo(json.dumps(_to_json(request, asked, version, content, steps), indent=2))
        return EXIT_OK
    where = f"{asked.candidate.repository}, revision {asked.candidate.revision}"
    show_line(f"{answer.result}  {asked.question.namespace}  {request.title} in {where}")
    show_line(f"  published {asked.package} {version} in {request.rule_set.evidence}")
    for step in steps:
        show_step(step, request.rules)
    for text in unread:
        show_line(f"unknown: {text}")
    show_line("The pipeline decides again when the event of the answer arrives, often within a minute.")
    return EXIT_OK


def _signed(request: Request, answer: Answer) -> Answer:
    """The answer with who gives it: `--by`, or the caller's ARN. `--print` asks nobody."""
    by = request.by
    if by is None and not request.prints:
        with aws_errors("ask AWS who you are; --by says it"):
            by = request.connection.caller_arn()
    return replace(answer, by=by or "")


def _content(asked: Asked, answer: Answer) -> bytes:
    content = write_statement(Statement(asked.candidate, answer))
    if len(content) > MAX_BYTES:
        raise BadUsage(
            f"the answer is larger than {MAX_BYTES // 1024} KiB; shorten --reason and link the rest: --url"
        )
    return content


def _command(request: Request, asked: Asked, version: str, content: bytes) -> str:
    """One line for a shell. It writes the statement to a file first: the aws CLI has to read it twice."""
    owner = request.connection.owner
    words = [
        *("aws", "codeartifact", "publish-package-version", "--domain", request.rule_set.domain),
        *(("--domain-owner", owner) if owner else ()),
        *("--repository", request.rule_set.evidence, "--format", "generic"),
        *("--namespace", asked.question.namespace, "--package", asked.package, "--package-version", version),
        *("--asset-name", ASSET, "--asset-content", ASSET),
        *("--asset-sha256", hashlib.sha256(content).hexdigest()),
    ]
    return f"printf %s {shlex.quote(content.decode())} > {ASSET} && {shlex.join(words)}"


def _publish(request: Request, asked: Asked, version: str, content: bytes) -> None:
    namespace, evidence = asked.question.namespace, request.rule_set.evidence
    try:
        with aws_errors("connect to AWS"):
            publisher = request.connection.publisher(request.rule_set)
        publisher.publish(namespace, asked.package, version, content)
    except ApiError as error:
        problem = user_error("publish the answer", error)
        if error.code != "AccessDeniedException":
            raise problem from None
        raise AwsRefused(
            f"{problem}. Only the principals of namespace {namespace} may publish in generic/{namespace}/ of "
            f"repository {evidence}; its resource policy names them: {_WHO_MAY_ANSWER}"
        ) from None


def _what_follows(
    request: Request, asked: Asked, found: Found, answer: Answer
) -> tuple[list[Step], list[str]]:
    """The decisions on the hops that asked, as the pipeline will make them, and what could not be read for them.

    Nothing is looked up for a revision that the user gave.
    """
    if found.description is None:
        return [], []
    now = time.time()
    candidate, rule_set = found.candidate, request.rule_set
    with aws_errors("connect to AWS"):
        answers = request.connection.answers(rule_set)
    live = look_up(candidate, found.description, rule_set, answers, now, {asked.question: answer})
    steps = explain_hops(candidate, live.evidence, rule_set, now)
    asking = [each for each in steps if each.decision and asked.question in each.decision.promotion.needs]
    return asking, [unknown_text(each) for each in live.unread]


def _to_json(
    request: Request, asked: Asked, version: str, content: bytes, steps: Sequence[Step]
) -> dict[str, Any]:
    return {
        "repository": request.rule_set.evidence,
        "namespace": asked.question.namespace,
        "package": asked.package,
        "version": version,
        "statement": json.loads(content),
        "decisions": [step_to_json(each) for each in steps],
    }
