"""brackets: the interval syntax of Maven and NuGet."""

import pytest

from promoter.versions.bounds import Bound, Interval
from promoter.versions.brackets import read_interval
from promoter.versions.errors import RangeError


def read(text: str) -> Interval:
    return read_interval(text, "a range", int, lambda low: int(low.removesuffix("*")))


@pytest.mark.parametrize(
    ("text", "interval"),
    [
        ("[1]", (Bound("=", 1),)),
        ("[1,2]", (Bound(">=", 1), Bound("<=", 2))),
        ("(1,2)", (Bound(">", 1), Bound("<", 2))),
        ("[1, 2)", (Bound(">=", 1), Bound("<", 2))),
        ("[1,1]", (Bound(">=", 1), Bound("<=", 1))),
        ("[1*,2)", (Bound(">=", 1), Bound("<", 2))),
        ("[1,)", (Bound(">=", 1),)),
        ("(,2]", (Bound("<=", 2),)),
        ("(,)", ()),
    ],
)
def test_an_interval_is_read_into_its_bounds(text: str, interval: Interval) -> None:
    assert read(text) == interval


@pytest.mark.parametrize(
    ("text", "detail"),
    [
        ("[1,2,3]", ""),
        ("[1", ""),
        ("1", ""),
        ("(1)", "a single version needs square brackets"),
        ("[1)", "a single version needs square brackets"),
        ("[2,1]", "the first version must be lower than the second"),
        ("[1,1)", "the first version must be lower than the second"),
        ("(1,1]", "the first version must be lower than the second"),
    ],
)
def test_a_wrong_interval_is_an_error(text: str, detail: str) -> None:
    with pytest.raises(RangeError) as error:
        read(text)

    assert (error.value.expected, error.value.detail) == ("a range", detail)
