"""translation: a range in the language of another ecosystem."""

import pytest

from promoter.versions.translation import translate

CARET = {
    "npm": [">=1.4 <2"],
    "cargo": [">=1.4, <2"],
    "pypi": ["~=1.4", ">=1.4,<2"],
    "maven": ["[1.4,2)"],
    "nuget": ["[1.4,2)"],
    "ruby": ["~> 1.4", ">= 1.4, < 2"],
}


@pytest.mark.parametrize(("language", "texts"), CARET.items())
def test_a_caret_is_translated_into_every_language(language: str, texts: list[str]) -> None:
    assert list(translate(language, "^1.4")) == texts


@pytest.mark.parametrize(
    ("text", "interval"),
    [
        ("^0.0.3", "[0.0.3,0.0.4)"),
        ("~1.4.2", "[1.4.2,1.5)"),
        ("~1", "[1,2)"),
        ("~> 1.4.2", "[1.4.2,1.5)"),
        ("~=2", "[2,3)"),
        ("1.x", "[1,2)"),
        ("==1.4", "[1.4]"),
        (">1.0", "(1.0,)"),
        (">=1.0, <=2", "[1.0,2]"),
        ("(1,2]", "(1,2]"),
        ("[1.0]", "[1.0]"),
    ],
)
def test_the_common_forms_are_translated(text: str, interval: str) -> None:
    assert list(translate("maven", text)) == [interval]


@pytest.mark.parametrize("text", ["latest", "^1 || ^2", "1.2.3-rc.1", "[]", ">=1 <2 !=1.5", ""])
def test_other_forms_have_no_translation(text: str) -> None:
    assert list(translate("npm", text)) == []
