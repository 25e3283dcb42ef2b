"""vocabulary: the order of verdicts, and the values that the rules file takes from here."""

from typing import get_args

from promoter.packages.package import FORMATS
from promoter.rules.vocabulary import DEFAULT_NOTIFICATIONS, Format, NotificationKind, Verdict


def test_the_worst_verdict_decides() -> None:
    assert max(Verdict.WAIT, Verdict.PROMOTE) is Verdict.WAIT
    assert max(Verdict.WAIT, Verdict.HOLD) is Verdict.HOLD
    assert max(Verdict.HOLD, Verdict.REJECT) is Verdict.REJECT


def test_the_rules_know_every_package_format() -> None:
    assert set(get_args(Format)) == set(FORMATS)


def test_everything_that_needs_a_person_is_notified_by_default() -> None:
    assert set(get_args(NotificationKind)) - set(DEFAULT_NOTIFICATIONS) == {"promoted", "rejected"}
