"""patterns: CodeArtifact's package-group patterns (User Guide: package-group-definition-syntax-matching-behavior)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from promoter.packages.package import Package
from promoter.packages.patterns import PatternError, parse, path_of

LETTERS = st.characters(categories=["L", "N", "M"])


def matches(pattern: str, package: Package) -> bool:
    return parse(pattern).matches(path_of(package))


@pytest.mark.parametrize(
    ("pattern", "package"),
    [
        ("/*", Package("cargo", "", "serde")),
        ("/npm/*", Package("npm", "acme", "widget")),
        ("/npm/*", Package("npm", "", "lodash")),
        ("/npm//*", Package("npm", "", "lodash")),
        ("/npm/acme/*", Package("npm", "acme", "widget")),
        ("/npm/acme~", Package("npm", "acme", "widget")),
        ("/npm/acme~", Package("npm", "acme-labs", "widget")),
        ("/npm/acme-*", Package("npm", "acme-labs", "widget")),
        ("/npm/acme/wid~", Package("npm", "acme", "wid.get")),
        ("/npm/acme/widget$", Package("npm", "acme", "widget")),
        ("/pypi//requests$", Package("pypi", "", "requests")),
        ("/python//requests~", Package("pypi", "", "requests-mock")),
        ("/maven/com.acme~", Package("maven", "com.acme.web", "core")),
        ("/maven/com.acme.*", Package("maven", "com.acme.web", "core")),
        ("/generic/日本~", Package("generic", "日本", "x")),
    ],
)
def test_a_group_means(pattern: str, package: Package) -> None:
    assert matches(pattern, package)


@pytest.mark.parametrize(
    ("pattern", "package"),
    [
        ("/npm/*", Package("pypi", "", "npm")),
        ("/npm//*", Package("npm", "acme", "widget")),
        ("/npm/acme/*", Package("npm", "acme-labs", "widget")),
        ("/npm/acme~", Package("npm", "acmelabs", "widget")),
        ("/npm/acme~", Package("npm", "acme1", "widget")),
        ("/npm/acme/widget$", Package("npm", "acme", "widgets")),
        ("/npm/acme/widget$", Package("npm", "acme", "Widget")),
        ("/maven/com.acme.*", Package("maven", "com.acme", "core")),
        ("/generic/日本~", Package("generic", "日本語", "x")),
    ],
)
def test_a_group_does_not_mean(pattern: str, package: Package) -> None:
    assert not matches(pattern, package)


@given(letter=LETTERS.filter(lambda letter: letter.lower() == letter))
def test_no_letter_number_or_mark_of_any_alphabet_ends_a_word(letter: str) -> None:
    assert not matches("/npm//acme~", Package("npm", "", f"acme{letter}x"))


@given(sign=st.sampled_from("-._!+~'()"))
def test_punctuation_ends_a_word(sign: str) -> None:
    assert matches("/npm//acme~", Package("npm", "", f"acme{sign}x"))


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("/npm/acme", 'is not a package-group pattern; it ends in "$", "~" or "*", as in /npm/acme/*'),
        ("/npm", 'is not a package-group pattern; it ends in "$", "~" or "*", as in /npm/acme/*'),
        ("/nmp/*", 'has an unknown format "nmp"; one of cargo'),
        ("/npm/a*b/*", '"*" stands only at its end'),
        ("/npm/a/b/c$", '"*" stands only at its end'),
        ("/npm/acme$", "has to name a package whole; write /npm/NAMESPACE/NAME$ or /npm//NAME$"),
        ("/npm/acme-~", 'has "~" where no word ends; write "/npm/acme-*"'),
        ("/npm/acme*", 'has "*" inside a word; write "/npm/acme~"'),
        ("/pypi/requests$", "pypi packages have no namespace; write /pypi//requests$"),
        ("/maven//core$", "maven packages have a namespace; write /maven/NAMESPACE/core$"),
        ("/npm/ac me/*", "can select nothing: no name or version has ' ' in it"),
        (f"/npm/{'a' * 256}/*", "no name or version is longer than 255 characters"),
    ],
)
def test_a_group_that_means_nothing_says_what_to_write(text: str, wrong: str) -> None:
    with pytest.raises(PatternError) as error:
        parse(text)

    assert str(error.value).startswith(f'"{text}" ')
    assert wrong in str(error.value)


@pytest.mark.parametrize("text", ["pkg:pypi/acme/tools", "pkg:nuget/acme/**", "pkg:cargo/a/b", "pkg:gem/a/*"])
def test_a_namespace_of_a_format_that_has_none_selects_nothing(text: str) -> None:
    with pytest.raises(PatternError, match="packages have no namespace; write pkg:"):
        parse(text)


@pytest.mark.parametrize(
    "text", [f"pkg:npm/{'a' * 256}", f"pkg:npm/@{'a' * 256}/*", "pkg:npm/a b", "pkg:npm/a#b"]
)
def test_what_no_name_can_be_selects_nothing(text: str) -> None:
    with pytest.raises(PatternError, match="can select nothing"):
        parse(text)


def test_stars_do_not_count_for_the_length_of_a_name() -> None:
    assert matches("pkg:npm/" + "a*" * 255, Package("npm", "", "a" * 255))
