"""ranges: the key `versions`."""

import pytest

from promoter.rules.conditions import InRange
from promoter.rules_file.diagnostics import Diagnostic, RulesError
from promoter.rules_file.reader import load
from promoter.versions import LONGEST_RANGE, Range, parse
from tests.support.samples import promotion


def source(packages: list[str], versions: str) -> str:
    return f'domain = "acme"\n{promotion("web", packages=packages)}versions = {versions}\n'


def ranges(packages: list[str], versions: str) -> dict[str, Range]:
    [only] = load(source(packages, versions)).rule_set.promotions
    [condition] = only.conditions
    assert isinstance(condition, InRange)
    return dict(condition.ranges)


def mistake(packages: list[str], versions: str) -> Diagnostic:
    with pytest.raises(RulesError) as error:
        load(source(packages, versions))
    [only] = error.value.diagnostics
    return only


def test_one_range_is_read_for_every_selected_format() -> None:
    assert ranges(["pkg:npm/a", "pkg:cargo/a"], '"^1.4"') == {
        "npm": parse("npm", "^1.4"),
        "cargo": parse("cargo", "^1.4"),
    }


def test_a_table_has_a_range_for_each_format() -> None:
    assert ranges(["pkg:npm/a", "pkg:pypi/a"], '{ npm = "^1", pypi = "~=1.4" }') == {
        "npm": parse("npm", "^1"),
        "pypi": parse("pypi", "~=1.4"),
    }


@pytest.mark.parametrize(
    ("packages", "versions", "message", "hint"),
    [
        (["pkg:npm/a"], '"latest"', 'versions "latest" is not an npm range, and "web" selects npm', ""),
        (
            ["pkg:pypi/a"],
            '"^1.4"',
            'versions "^1.4" is not a PEP 440 specifier, and "web" selects pypi',
            'write "~=1.4"',
        ),
        (
            ["pkg:npm/a", "pkg:pypi/a", "pkg:maven/c/a"],
            '"^1.4"',
            'versions "^1.4" is not a PEP 440 specifier or a Maven range, and "web" also selects pypi, maven',
            'write  versions = { npm = "^1.4", pypi = "~=1.4", maven = "[1.4,2)" }',
        ),
        (
            ["pkg:npm/a", "pkg:pypi/a"],
            '">=1 || <0.5"',
            'versions ">=1 || <0.5" is not a PEP 440 specifier, and "web" also selects pypi',
            'write  versions = { npm = ">=1 || <0.5", pypi = "..." }',
        ),
        (
            ["pkg:maven/c/a"],
            '"(1.0)"',
            'versions "(1.0)" is not a Maven range (a single version needs square brackets), '
            'and "web" selects maven',
            'write "[1.0]"',
        ),
    ],
)
def test_one_range_must_be_valid_for_every_selected_format(
    packages: list[str], versions: str, message: str, hint: str
) -> None:
    found = mistake(packages, versions)

    assert (found.message, found.hint) == (message, hint)


def test_a_wrong_range_in_a_table_is_reported_at_its_format() -> None:
    found = mistake(["pkg:npm/a", "pkg:pypi/a"], '{ npm = "^1", pypi = "^1" }')

    assert found.path == ("promotion", 0, "versions", "pypi")
    assert found.message == (
        'versions "^1" of promotion "web" is not a PEP 440 specifier; pypi packages need one'
    )
    assert found.hint == 'write ">=1,<2"'


@pytest.mark.parametrize(
    ("text", "problem", "hint"),
    [
        ("", "a range cannot be empty", "leave it out to allow every version"),
        ("1" * (LONGEST_RANGE + 1), f"a range cannot be longer than {LONGEST_RANGE} characters", ""),
    ],
    ids=["empty", "too long"],
)
def test_an_empty_or_too_long_range_is_one_mistake_whatever_the_formats(
    text: str, problem: str, hint: str
) -> None:
    alone = mistake(["pkg:npm/a", "pkg:pypi/a"], f'"{text}"')
    in_table = mistake(["pkg:npm/a"], f'{{ npm = "{text}" }}')

    assert (alone.message, alone.hint) == (f'versions of promotion "web": {problem}', hint)
    assert (in_table.message, in_table.hint) == (f'npm in versions of promotion "web": {problem}', hint)


def test_a_range_of_a_format_that_is_not_selected_is_a_warning() -> None:
    [found] = load(source(["pkg:npm/a"], '{ npm = "1", maven = "[1,2)" }')).warnings

    assert found.message == 'versions of promotion "web" restricts maven, but no pattern selects maven'
    assert found.hint == "remove maven from versions"
    assert found.path == ("promotion", 0, "versions", "maven")


def test_an_inherited_range_may_be_of_any_format() -> None:
    text = '[defaults]\nversions = { npm = "1", maven = "[1,2)" }\n'

    assert load(f'domain = "acme"\n{text}{promotion(packages=["pkg:npm/a"])}').warnings == ()


def test_a_pattern_of_every_format_selects_every_range() -> None:
    assert load(source(["pkg:**"], '{ npm = "1", maven = "[1,2)" }')).warnings == ()


@pytest.mark.parametrize("pattern", ["pkg:gem/acme-*", "pkg:ruby/acme-*", "/gem//acme-*", "/ruby//acme-*"])
@pytest.mark.parametrize("text", ["~> 1.4, != 1.4.5", ">= 2"])
def test_gem_restricts_the_same_packages_as_ruby(pattern: str, text: str) -> None:
    assert ranges([pattern], f'{{ gem = "{text}" }}') == ranges([pattern], f'{{ ruby = "{text}" }}')
    assert load(source([pattern], f'{{ gem = "{text}" }}')).warnings == ()


def test_a_default_for_gem_restricts_the_promotions_that_inherit_it() -> None:
    text = f'domain = "acme"\n[defaults]\nversions.gem = "~> 1.4"\n{promotion(packages=["pkg:gem/a"])}'
    [only] = load(text).rule_set.promotions

    assert only.conditions[0] == InRange({"ruby": parse("ruby", "~> 1.4")})


@pytest.mark.parametrize("versions", ['{ ruby = "~> 1", gem = "~> 1" }', '{ gem = "~> 1", ruby = "~> 2" }'])
def test_gem_and_ruby_at_once_are_a_mistake_with_the_fix(versions: str) -> None:
    found = mistake(["pkg:gem/a"], versions)

    assert found.message == 'versions of promotion "web" has both gem and ruby, which are one format'
    assert found.hint == "remove gem"
    assert found.path == ("promotion", 0, "versions", "gem")


def test_a_wrong_range_of_gem_is_reported_at_gem() -> None:
    found = mistake(["pkg:gem/a"], '{ gem = "^1.4" }')

    assert found.path == ("promotion", 0, "versions", "gem")
    assert "ruby packages need one" in found.message


def test_a_range_of_gem_without_a_selected_gem_is_a_warning() -> None:
    [found] = load(source(["pkg:npm/a"], '{ gem = "~> 1" }')).warnings

    assert found.message == 'versions of promotion "web" restricts gem, but no pattern selects gem'
