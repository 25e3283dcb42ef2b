"""The text of a mail: what happened, what to do next, and where to read more."""

from collections import Counter
from collections.abc import Sequence

from msgspec import Struct

from promoter.copying.results import NPM_LATEST, BadAnswer, OutcomeKind, Result
from promoter.printable import escape_unprintable
from promoter.reporting.mail_paragraphs import MAX_SHOWN, paragraph, short_reason
from promoter.reporting.next_steps import (
    BAD_ANSWER,
    decisive_code,
    heading,
    next_commands,
    next_step,
    pending_command,
)
from promoter.reporting.notifications import Notification
from promoter.reporting.place import Place
from promoter.reporting.plain_text import table, wrap
from promoter.rules.vocabulary import NotificationKind
from promoter.times import format_time

_MAX_SUBJECT = 99  # SNS: fewer than 100 characters, ASCII, no control character
_MAX_COMMANDS, _MAX_DETAILS = 6, 5  # for each code
_MAX_COMMAND = 1000  # characters; a longer one names a package that no client takes
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


class Letter(Struct, frozen=True):
    """What a mail is about: the notifications, all results of the batch, and where and when it was decided.

    `now` is UTC seconds since the epoch.
    """

    notifications: Sequence[Notification]
    results: Sequence[Result]
    domain: str
    ruleset: str
    request_id: str
    place: Place
    now: float
    bad_answers: Sequence[BadAnswer] = ()


def text(letter: Letter) -> str:
    """The whole mail in printable ASCII, 72 columns wide. Several versions at once are a table."""
    paragraphs = [
        *_versions(letter.notifications),
        *_bad_answers(letter.bad_answers),
        *_others(letter.notifications, letter.results),
        *_next_steps(letter),
        _footer(letter),
    ]
    return "\n\n".join(wrap(escape_unprintable(each, keep="\n")) for each in paragraphs) + "\n"


def _versions(notifications: Sequence[Notification]) -> list[str]:
    shown = notifications[:MAX_SHOWN]
    if len(shown) == 1:
        return [paragraph(shown[0].result)]
    totals = Counter(map(_headline, notifications))
    groups = _by_headline(shown).items()
    tables = [_table(headline.format(totals[headline]), members) for headline, members in groups]
    if len(notifications) > MAX_SHOWN:
        tables.append(f"and {len(notifications) - MAX_SHOWN} more; the decision log has them all.")
    return tables


def _by_headline(notifications: Sequence[Notification]) -> dict[str, list[Result]]:
    groups: dict[str, list[Result]] = {}
    for each in notifications:
        groups.setdefault(_headline(each), []).append(each.result)
    return groups


def _table(title: str, results: Sequence[Result]) -> str:
    rows = [[escape_unprintable(cell) for cell in _row(each)] for each in results]
    return "\n".join([f"{title}:", *table(rows)])


def _row(result: Result) -> tuple[str, ...]:
    candidate, hop = result.candidate, result.promotion.hop
    name = f"{candidate.package.title} {candidate.version}"
    return candidate.package.format, name, f"{hop.source} -> {hop.destination}", short_reason(result)


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
        for each in bad_answers[:MAX_SHOWN]
    ]
    if len(bad_answers) > MAX_SHOWN:
        shown.append(f"and {len(bad_answers) - MAX_SHOWN} more answers.")
    return shown


def _next_steps(letter: Letter) -> list[str]:
    by_code: dict[str, list[Result]] = {BAD_ANSWER: []} if letter.bad_answers else {}
    for each in letter.notifications:
        by_code.setdefault(decisive_code(each.result), []).append(each.result)
    return [_next_step(code, members, letter) for code, members in by_code.items() if code]


def _next_step(code: str, results: Sequence[Result], letter: Letter) -> str:
    commands = (command for each in results for command in next_commands(each, letter.domain, letter.place))
    typed = dict.fromkeys(each for each in commands if len(escape_unprintable(each)) <= _MAX_COMMAND)
    if code == BAD_ANSWER:
        typed = {pending_command(letter.place): None}
    lines = [
        *(_why(code, results) if len(letter.notifications) > 1 else []),
        next_step(code),
        *(f"  $ {command}" for command in list(typed)[:_MAX_COMMANDS]),
        *([f"  and {len(typed) - _MAX_COMMANDS} more such commands"] if len(typed) > _MAX_COMMANDS else []),
        f"About this code: {letter.place.link('reasons', heading(code))}",
    ]
    return "\n".join(lines)


def _why(code: str, results: Sequence[Result]) -> list[str]:
    """The code, and what else a paragraph about each version would say: each line once."""
    details = {line: None for each in results for line in paragraph(each).split("\n")[1:] if line[:2] == "  "}
    rest = len(details) - _MAX_DETAILS
    return [
        f"{code}:",
        *list(details)[:_MAX_DETAILS],
        *([f"  and {rest} more such lines"] if rest > 0 else []),
    ]


def _footer(letter: Letter) -> str:
    promotions = ", ".join(dict.fromkeys(each.result.promotion.name for each in letter.notifications))
    named = f"Promotion {promotions}, rules" if promotions else "Rules"
    place, minute = letter.place, format_time(int(letter.now))[:16].replace("T", " ") + " UTC"
    where = f"Domain {letter.domain}, {place.region}, account {place.account}, {minute}"
    return f"{where}\n{named} {letter.ruleset}\nRequest {letter.request_id}"


def _movement(result: Result) -> str:
    candidate = result.candidate
    return f"{candidate.package.title} {candidate.version} -> {result.promotion.destination}"
