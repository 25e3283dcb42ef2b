"""Approvals and refusals: the question that a promotion asks people, and the answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from promoter.cli.answer_request import Found, Request, find_version, read_request
from promoter.cli.answering import give
from promoter.cli.errors import BadUsage, UserError
from promoter.inspection.answering import (
    Asked,
    approval_question,
    deciding_promotion,
    possible_promotions,
)
from promoter.rules.evidence import Answer
from promoter.rules_file.spelling import suggest

if TYPE_CHECKING:
    from typing import Literal

    from promoter.rules.rule_set import Promotion, RuleSet


def give_approval(
    purl: str, promotion: str, result: Literal["PASSED", "FAILED"], options: dict[str, Any]
) -> int:
    """Approve or refuse a version for a promotion."""
    request = read_request(purl, options)
    named = _promotion(request.rule_set, promotion)
    question = approval_question(named)
    if question is None:
        asking = [each.name for each in request.rule_set.promotions if approval_question(each)]
        hint = f"those that do: {', '.join(asking)}" if asking else "no promotion of the rules does"
        raise BadUsage(f'promotion "{promotion}" asks for no approval; {hint}')
    _require_selected(request, named)
    found = find_version(request, named.source)
    _require_deciding(request, named, found)
    asked = Asked(question, found.candidate, named.name)
    answer = Answer(result, options["reason"], url=options["url"], promotion=named.name)
    return give(request, asked, found, answer)


def _promotion(rule_set: RuleSet, name: str) -> Promotion:
    by_name = {each.name: each for each in rule_set.promotions}
    if name not in by_name:
        raise BadUsage(f'there is no promotion "{name}"; {suggest(name, by_name)}')
    return by_name[name]


def _require_selected(request: Request, named: Promotion) -> None:
    if named not in possible_promotions(request.rule_set, request.package, named.hop):
        raise UserError(
            f'promotion "{named.name}" does not select {request.package.title}; '
            f"`promoter explain {request.package.purl}@{request.version}` shows which one does"
        )


def _require_deciding(request: Request, named: Promotion, found: Found) -> None:
    """Check that the named promotion decides; without a look-up its origin is unknown, and nobody can say."""
    if found.description is None:
        return
    deciding = deciding_promotion(request.rule_set, request.package, named.hop, found.description.origin)
    if deciding != named:
        other = f'"{deciding.name}" does' if deciding else "no promotion does"
        raise UserError(
            f'promotion "{named.name}" does not decide about {request.title} on {named.hop}: {other}'
        )
