"""errors: their attributes, and the sentence that they print."""

import pytest

from promoter.versions.errors import RangeError, RangeLengthError


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (RangeError("an npm range", text="latest"), '"latest" is not an npm range'),
        (RangeError("an npm range", ">=1 <2", text="[1,2)"), '"[1,2)" is not an npm range; write ">=1 <2"'),
        (
            RangeError("a Maven range", "[1]", detail="a single version needs square brackets", text="(1)"),
            '"(1)" is not a Maven range: a single version needs square brackets; write "[1]"',
        ),
        (RangeLengthError("a range cannot be empty"), "a range cannot be empty"),
        (
            RangeLengthError("a range cannot be empty", "leave it out"),
            "a range cannot be empty; leave it out",
        ),
    ],
)
def test_an_error_prints_one_sentence(error: ValueError, sentence: str) -> None:
    assert str(error) == sentence
