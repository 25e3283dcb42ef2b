"""patterns: every text is a pattern or an error."""

import contextlib
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from promoter.packages.patterns import PatternError, parse, parse_versioned


@given(text=st.text(max_size=40) | st.text(alphabet="pkg:npmaven/@*%2F", max_size=20).map("pkg:".__add__))
def test_every_text_is_a_pattern_or_a_pattern_error(text: str) -> None:
    for read in (parse, parse_versioned):
        with contextlib.suppress(PatternError):
            assert read(text) == read(text)


@pytest.mark.parametrize("text", ["pkg:npm/@acme/*", "/npm/acme/*"])
def test_both_kinds_of_patterns_are_read(text: str) -> None:
    assert parse(text).text == text
    assert parse_versioned(text) == (parse(text), "")
    assert parse(text).matches("npm/acme/widget")


def test_only_a_versioned_pattern_may_have_a_version() -> None:
    with pytest.raises(PatternError) as error:
        parse("pkg:npm/widget@1.0.0")

    assert error.value.problem == '"pkg:npm/widget@1.0.0" names a version, but no version is allowed here'
    assert error.value.hint == "write pkg:npm/widget"
    assert parse_versioned("pkg:npm/widget@1.0.0") == (parse("pkg:npm/widget"), "1.0.0")


@pytest.mark.parametrize("version", ["1.5.*", ">=1.0 <2", "[1.0,2.0)", "~> 1.4, != 1.4.5", "1.0+b"])
def test_the_version_is_returned_as_it_is_written(version: str) -> None:
    assert parse_versioned(f"pkg:npm/**@{version.replace('+', '%2B')}") == (parse("pkg:npm/**"), version)


QUALIFIED = [
    "pkg:maven/com.acme/core@8.0.33?type=jar",
    "pkg:maven/com.acme/core@8.0.33?classifier=x86_64&type=dll",
    "pkg:maven/com.acme/core@8.0.33#src/main",
    "pkg:maven/com.acme/core@8.0.33?repository_url=https://repo.acme.example/x",
]


@pytest.mark.parametrize("text", QUALIFIED)
def test_a_pattern_with_qualifiers_is_an_error_that_says_what_to_write(text: str) -> None:
    with pytest.raises(PatternError, match="matches no package: a pattern has no qualifiers") as held:
        parse_versioned(text)
    with pytest.raises(PatternError, match="matches no package: a pattern has no qualifiers") as selected:
        parse(text)

    assert held.value.suggestions == ("pkg:maven/com.acme/core@8.0.33",)
    assert selected.value.suggestions == ("pkg:maven/com.acme/core",)


@pytest.mark.parametrize(
    ("text", "suggestions"),
    [
        ("pkg:npm/lib-?", ("pkg:npm/lib-*",)),
        ("pkg:npm/lib-[ab]", ("pkg:npm/lib-a", "pkg:npm/lib-b")),
        ("pkg:npm/@acme/{internal,wip}-*", ("pkg:npm/@acme/internal-*", "pkg:npm/@acme/wip-*")),
        ("pkg:npm/@{acme,web}/x", ("pkg:npm/@acme/x", "pkg:npm/@web/x")),
        ("/npm/{acme,web}/*", ("/npm/acme/*", "/npm/web/*")),
        ("/npm/acme/{a,b}*", ("/npm/acme/a~", "/npm/acme/b~")),
        ("/npm/@acme/hidden$", ("/npm/acme/hidden$",)),
        ("/npm/@acme~", ("/npm/acme~",)),
        ("/npm/acme/hidden@1.0$", ("/npm/acme/hidden$",)),
        ("pkg:npm/widget@", ("pkg:npm/widget",)),
        ("pkg:npm/%40acme%2Fwidget", ("pkg:npm/@acme/widget",)),
        ("pkg:maven/com.acme%2Fcore", ("pkg:maven/com.acme/core",)),
        ("pkg:maven/com.acme:core", ("pkg:maven/com.acme/core",)),
        ("pkg:pypi/acme/*", ("pkg:pypi/acme-*",)),
        ("pkg:nuget/acme/**", ("pkg:nuget/acme-*",)),
        ("/pypi/acme/*", ("/pypi//acme-*",)),
        ("pkg:npm/@acme/{a,b,c}{d,e,f}", ()),
    ],
)
def test_a_pattern_that_matches_nothing_is_an_error_that_says_what_to_write(
    text: str, suggestions: tuple[str, ...]
) -> None:
    with pytest.raises(PatternError) as error:
        parse(text)

    assert error.value.suggestions == suggestions
    assert error.value.hint


def test_the_suggestion_of_a_versioned_pattern_keeps_the_version() -> None:
    with pytest.raises(PatternError) as error:
        parse_versioned("pkg:maven/com.acme:core@1.0%2Bb")

    assert error.value.hint == "write pkg:maven/com.acme/core@1.0%2Bb"


PARTS = st.sampled_from(
    ["@", "/", "//", ":", "*", "**", "?", "{a,b}", "[ab]", "[a-z]", "[!a]", "{", "]", "~", "$", "%2F", "%40"]
) | st.sampled_from(["?type=jar", "#x", "acme", "com.acme", "lib-", "1.0", "-"])
HEADS = st.sampled_from(["pkg:", "/", ""]) | st.sampled_from(
    [
        f"{head}{type_}/"
        for head in ("pkg:", "/")
        for type_ in ("npm", "pypi", "maven", "gem", "nuget", "generic")
    ]
)


def error_of(read: Callable[[str], object], text: str) -> PatternError | None:
    try:
        read(text)
    except PatternError as error:
        return error
    return None


@given(head=HEADS, parts=st.lists(PARTS, max_size=6))
def test_every_suggestion_is_itself_valid(head: str, parts: list[str]) -> None:
    for read in (parse, parse_versioned):
        error = error_of(read, head + "".join(parts))
        if error is not None:
            assert all(suggestion in error.hint for suggestion in error.suggestions)
            for suggestion in error.suggestions:
                read(suggestion)
