"""advice: warnings about a valid file that depend on the time, or on what its author probably meant."""

import pytest

from promoter.rules_file.advice import advise
from promoter.rules_file.reader import load
from tests.support.samples import MORNING, promotion, rules_text

DAY = 86_400
END = "2026-01-02T03:04:05Z"  # the morning
HOLD = '[[hold]]\npackage = "pkg:npm/@acme/widget"\nreason = "no"\n'


def waive(package: str = "pkg:npm/@acme/widget", until: str = END) -> str:
    conditions = 'conditions = ["versions"]\nreason = "fix"'
    return f'[[waive]]\npackage = "{package}"\n{conditions}\nuntil = {until}\n'


def advice(*tables: str, now: float = 0) -> list[str]:
    source = rules_text(*tables)
    return [each.message for each in advise(source, load(source).rule_set, now)]


@pytest.mark.parametrize(
    ("now", "text"),
    [
        (MORNING - 14 * DAY - 1, None),
        (MORNING - 14 * DAY, f"ends at {END}, in 14d"),
        (MORNING - 60, f"ends at {END}, in 1m"),
        (MORNING, f"ended at {END}"),
        (MORNING + 365 * DAY, f"ended at {END}"),
    ],
)
def test_what_has_ended_or_ends_soon_is_told(now: float, text: str | None) -> None:
    expected = [f"hold 1 {text}", f"waiver 1 {text}"] if text else []

    assert advice(promotion(), f"{HOLD}until = {END}\n", waive(), now=now) == expected


def test_a_hold_without_an_end_never_ends() -> None:
    assert advice(promotion(), HOLD, now=MORNING) == []


def test_loading_never_looks_at_the_clock() -> None:
    text = rules_text(
        promotion(), f"{HOLD}until = {END}\n", waive(), promotion("b", "dev -> test", soak="1h")
    )

    assert load(text).warnings == ()


@pytest.mark.parametrize(
    ("package", "selected"),
    [
        ("pkg:npm/@acme/widget", True),
        ("pkg:npm/@acme/widget@1.0.0", True),
        ("pkg:npm/@acme/*", True),
        ("pkg:npm/**", True),
        ("pkg:**", True),
        ("/npm/acme/*", True),
        ("/maven/com.acme~", True),
        ("pkg:maven/com.acme.web/core", True),
        ("pkg:npm/@acme/gadget", False),
        ("pkg:npm/@other/*", False),
        ("pkg:npm/widget", False),
        ("pkg:pypi/**", False),
        ("pkg:maven/com.acmesoft/core", False),
    ],
)
def test_a_waiver_of_packages_that_no_promotion_selects_is_told(package: str, selected: bool) -> None:
    select = promotion(packages=["pkg:npm/@acme/w*", "/maven/com.acme~"], mode="observe")
    pattern = package.partition("@1.0")[0]
    expected = [] if selected else [f'waiver 1: no promotion selects "{pattern}"']

    assert advice(select, waive(package)) == expected


@pytest.mark.parametrize(
    ("keys", "waits"),
    [
        ({"soak": "1h"}, "soak"),
        ({"checks": ["sca"]}, "checks"),
        ({"approval": True}, "a person"),
        ({"mode": "manual"}, "a person"),
        ({"soak": "1h", "checks": ["sca"], "approval": "leads"}, "soak, checks, a person"),
    ],
)
def test_npm_packages_that_wait_need_to_know_what_latest_does(keys: dict[str, object], waits: str) -> None:
    expected = [f'promotion "web" lets npm packages wait ({waits}), but has no npm-latest']

    assert advice(promotion("web", **keys)) == expected
    assert advice(promotion("web", packages=["pkg:**"], **keys)) == expected
    assert advice(promotion("web", npm_latest="highest", **keys)) == []
    assert advice(promotion("web", npm_latest="as-copied", **keys)) == []
    assert advice(promotion("web", packages=["pkg:pypi/acme-*"], **keys)) == []
    assert advice('[defaults]\nnpm-latest = "highest"\n', promotion("web", **keys)) == []


def test_what_only_observes_or_never_waits_needs_not() -> None:
    assert advice(promotion(soak="1h", mode="observe")) == []
    assert advice(promotion(soak="0h")) == []


def test_a_window_lets_the_packages_of_its_hop_wait() -> None:
    window = '[[window]]\nto = "prod"\nallow = "Mon 08:00-16:00 UTC"\n'

    assert advice(promotion("up"), promotion("on", "staging -> prod"), window) == [
        'promotion "on" lets npm packages wait (window), but has no npm-latest'
    ]
