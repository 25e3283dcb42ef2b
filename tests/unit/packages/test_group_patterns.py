"""group_patterns: CodeArtifact's package groups (User Guide: package-group-definition-syntax-matching-behavior)."""

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
        ("/ruby//rails~", Package("ruby", "", "rails-api")),
        ("/gem//rails~", Package("ruby", "", "rails-api")),
        ("/gem/*", Package("ruby", "", "rake")),
        ("/maven/com.acme~", Package("maven", "com.acme.web", "core")),
        ("/maven/com.acme.*", Package("maven", "com.acme.web", "core")),
        ("/generic/日本~", Package("generic", "日本", "x")),
    ],
)
def test_a_group_selects(pattern: str, package: Package) -> None:
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
def test_a_group_does_not_select(pattern: str, package: Package) -> None:
    assert not matches(pattern, package)


@given(letter=LETTERS.filter(lambda letter: letter.lower() == letter))
def test_a_tilde_does_not_match_inside_a_word_of_any_alphabet(letter: str) -> None:
    assert not matches("/npm//acme~", Package("npm", "", f"acme{letter}x"))


@given(sign=st.sampled_from("-._!+~'()"))
def test_a_tilde_matches_before_punctuation(sign: str) -> None:
    assert matches("/npm//acme~", Package("npm", "", f"acme{sign}x"))


@pytest.mark.parametrize(
    ("text", "problem", "hint"),
    [
        ("/npm/acme", "is not a package-group pattern", 'end it with "$", "~" or "*", as in /npm/acme/*'),
        ("/npm", "is not a package-group pattern", 'end it with "$", "~" or "*", as in /npm/acme/*'),
        (
            "/nmp/*",
            'has an unknown format "nmp"',
            "known formats: cargo, generic, maven, npm, nuget, pypi, ruby, swift",
        ),
        ("/npm/a*b/*", "is not a package-group pattern", 'use "*" only at its end'),
        ("/npm/a/b/c$", "is not a package-group pattern", "write /npm/NAMESPACE/NAME$ or /npm//NAME$"),
        ("/npm/acme$", "does not name a whole package", "write /npm/NAMESPACE/NAME$ or /npm//NAME$"),
        (
            "/pypi/requests$",
            "matches no package: pypi packages have no namespace",
            "write /pypi//requests$",
        ),
        (
            "/maven//core$",
            "matches no package: maven packages have a namespace",
            "write /maven/NAMESPACE/core$",
        ),
        ("/npm/ac me/*", "matches no package: no name or version contains ' '", ""),
        (
            f"/npm/{'a' * 256}/*",
            "matches no package: no name or version is longer than 255 characters",
            "",
        ),
    ],
)
def test_a_wrong_group_pattern_says_what_to_write(text: str, problem: str, hint: str) -> None:
    with pytest.raises(PatternError) as error:
        parse(text)

    assert (error.value.problem, error.value.hint) == (f'"{text}" {problem}', hint)


@pytest.mark.parametrize(
    ("text", "problem", "hint"),
    [
        ("/npm/acme-~", '"~" in "/npm/acme-~" does not follow a word', "write /npm/acme-*"),
        ("/npm/~", '"~" in "/npm/~" does not follow a word', "write /npm/*"),
        ("/npm/acme*", '"*" in "/npm/acme*" directly follows a word', "write /npm/acme~"),
    ],
)
def test_the_last_sign_must_fit_the_text_before_it(text: str, problem: str, hint: str) -> None:
    with pytest.raises(PatternError) as error:
        parse(text)

    assert (error.value.problem, error.value.hint) == (problem, hint)
