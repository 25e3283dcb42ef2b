"""Warnings about a valid rules file that depend on the time, or on what its author probably meant."""

import tomllib
from collections.abc import Iterator

from promoter.packages.patterns import Pattern
from promoter.rules.conditions import Soaked
from promoter.rules.rule_set import Promotion, RuleSet
from promoter.rules_file.diagnostics import Diagnostic, Path, warning
from promoter.times import format_duration, format_time

_SOON = 14 * 86400


def advise(source: str, rule_set: RuleSet, now: float) -> list[Diagnostic]:
    """Warn about the rules at `now` (UTC seconds since the epoch). `source` is the text that they were read from."""
    return [
        *_endings(rule_set, now),
        *_waivers_without_packages(rule_set),
        *_latest_stays_behind(source, rule_set),
    ]


def _endings(rule_set: RuleSet, now: float) -> Iterator[Diagnostic]:
    """Holds and waivers that have ended, or that end soon."""
    for index, hold in enumerate(rule_set.holds):
        if hold.until is not None:
            yield from _ending(("hold", index, "until"), f"hold {index + 1}", hold.until, now)
    for index, waiver in enumerate(rule_set.waivers):
        yield from _ending(("waive", index, "until"), f"waiver {index + 1}", waiver.until, now)


def _ending(path: Path, title: str, until: float, now: float) -> Iterator[Diagnostic]:
    end = format_time(until)
    if until <= now:
        yield warning(path, f"{title} ended at {end}", "remove it, or write a later until")
    elif until - now <= _SOON:
        message = f"{title} ends at {end}, in {format_duration(until - now)}"
        yield warning(path, message, "write a later until, if it is still needed then")


def _waivers_without_packages(rule_set: RuleSet) -> Iterator[Diagnostic]:
    patterns = {pattern for promotion in rule_set.promotions for pattern in promotion.packages}
    for index, waiver in enumerate(rule_set.waivers):
        if not any(_may_overlap(waiver.pattern, pattern) for pattern in patterns):
            message = f'waiver {index + 1}: no promotion selects "{waiver.pattern.text}"'
            yield warning(("waive", index, "package"), message, "correct its package, or remove it")


def _may_overlap(one: Pattern, other: Pattern) -> bool:
    """False if no package matches both patterns; True if one may."""
    if one.whole or other.whole:
        return other.matches(one.prefix) if one.whole else one.matches(other.prefix)
    return one.prefix.startswith(other.prefix) or other.prefix.startswith(one.prefix)


def _latest_stays_behind(source: str, rule_set: RuleSet) -> Iterator[Diagnostic]:
    """Promotions whose npm packages wait: a tag that points at a version does not wait for it."""
    tree = tomllib.loads(source)
    if "npm-latest" in tree.get("defaults", {}):
        return
    for index, promotion in enumerate(rule_set.promotions):
        reasons = _waits(promotion, rule_set)
        if reasons and _copies_npm(promotion) and "npm-latest" not in tree["promotion"][index]:
            message = f'promotion "{promotion.name}" lets npm packages wait ({", ".join(reasons)})'
            hint = 'add npm-latest = "highest": a version that waited arrives without the tag latest'
            yield warning(("promotion", index), f"{message}, but has no npm-latest", hint)


def _copies_npm(promotion: Promotion) -> bool:
    return promotion.mode != "observe" and any(each.format in ("", "npm") for each in promotion.packages)


def _waits(promotion: Promotion, rule_set: RuleSet) -> list[str]:
    """The words for what versions of a promotion wait for."""
    found = {
        "soak": any(isinstance(condition, Soaked) for condition in promotion.conditions),
        "window": any(window.applies(promotion.hop) for window in rule_set.windows),
        "checks": bool(promotion.checks),
        "a person": bool(promotion.approval_namespace),
    }
    return [word for word, waits in found.items() if waits]
