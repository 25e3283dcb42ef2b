"""pattern_index: the index finds what trying every pattern finds."""

from hypothesis import given, settings
from hypothesis import strategies as st

from promoter.packages.package import Package
from promoter.packages.patterns import Pattern, PatternError, parse, path_of
from promoter.rules.pattern_index import PatternIndex
from promoter.rules.rule_set import RuleSet
from tests.support.samples import promotion, rules

WORDS = st.text(alphabet="ab-.é", min_size=1, max_size=5)
GLOBS = st.text(alphabet="ab-.*", min_size=1, max_size=6).filter(lambda text: "**" not in text)
PURLS = st.one_of(
    st.builds("pkg:npm/@{}/{}".format, GLOBS, GLOBS),
    st.builds("pkg:npm/{}".format, GLOBS),
    st.builds("pkg:pypi/{}".format, GLOBS),
    st.builds("pkg:maven/{}/{}".format, GLOBS, GLOBS),
    st.builds("pkg:npm/@{}/**".format, GLOBS),
    st.sampled_from(["pkg:**", "pkg:npm/**", "pkg:pypi/**", "/*", "/npm/*", "/pypi/*"]),
)
GROUPS = st.builds(
    "/{}/{}/{}{}".format, st.sampled_from(["npm", "maven"]), WORDS, WORDS, st.sampled_from("*~$")
) | st.builds("/npm/{}{}".format, WORDS, st.sampled_from("*~"))
PACKAGES = st.one_of(
    st.builds(Package, st.sampled_from(["npm", "maven"]), WORDS, WORDS),
    st.builds(Package, st.sampled_from(["npm", "pypi"]), st.just(""), WORDS),
)


def patterns_of(texts: list[str]) -> list[Pattern]:
    patterns = []
    for text in texts:
        try:
            patterns.append(parse(text))
        except PatternError:  # the alphabet makes some that end in the wrong sign
            continue
    return patterns


@settings(max_examples=500)
@given(texts=st.lists(PURLS | GROUPS, max_size=12), packages=st.lists(PACKAGES, min_size=1, max_size=6))
def test_the_index_agrees_with_trying_every_pattern(texts: list[str], packages: list[Package]) -> None:
    patterns = patterns_of(texts)
    index = PatternIndex(enumerate(patterns))

    for path in map(path_of, packages):
        tried = [position for position, pattern in enumerate(patterns) if pattern.matches(path)]
        assert index.positions(path) == tried


def test_patterns_that_were_drawn_do_match_now_and_then() -> None:
    """The property above would hold for an index that finds nothing, if nothing ever matched."""
    assert PatternIndex(enumerate(patterns_of(["pkg:npm/*b", "/npm/a~", "pkg:**"]))).positions("npm/a/b") == [
        1,
        2,
    ]


def three() -> RuleSet:
    return rules(
        promotion("a", packages=["pkg:npm/@acme/*", "pkg:npm/@acme/w*"]),
        promotion("b", packages=["pkg:npm/*-x"]),
        promotion("c", packages=["pkg:npm/**"]),
    )


def test_promotions_come_in_the_order_of_the_file_and_each_once() -> None:
    [hop] = three().hops["dev"]

    assert [each.name for each in hop.selecting("npm/acme/widget")] == ["a", "c"]
    assert [each.name for each in hop.selecting("npm//y-x")] == ["b", "c"]
    assert hop.selecting("pypi//y-x") == []
