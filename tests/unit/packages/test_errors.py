"""errors: a pattern error has a problem and a hint, and prints both as one sentence."""

from promoter.packages.errors import PatternError


def test_an_error_prints_its_problem_and_its_hint() -> None:
    error = PatternError('"lodash" is not a Package URL', "write pkg:npm/lodash")

    assert (error.problem, error.hint) == ('"lodash" is not a Package URL', "write pkg:npm/lodash")
    assert str(error) == '"lodash" is not a Package URL; write pkg:npm/lodash'


def test_an_error_without_a_hint_prints_its_problem() -> None:
    assert str(PatternError("it is wrong")) == "it is wrong"


def test_the_suggestions_are_the_hint_if_there_is_no_other() -> None:
    assert PatternError("it is wrong", suggestions=["a", "b"]).hint == "write a and b"
    assert PatternError("it is wrong", "write b, for all", ["b"]).hint == "write b, for all"
