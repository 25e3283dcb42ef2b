"""spelled_out: patterns of other languages, spelled out in ours."""

import fnmatch

import pytest
from hypothesis import given
from hypothesis import strategies as st

from promoter.packages.package import Package
from promoter.packages.patterns import parse, path_of
from promoter.packages.spelled_out import spell_out, without_sign


@pytest.mark.parametrize(
    ("text", "spelled_out"),
    [
        ("lib", ("lib",)),
        ("lib-?", ("lib-*",)),
        ("lib-??*x?", ("lib-*x*",)),
        ("lib-[ab]", ("lib-a", "lib-b")),
        ("lib-[a-c]", ("lib-a", "lib-b", "lib-c")),
        ("lib-[!a]", ("lib-*",)),
        ("lib-[a-z]*", ("lib-*",)),
        ("{a,b}-{c,d}", ("a-c", "a-d", "b-c", "b-d")),
        ("{a,{b,c}}", ("a", "b", "c")),
        ("{a,b,c}{d,e,f}", ()),
        ("a}", ()),
        ("{a,[bc}", ()),
    ],
)
def test_a_pattern_is_spelled_out_in_few_lines_or_not_at_all(text: str, spelled_out: tuple[str, ...]) -> None:
    assert spell_out(text) == spelled_out


@given(
    parts=st.lists(
        st.sampled_from(["a", "b", "-", "?", "*", "[ab]", "[a-b]", "[!a]"]), min_size=1, max_size=5
    ),
    name=st.text(alphabet="ab-", min_size=1, max_size=5),
)
def test_what_the_pattern_of_a_shell_matches_is_matched_when_it_is_spelled_out(
    parts: list[str], name: str
) -> None:
    text = "".join(parts).replace("**", "*")
    spelled_out = [each.replace("**", "*") for each in spell_out(text)]
    found = any(parse(f"pkg:npm/{each}").matches(path_of(Package("npm", "", name))) for each in spelled_out)

    assert found or not spelled_out or not fnmatch.fnmatchcase(name, text)


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("/npm/@acme/*", ("/npm/acme/*",)),
        ("/npm/acme/x@1.0$", ("/npm/acme/x$",)),
        ("pkg:npm/widget@", ("pkg:npm/widget",)),
        ("pkg:npm/a@b/c", ()),
    ],
)
def test_the_sign_of_a_scope_and_a_version_are_removed(text: str, plain: tuple[str, ...]) -> None:
    assert without_sign(text) == plain
