"""Checks over the promotions that ask for answers, and the repository that has the answers."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence

from promoter.rules.answer_conditions import Approved
from promoter.rules.evidence import check_namespace
from promoter.rules.rule_set import Promotion
from promoter.rules.vocabulary import Hop, ReasonCode
from promoter.rules_file.diagnostics import Diagnostic, Path, error

_RESERVED: frozenset[str] = frozenset(ReasonCode)


def validate(promotions: Sequence[Promotion], evidence: str | None, named: bool) -> list[Diagnostic]:
    """Check the promotions of a file together. Returns every error.

    `evidence` is the repository of answers, None if there is none or if it could not be read; `named` is True if the
    file has the key.
    """
    return [
        *([] if named else _without_evidence(promotions)),
        *_in_the_way(promotions, evidence),
        *same_ids(promotions, lambda hop: hop.id),
        *_twice(promotions),
        *_reserved(promotions),
        *_same_but_for_case(promotions),
    ]


def _without_evidence(promotions: Sequence[Promotion]) -> Iterator[Diagnostic]:
    """The first promotion that asks for answers, if there is no repository for them."""
    asking = [(index, each) for index, each in enumerate(promotions) if each.asks_for_answers]
    if not asking:
        return
    index, first = asking[0]
    more = f" (and {len(asking) - 1} more)" if len(asking) > 1 else ""
    message = f'promotion "{first.name}"{more} needs answers ({_asks(first)}), but the file has no "evidence"'
    hint = 'add evidence = "REPOSITORY" below domain: the repository of answers'
    yield error(("promotion", index), message, hint)


def _asks(promotion: Promotion) -> str:
    """The keys by which a promotion asks for answers."""
    approval = any(isinstance(condition, Approved) for condition in promotion.conditions)
    asked = {"checks": promotion.checks, "approval": approval, 'mode = "manual"': promotion.mode == "manual"}
    return ", ".join(key for key, is_asked in asked.items() if is_asked)


def _in_the_way(promotions: Sequence[Promotion], evidence: str | None) -> Iterator[Diagnostic]:
    """Promotions from or to the repository of answers: answers must not be promoted, nor packages be answers."""
    for index, promotion in enumerate(promotions):
        keys = {"from": promotion.source, "to": promotion.destination}
        for key in (key for key, repository in keys.items() if evidence and repository == evidence):
            message = f'{key} "{evidence}" of promotion "{promotion.name}" is the repository of answers'
            yield error(("promotion", index, key), message, "name another repository in evidence")


def same_ids(promotions: Sequence[Promotion], identify: Callable[[Hop], str]) -> Iterator[Diagnostic]:
    """Hops that have the same id: their versions that wait could not be told apart."""
    first: dict[str, Hop] = {}
    reported: set[Hop] = set()
    for index, promotion in enumerate(promotions):
        hop, id_ = promotion.hop, identify(promotion.hop)
        other = first.setdefault(id_, hop)
        if other != hop and hop not in reported:
            reported.add(hop)
            message = f"hops {other} and {hop} have the same id {id_}"
            yield error(("promotion", index, "to"), message, "rename one of these repositories")


def _twice(promotions: Sequence[Promotion]) -> Iterator[Diagnostic]:
    """Checks that a promotion names more than once; each is reported once, because many may inherit them."""
    seen: set[str] = set()
    for path, title, checks in _check_lists(promotions):
        found = {check for check, count in Counter(checks).items() if count > 1} - seen
        seen |= found
        for check in sorted(found):
            yield error(path, f'{title} has "{check}" more than once', "remove one of them", check)


def _reserved(promotions: Sequence[Promotion]) -> Iterator[Diagnostic]:
    """Checks with a name that means something else in `[[waive]]`; each is reported once."""
    seen: set[str] = set()
    for path, title, checks in _check_lists(promotions):
        found = _RESERVED & set(checks) - seen
        seen |= found
        for check in sorted(found):
            hint = f"write another name, as {check}-check: [[waive]] has this word for something else"
            yield error(path, f'{title}: no check can be named "{check}"', hint, check)


def _check_lists(promotions: Sequence[Promotion]) -> Iterator[tuple[Path, str, tuple[str, ...]]]:
    """The checks of each promotion, with their path and their title."""
    for index, promotion in enumerate(promotions):
        yield ("promotion", index, "checks"), f'checks of promotion "{promotion.name}"', promotion.checks


def _same_but_for_case(promotions: Sequence[Promotion]) -> Iterator[Diagnostic]:
    """Checks and approvals whose names differ only in upper and lower case: people take them for the same."""
    seen: dict[str, str] = {}
    for path, namespace in _namespaces(promotions):
        other = seen.setdefault(namespace.casefold(), namespace)
        if other != namespace:
            key, _, name = namespace.partition("-")
            message = f'{key} "{name}" differs from "{other.partition("-")[2]}" only in upper and lower case'
            yield error(path, message, "write both names in the same way", name)


def _namespaces(promotions: Iterable[Promotion]) -> Iterator[tuple[Path, str]]:
    for index, promotion in enumerate(promotions):
        for check in promotion.checks:
            yield ("promotion", index, "checks"), check_namespace(check)
        if promotion.approval_namespace:
            yield ("promotion", index, "approval"), promotion.approval_namespace
