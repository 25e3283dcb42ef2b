"""The mail that a person gets: what happened, what to do, and where to read on."""

from collections.abc import Sequence

from promoter.copying.results import OutcomeKind, Result
from promoter.reporting.next_steps import decisive_code, docs_link, next_step
from promoter.rules.vocabulary import NotificationKind, Verdict

_MOST_SUBJECT = 99  # SNS: fewer than 100 characters, ASCII, no control character
_SHOWN = 20  # versions, and assets of a version; more are counted
_HEADS: dict[NotificationKind, str] = {
    "failed": "{} not promoted",
    "approval": "{} held back",
    "extended": "{} extended",
    "promoted": "{} promoted",
    "rejected": "{} rejected",
}

Told = Sequence[tuple[NotificationKind, Result]]


def subject(told: Told, domain: str) -> str:
    """One line of printable ASCII, shorter than SNS' limit of 100 characters."""
    kind, first = told[0]
    count = sum(each is kind for each, _ in told)
    more = f" and {len(told) - 1} more" if len(told) > 1 else ""
    line = f"[{domain}] {_HEADS[kind].format(count)}: {_line(first)}"
    return escape_unprintable(line)[: _MOST_SUBJECT - len(more)] + more


def text(told: Told, results: Sequence[Result], digest: str, request_id: str) -> str:
    """The whole mail, in printable ASCII."""
    shown = [_paragraph(result) for _, result in told[:_SHOWN]]
    if len(told) > _SHOWN:
        shown.append(f"and {len(told) - _SHOWN} more; the decision log has them all.")
    here = {id(result) for _, result in told}
    promoted = sum(
        each.outcome is not None
        and each.outcome.kind is OutcomeKind.COPIED
        and not each.duplicate
        and id(each) not in here
        for each in results
    )
    if promoted:
        shown.append(
            f"{promoted} other version{'s' * (promoted != 1)} of this batch {_were(promoted)} promoted."
        )
    codes = dict.fromkeys(code for _, result in told if (code := decisive_code(result)))
    shown.extend(f"{next_step(code)}\nWhat this code means: {docs_link(code)}" for code in codes)
    promotions = ", ".join(dict.fromkeys(result.decision.promotion.name for _, result in told))
    shown.append(f"Promotion {promotions}, rules {digest}, request {request_id}")
    return "\n\n".join(escape_unprintable(paragraph, keep="\n") for paragraph in shown) + "\n"


def escape_unprintable(line: str, keep: str = "") -> str:
    """The text with everything but printable ASCII escaped: names are data, and may be hostile."""
    return "".join(
        each if " " <= each <= "~" or each in keep else each.encode("unicode_escape").decode()
        for each in line
    )


def _line(result: Result) -> str:
    candidate = result.decision.candidate
    return f"{candidate.package.title} {candidate.version} -> {result.decision.promotion.destination}"


def _paragraph(result: Result) -> str:
    decision = result.decision
    candidate, promotion = decision.candidate, decision.promotion
    name = f"{candidate.package.title} {candidate.version} ({candidate.package.format})"
    if result.outcome is None:
        reasons = "\n".join(f"  {each.text}" for each in decision.reasons if not each.met)
        word = "was rejected" if decision.verdict is Verdict.REJECT else "is held back"
        return f"{name} {word} on its way from {promotion.source} to {promotion.destination}:\n{reasons}"
    if result.outcome.kind is OutcomeKind.COPIED:
        verb = "got further files in" if result.outcome.extended else "was promoted to"
        return f"{name} {verb} {promotion.destination}."
    if result.outcome.differences:
        return f"{promotion.destination} already holds {name} with other contents:\n{_differences(result)}"
    return f"{name} was not copied to {promotion.destination}: {result.outcome.code}\n  {result.outcome.text}"


def _differences(result: Result) -> str:
    assert result.outcome is not None
    differences = result.outcome.differences
    width = max(len(each.name) for each in differences[:_SHOWN])
    lines = [
        f"  {each.name:<{width}}   there {_hash(each.destination)}   here {_hash(each.source)}"
        for each in differences[:_SHOWN]
    ]
    if len(differences) > _SHOWN:
        lines.append(f"  and {len(differences) - _SHOWN} more")
    return "\n".join([*lines, "Nothing was changed."])


def _hash(sha256: str) -> str:
    return f"sha256 {sha256[:12]}..." if sha256 else "missing"


def _were(count: int) -> str:
    return "was" if count == 1 else "were"
