"""The text of a mail: what happened, what to do next, and where to read more."""

from collections.abc import Sequence

from promoter.copying.results import NPM_LATEST, AssetDifference, BadAnswer, Outcome, OutcomeKind, Result
from promoter.printable import escape_unprintable
from promoter.reporting.next_steps import BAD_ANSWER, commands, decisive_code, docs_link, next_step
from promoter.reporting.notifications import Notification
from promoter.rules.decision import Decision
from promoter.rules.reasons import Reason
from promoter.rules.vocabulary import NotificationKind, ReasonCode, Verdict

_MAX_SUBJECT = 99  # SNS: fewer than 100 characters, ASCII, no control character
_MAX_SHOWN = 20  # versions, and assets of a version; the rest is counted
_UNNAMED = frozenset({ReasonCode.APPROVAL, ReasonCode.MANUAL, ReasonCode.SOAK})
_HEADLINES: dict[NotificationKind, str] = {
    "failed": "{} not promoted",
    "approval": "{} held",
    "extended": "{} extended",
    "promoted": "{} promoted",
    "rejected": "{} rejected",
}


def subject(notifications: Sequence[Notification], domain: str, bad_answers: Sequence[BadAnswer] = ()) -> str:
    """One line of printable ASCII, shorter than the 100 characters of SNS."""
    if not notifications:
        answers = f"{len(bad_answers)} answer{'s' * (len(bad_answers) != 1)}"
        line = f"[{domain}] {answers} cannot be used: {bad_answers[0].namespace}"
        return escape_unprintable(line)[:_MAX_SUBJECT]
    first = notifications[0]
    count = sum(_headline(each) == _headline(first) for each in notifications)
    more = f" and {len(notifications) - 1} more" if len(notifications) > 1 else ""
    line = f"[{domain}] {_headline(first).format(count)}: {_movement(first.result)}"
    return escape_unprintable(line)[: _MAX_SUBJECT - len(more)] + more


def _headline(notification: Notification) -> str:
    outcome = notification.result.outcome
    if outcome is not None and outcome.code == NPM_LATEST:
        return "{} without the tag latest"
    if outcome is not None and outcome.kind is OutcomeKind.EXPIRED:
        return "{} expired"
    return _HEADLINES[notification.kind]


def text(
    notifications: Sequence[Notification],
    results: Sequence[Result],
    ruleset: str,
    request_id: str,
    bad_answers: Sequence[BadAnswer] = (),
) -> str:
    """The whole mail in printable ASCII. `results` are all results of the batch."""
    paragraphs = [
        *_versions(notifications),
        *_bad_answers(bad_answers),
        *_others(notifications, results),
        *_next_steps(notifications, bad_answers),
        _footer(notifications, ruleset, request_id),
    ]
    return "\n\n".join(escape_unprintable(paragraph, keep="\n") for paragraph in paragraphs) + "\n"


def _versions(notifications: Sequence[Notification]) -> list[str]:
    shown = [_paragraph(each.result) for each in notifications[:_MAX_SHOWN]]
    if len(notifications) > _MAX_SHOWN:
        shown.append(f"and {len(notifications) - _MAX_SHOWN} more; the decision log has them all.")
    return shown


def _others(notifications: Sequence[Notification], results: Sequence[Result]) -> list[str]:
    """How many versions of the batch were promoted besides those in the mail."""
    in_mail = {each.result.key for each in notifications}
    promoted = sum(each.copied and not each.duplicate and each.key not in in_mail for each in results)
    if not promoted:
        return []
    plural = "version was" if promoted == 1 else "versions were"
    return [f"{promoted} other {plural} promoted in this batch."]


def _bad_answers(bad_answers: Sequence[BadAnswer]) -> list[str]:
    shown = [
        f"The answer {each.version} of {each.namespace}/{each.package} cannot be used:\n  {each.problem}"
        for each in bad_answers[:_MAX_SHOWN]
    ]
    if len(bad_answers) > _MAX_SHOWN:
        shown.append(f"and {len(bad_answers) - _MAX_SHOWN} more answers.")
    return shown


