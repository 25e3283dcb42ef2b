"""promotions: `[[promotion]]` and `[defaults]`."""

import pytest

from promoter.rules.answer_conditions import Approved, ManuallyRequested
from promoter.rules.conditions import InRange, NoPrerelease, NotExcluded, Soaked
from promoter.rules.evidence import Question
from promoter.rules.rule_set import Promotion
from promoter.rules.vocabulary import Hop
from promoter.rules_file.diagnostics import Collector
from promoter.rules_file.promotions import read_defaults, read_promotion

SMALLEST = {"name": "web", "from": "dev", "to": "staging", "packages": ["pkg:npm/@acme/*"]}


def read(table: object, defaults: dict[str, object] | None = None) -> tuple[Promotion, list[str]]:
    out = Collector()
    promotion = read_promotion(table, 0, read_defaults(defaults or {}, out), {}, out)  # type: ignore[arg-type]
    return promotion, [each.message for each in out.all]


def test_every_key_of_a_promotion_is_read() -> None:
    promotion, wrong = read(
        {
            **SMALLEST,
            "origin": "internal",
            "mode": "observe",
            "on-conflict": "extend",
            "include-from-upstream": True,
            "notify": ["failed", "promoted"],
        }
    )

    assert wrong == []
    assert (promotion.name, promotion.source, promotion.destination) == ("web", "dev", "staging")
    assert [pattern.text for pattern in promotion.packages] == ["pkg:npm/@acme/*"]
    assert (promotion.origin, promotion.mode, promotion.on_conflict) == ("internal", "observe", "extend")
    assert promotion.include_from_upstream
    assert promotion.notify == {"failed", "promoted"}


def test_a_key_that_is_left_out_has_its_safe_value() -> None:
    promotion, _ = read(SMALLEST)

    assert promotion.conditions == (NoPrerelease(),)
    assert (promotion.mode, promotion.on_conflict) == ("enforce", "fail")
    assert not promotion.include_from_upstream
    assert promotion.notify == {"failed", "approval", "extended"}


@pytest.mark.parametrize("days", [31, 3650])
def test_a_soak_may_be_longer_than_a_month(days: int) -> None:
    promotion, wrong = read({**SMALLEST, "prereleases": True, "soak": f"{days}d"})

    assert (wrong, promotion.conditions) == ([], (Soaked(days * 86400),))


@pytest.mark.parametrize(
    ("keys", "condition"),
    [
        ({"exclude": ["pkg:npm/@acme/x"]}, NotExcluded),
        ({"versions": "^1"}, InRange),
        ({"soak": "24h"}, Soaked),
        ({"approval": True}, Approved),
        ({"mode": "manual"}, ManuallyRequested),
    ],
)
def test_a_key_adds_its_condition(keys: dict[str, object], condition: type) -> None:
    promotion, wrong = read({**SMALLEST, "prereleases": True, **keys})

    assert wrong == []
    assert [type(each) for each in promotion.conditions] == [condition]


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("30m", 1800),
        ("24h", 86400),
        ("2w", 14 * 86400),
        ("1d12h30m", 131400),
        ("0h", 0),
    ],
)
def test_a_soak_is_read_into_seconds(text: str, seconds: float) -> None:
    promotion, _ = read({**SMALLEST, "prereleases": True, "soak": text})

    assert promotion.conditions == ((Soaked(seconds),) if seconds else ())


def test_a_promotion_inherits_defaults_and_overrides_them() -> None:
    defaults = {"soak": "24h", "approval": True, "prereleases": True}

    inherited, _ = read(SMALLEST, defaults)
    overridden, _ = read({**SMALLEST, "soak": "0h", "approval": False}, defaults)

    question = Question("approval", Hop("dev", "staging"))
    assert inherited.conditions == (Soaked(86400), Approved(question, "web"))
    assert (inherited.approval_namespace, overridden.approval_namespace) == ("approval", "")
    assert overridden.conditions == ()


def test_packages_may_come_from_the_defaults() -> None:
    own = {key: value for key, value in SMALLEST.items() if key != "packages"}

    promotion, wrong = read(own, {"packages": ["pkg:pypi/acme-*"]})

    assert wrong == []
    assert [pattern.text for pattern in promotion.packages] == ["pkg:pypi/acme-*"]


def test_a_mistake_does_not_hide_the_other_mistakes_of_the_promotion() -> None:
    promotion, wrong = read({"name": "web", "from": 3, "packages": ["pkg:nmp/a", "pkg:npm/a"], "soak": "x"})

    assert wrong == [
        'promotion "web" has no "to"',
        'from 3 of promotion "web" must be a string, not an integer',
        'soak "x" of promotion "web" is not a duration',
        'packages of promotion "web": "pkg:nmp/a" has an unknown type "nmp"',
    ]
    assert [pattern.text for pattern in promotion.packages] == ["pkg:npm/a"]


def test_what_is_not_a_table_is_a_blank_promotion() -> None:
    promotion, wrong = read(None)

    assert wrong == []
    assert (promotion.name, promotion.source, promotion.packages) == ("#1", "", ())
