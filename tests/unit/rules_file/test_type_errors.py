"""wording: a value that is not of its key's type, said in the words of TOML."""

import pytest

from promoter.rules.vocabulary import Mode, NotificationKind
from promoter.rules_file.type_errors import nearest, type_error


@pytest.mark.parametrize(
    ("word", "known", "said"),
    [
        ("exlude", ["exclude", "packages"], 'did you mean "exclude"?'),
        ("zzz", ["b", "a"], "known: a, b"),
    ],
)
def test_the_nearest_known_word_is_proposed_or_all_are_named(word: str, known: list[str], said: str) -> None:
    assert nearest(word, known) == said


def test_a_word_that_is_no_choice_is_answered_with_the_nearest() -> None:
    found = type_error("observ", Mode, ("promotion", 0, "mode"), "web", "Invalid enum value 'observ'")

    assert (found.text, found.mend) == (
        'mode "observ" of web is not one of enforce, observe, manual',
        'did you mean "observe"?',
    )


def test_the_element_of_an_array_that_is_no_choice_is_the_one_that_is_named() -> None:
    type_ = tuple[NotificationKind, ...]
    found = type_error(
        ["failed", "faild"], type_, ("promotion", 0, "notify"), "web", "Invalid enum value 'faild'"
    )

    assert found.value == "faild"
    assert found.text.startswith('notify "faild" of web is not one of failed,')