def _next_steps(notifications: Sequence[Notification], bad_answers: Sequence[BadAnswer]) -> list[str]:
    by_code: dict[str, list[Notification]] = {BAD_ANSWER: []} if bad_answers else {}
    for each in notifications:
        by_code.setdefault(decisive_code(each.result), []).append(each)
    return [_next_step(code, members) for code, members in by_code.items() if code]


def _next_step(code: str, notifications: Sequence[Notification]) -> str:
    decisions = (each.result.decision for each in notifications[:_MAX_SHOWN])
    typed = [f"  $ {command}" for decision in decisions if decision for command in commands(decision)]
    return "\n".join([next_step(code), *typed, f"About this code: {docs_link(code)}"])


def _footer(notifications: Sequence[Notification], ruleset: str, request_id: str) -> str:
    promotions = ", ".join(dict.fromkeys(each.result.promotion.name for each in notifications))
    named = f"Promotion {promotions}, rules" if promotions else "Rules"
    return f"{named} {ruleset}, request {request_id}"


def _movement(result: Result) -> str:
    candidate = result.candidate
    return f"{candidate.package.title} {candidate.version} -> {result.promotion.destination}"


def _paragraph(result: Result) -> str:
    candidate, hop = result.candidate, result.promotion.hop
    name = f"{candidate.package.title} {candidate.version} ({candidate.package.format})"
    if result.outcome is not None:
        return _outcome_paragraph(name, result.outcome, hop.destination, hop.source)
    assert result.decision is not None  # a result without an outcome has a decision
    verb = "was rejected" if result.decision.verdict is Verdict.REJECT else "is held"
    return f"{name} {verb} on the way from {hop.source} to {hop.destination}:\n{_unmet(result.decision)}"


def _unmet(decision: Decision) -> str:
    return "\n".join(f"  {_label(each)}{each.marked_text}" for each in decision.reasons if not each.met)


def _label(reason: Reason) -> str:
    """The name of a condition whose sentence does not name it."""
    return f"{reason.code} " if reason.name else f"{reason.code}: " if reason.code in _UNNAMED else ""


def _outcome_paragraph(name: str, outcome: Outcome, destination: str, source: str) -> str:
    if outcome.code == NPM_LATEST:
        return f"{name} is in {destination}, but without the tag latest:\n  {outcome.text}"
    if outcome.kind == "copied":
        verb = "got more files in" if outcome.extended else "was promoted to"
        return f"{name} {verb} {destination}."
    if outcome.kind is OutcomeKind.EXPIRED:
        return f"{name} is no longer decided for {destination}: {outcome.text}."
    if outcome.only_added:
        added = "\n".join(f"  {each.name}" for each in outcome.differences[:_MAX_SHOWN])
        return f"Files were added to {name} in {source} after it was promoted:\n{added}\n{destination} keeps its files."
    if outcome.differences:
        files = _differences(outcome.differences, destination, source)
        return f"{destination} already has {name} with different files:\n{files}\nNothing was changed."
    return f"{name} was not copied to {destination}: {outcome.code}\n  {outcome.text}"


def _differences(differences: Sequence[AssetDifference], destination: str, source: str) -> str:
    shown = differences[:_MAX_SHOWN]
    width = max(len(each.name) for each in shown)
    lines = [
        f"  {each.name:<{width}}   {destination} {_hash(each.destination)}   {source} {_hash(each.source)}"
        for each in shown
    ]
    if len(differences) > _MAX_SHOWN:
        lines.append(f"  and {len(differences) - _MAX_SHOWN} more")
    return "\n".join(lines)


def _hash(sha256: str) -> str:
    return f"sha256 {sha256[:12]}..." if sha256 else "missing"
