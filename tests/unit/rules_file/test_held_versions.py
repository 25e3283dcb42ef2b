"""held_versions: what follows `@` in a hold is a version, a glob, a range, or an error with the fix."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from promoter.packages.package import FORMATS
from promoter.packages.patterns import PatternError
from promoter.rules.held_versions import HeldVersions
from promoter.rules_file.held_versions import read_held_versions
from promoter.versions import Range, RangeError, RangeLengthError, parse, ranges

NAMES = {
    each: f"pkg:{each}/acme/core" if each in ("maven", "swift", "generic") else f"pkg:{each}/core"
    for each in FORMATS
}


def wrong(format_: str, text: str) -> PatternError:
    with pytest.raises(PatternError) as error:
        read_held_versions(NAMES.get(format_, "pkg:**"), format_, text)
    return error.value


@pytest.mark.parametrize(
    ("format_", "text", "range_"),
    [
        ("npm", "4.x", "4.x"),
        ("npm", "1.5", "1.5"),
        ("npm", "1.5.*", "1.5.*"),
        ("cargo", "1.5.0", "=1.5.0"),
        ("cargo", "1.5", "=1.5"),
        ("cargo", "<2", "<2"),
        ("pypi", "2023.07.22", "==2023.07.22"),
        ("pypi", "1!2.0", "==1!2.0"),
        ("pypi", "1.5.*", "==1.5.*"),
        ("ruby", "1.5", "= 1.5"),
        ("ruby", "1.5.*", "~> 1.5.0"),
        ("nuget", "1.5", "[1.5]"),
        ("nuget", "1.*-*", "[1.*-*]"),
        ("maven", "1.0-SNAPSHOT", "[1.0-SNAPSHOT]"),
        ("maven", "[1.0,2.0),[3,)", "[1.0,2.0),[3,)"),
        ("generic", "<2", "<2"),
        ("generic", "4.x", "4.x"),
    ],
)
def test_a_text_is_a_range_of_its_format(format_: str, text: str, range_: str) -> None:
    found = read_held_versions(NAMES[format_], format_, text).ranges

    assert found in ({format_: Range(format_, range_)}, {} if "*-*" in text else None)
    for each in found.values():
        assert parse(format_, each.text) == each


@pytest.mark.parametrize(
    "text", ["build-512", "1.5", "2024_01", "1,5", "a(b)", "1.0~rc1", "latest", "v1.5.0"]
)
def test_a_version_of_a_generic_package_is_any_text(text: str) -> None:
    found = read_held_versions(NAMES["generic"], "generic", text)

    assert (found.text, found.glob, found.ranges) == (text, "", {})


@pytest.mark.parametrize(
    ("format_", "text", "suggestion"),
    [
        ("npm", "[1.0,2.0)", ">=1.0 <2.0"),
        ("npm", "~=1.4", ">=1.4 <2"),
        ("swift", "[1.0,2.0)", ">=1.0 <2.0"),
        ("generic", "[1.0,2.0)", ">=1.0 <2.0"),
        ("pypi", "^1.4", "~=1.4"),
        ("pypi", "4.x", ">=4,<5"),
        ("pypi", "[1.0,2.0)", ">=1.0,<2.0"),
        ("maven", "4.x", "[4,5)"),
        ("maven", "^4.0.0", "[4.0.0,5)"),
        ("maven", "<1.5.3", "(,1.5.3)"),
        ("nuget", "<1.5.3", "(,1.5.3)"),
        ("nuget", "v1.5.0", "1.5.0"),
        ("cargo", "v1.5.0", "1.5.0"),
        ("ruby", "v1.5.0", "1.5.0"),
        ("ruby", "4.x", ">= 4, < 5"),
        ("ruby", "v1.*", "1.*"),
    ],
)
def test_a_text_that_is_no_range_of_its_format_is_an_error_with_the_range_to_write(
    format_: str, text: str, suggestion: str
) -> None:
    error = wrong(format_, text)

    assert error.problem == (
        f'"{NAMES[format_]}@{text}" names no version: "{text}" is neither a version nor a range of {format_}'
    )
    assert error.hint == f"write {NAMES[format_]}@{suggestion}"


@pytest.mark.parametrize(
    ("format_", "text"),
    [
        ("npm", "latest"),
        ("npm", "beta*"),
        ("pypi", "final"),
        ("maven", "LATEST"),
        ("nuget", "^x"),
        ("cargo", "a.b"),
    ],
)
def test_a_text_that_nobody_can_translate_is_an_error_with_valid_examples(format_: str, text: str) -> None:
    hint = wrong(format_, text).hint

    written = hint.removeprefix("write ").replace(" or ", ", ").split(", pkg:")
    for each in written:
        assert read_held_versions(NAMES[format_], format_, each.rpartition("@")[2])


@pytest.mark.parametrize("format_", FORMATS)
@pytest.mark.parametrize(
    ("text", "character"), [("1.5.?", "?"), ("1.{5,6}.0", "{"), ("1 2", " "), ("1.5}", "}")]
)
def test_a_character_that_no_version_has_is_an_error(format_: str, text: str, character: str) -> None:
    assert f"no name or version contains {character!r}" in wrong(format_, text).problem


def test_braces_are_spelled_out() -> None:
    assert wrong("npm", "1.{5,6}.0").hint == "write pkg:npm/core@1.5.0 and pkg:npm/core@1.6.0"


def test_a_range_for_all_formats_must_be_one_in_each() -> None:
    error = wrong("", "<1.5")

    assert error.problem == '"pkg:**@<1.5" names no version of maven, nuget: "<1.5" is no range there'
    assert error.hint == "write one entry for each format, each with a range of its format"


@pytest.mark.parametrize("text", ["1.5.0", "1.5", "0.0.1", "12.0.3", "1.5.*", "2.*"])
@pytest.mark.parametrize("format_", ["", *FORMATS])
def test_a_usual_version_is_read_without_parsing(
    monkeypatch: pytest.MonkeyPatch, format_: str, text: str
) -> None:
    def fail(format_: str, text: str) -> None:
        pytest.fail("a range was parsed")

    monkeypatch.setattr(ranges, "_compiled", fail)
    found = read_held_versions("pkg:**", format_, text).ranges
    monkeypatch.undo()

    assert len(found) == (len(FORMATS) - 1 if not format_ else format_ != "generic")
    for each in found.values():
        assert parse(each.format, each.text) == each


def read_or_error(package: str, format_: str, text: str) -> HeldVersions | PatternError:
    try:
        return read_held_versions(package, format_, text)
    except PatternError as error:
        return error


TEXTS = st.text(alphabet="0123456789.*xvX<>=~^!|,[]() -+_abrc?{}", min_size=1, max_size=12)


@given(format_=st.sampled_from(["", *FORMATS]), text=TEXTS)
def test_every_text_is_held_or_an_error_whose_suggestions_are_valid(format_: str, text: str) -> None:
    package = NAMES.get(format_, "pkg:**")
    found = read_or_error(package, format_, text)
    if isinstance(found, PatternError):
        assert found.hint
        for suggestion in found.suggestions:
            read_held_versions(package, format_, suggestion.removeprefix(f"{package}@"))
    else:
        for each in found.ranges.values():
            assert parse(each.format, each.text)


@given(format_=st.sampled_from(FORMATS), text=TEXTS)
def test_a_range_of_a_format_is_never_refused(format_: str, text: str) -> None:
    """What `versions` accepts is accepted in a hold, unless it has no sign of a range and could match nothing."""
    try:
        parse(format_, text)
    except (RangeError, RangeLengthError):
        return
    if any(sign in text for sign in "<>=,[("):
        assert read_held_versions(NAMES[format_], format_, text).ranges
