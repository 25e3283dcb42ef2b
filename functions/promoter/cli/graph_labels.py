"""What a promotion requires, in the fewest words, for the drawings of the hops."""

from collections.abc import Iterator

from promoter.rules.answer_conditions import Approved, CheckPassed
from promoter.rules.conditions import InRange, NoPrerelease, Soaked
from promoter.rules.reasons import Condition
from promoter.rules.rule_set import Promotion
from promoter.times import format_duration


def promotion_label(promotion: Promotion) -> str:
    """The name of a promotion and its requirements: `web-to-staging: npm ^1.4, soak 24h`."""
    required = requirements(promotion)
    return f"{promotion.name}: {required}" if required else promotion.name


def requirements(promotion: Promotion) -> str:
    """The requirements of a promotion: `npm ^1.4, soak 24h`."""
    return ", ".join(_requirements(promotion))


def _requirements(promotion: Promotion) -> Iterator[str]:
    if promotion.mode != "enforce":
        yield promotion.mode
    if promotion.selects_by_origin:
        yield f"{promotion.origin} only"
    for condition in promotion.conditions:
        yield from _requirements_of(condition)
    if not any(isinstance(condition, NoPrerelease) for condition in promotion.conditions):
        yield "prereleases too"


def _requirements_of(condition: Condition) -> Iterator[str]:
    if isinstance(condition, InRange):
        yield from (f"{format_} {range_.text}" for format_, range_ in condition.ranges.items())
    elif isinstance(condition, Soaked):
        yield f"soak {format_duration(condition.seconds)}"
    elif isinstance(condition, CheckPassed):
        yield f"check {condition.name}"
    elif isinstance(condition, Approved):
        yield "approval"
