"""hop_scopes: the hops that a hold or a window is about."""

import pytest

from promoter.rules_file.diagnostics import Collector
from promoter.rules_file.file_format import WindowEntry
from promoter.rules_file.hop_scopes import check_scope
from promoter.rules_file.table_reader import TablePlace
from tests.support.samples import promotion, rules

PROMOTIONS = rules(promotion("up", "dev -> staging"), promotion("on", "staging -> prod")).promotions


def wrong(source: str | None, destination: str | None) -> list[str]:
    out = Collector()
    entry = WindowEntry("Mon 08:00-16:00 UTC", source, destination)
    check_scope(entry, TablePlace(("window", 0), "window 1"), PROMOTIONS, out)
    return [f"{each.message}; {each.hint}" for each in out.all]


@pytest.mark.parametrize(
    ("source", "destination"),
    [(None, None), ("dev", None), (None, "prod"), ("dev", "staging"), ("staging", "prod")],
)
def test_a_hop_of_a_promotion_is_known(source: str | None, destination: str | None) -> None:
    assert wrong(source, destination) == []


@pytest.mark.parametrize(
    ("source", "destination", "message"),
    [
        (
            "prod",
            None,
            'from "prod" of window 1: no promotion goes from this repository; known: dev, staging',
        ),
        (
            None,
            "stagin",
            'to "stagin" of window 1: no promotion goes to this repository; did you mean "staging"?',
        ),
        (
            "dev",
            "prod",
            "window 1: no promotion goes from dev to prod; known hops: dev -> staging, staging -> prod; "
            'remove "from" for every hop to prod',
        ),
    ],
)
def test_another_hop_is_an_error(source: str | None, destination: str | None, message: str) -> None:
    assert wrong(source, destination) == [message]
