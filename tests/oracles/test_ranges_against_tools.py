"""Ranges compared with the ecosystems' own tools, on thousands of random pairs of range and version.

Each run draws new pairs. If a run fails, pytest prints its seed; ORACLE_SEED=<seed> repeats the run.
"""

import os
import random
from collections.abc import Sequence
from pathlib import Path

import pytest
from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.version import InvalidVersion, Version

from promoter.versions import RangeError, RangeLengthError, is_prerelease, parse
from tests.oracles.pairs import GENERATORS, Pair
from tests.oracles.tools import Answer, Tool, cargo, maven, npm, ruby

SEED = int(os.environ.get("ORACLE_SEED") or random.SystemRandom().randrange(2**32))
MANY = 6000

# range, version, the answer of the tool, our answer; the comment gives the reason
DIFFERENCES = {
    npm: (
        ("npm", "^1.x.3", "1.2.0", True, "no range"),  # a number after a wildcard is probably a mistake
        ("npm", "> =1.2.0", "1.2.0", True, "no range"),  # npm ignores the space and reads >=
        ("npm", "", "1.2.0", True, "no range"),  # to allow every version, a rule has no `versions`
        ("npm", "<9007199254740993.0.0", "1.2.0", "no range", True),  # too large for a number in JavaScript
        ("npm", "*", "9007199254740993.0.0", "no version", True),
    ),
    maven: (
        ("maven", "1.0", "1.0", "soft", True),  # a preference in a POM, exactly this version in a rule
        ("maven", "1.0", "1.1", "soft", False),
        ("maven", ">=1.0", "1.0", "soft", "no range"),  # Maven reads it as a version
        ("maven", "1.x", "1.1", "soft", "no range"),
        ("maven", "[1.x,2)", "1.1", True, "no range"),
        ("maven", "[1.0],", "1.0", True, "no range"),
        ("maven", "[1.0][2.0]", "2.0", True, "no range"),
        ("maven", "[1,1.0)", "1", False, "no range"),  # contains nothing: a mistake in a rule
    ),
    ruby: (("ruby", "", "1.0", True, "no range"),),
}


def drawn(kind: str, count: int) -> list[Pair]:
    print(f"replay with ORACLE_SEED={SEED}")
    source = random.Random(f"{kind} {SEED}")
    return [GENERATORS[kind](source) for _ in range(count)]


def ours(kind: str, range_: str, version: str) -> Answer:
    try:
        contained = parse(kind, range_).contains(version, prereleases=True)
    except (RangeError, RangeLengthError):
        return "no range"
    return "no version" if contained is None else contained


def disagreements(
    kind: str, pairs: Sequence[Pair], answers: Sequence[Answer]
) -> list[tuple[str, str, Answer, Answer]]:
    judged = [(*pair, answer, ours(kind, *pair)) for pair, answer in zip(pairs, answers, strict=True)]
    assert {True, False} <= {answer for _, _, answer, _ in judged}, "the pairs are all alike"
    return [
        judgement
        for judgement in judged
        if judgement[2] not in (judgement[3], "unsettled") and not has_an_empty_interval(kind, *judgement)
    ]


def has_an_empty_interval(kind: str, range_: str, version: str, answer: Answer, mine: Answer) -> bool:
    """True for a Maven range such as `[1,1.0)`: Maven finds nothing in it, and we refuse it."""
    if (kind, mine) != ("maven", "no range"):
        return False
    with pytest.raises(RangeError) as error:
        parse(kind, range_)
    return error.value.detail == "the first version must be lower than the second"


@pytest.mark.parametrize("tool", [npm, maven, ruby], ids=lambda tool: tool.__name__)
def test_we_agree_with_the_tool_if_prereleases_are_included(tool: Tool) -> None:
    pairs = drawn(tool.__name__, MANY)
    assert disagreements(tool.__name__, pairs, tool(pairs)) == []


def test_we_agree_with_packaging_if_prereleases_are_included() -> None:
    def packaging(range_: str, version: str) -> Answer:
        try:
            return Version(version) in SpecifierSet(range_, prereleases=True)
        except InvalidSpecifier:
            return "no range"
        except InvalidVersion:
            return "no version"

    pairs = drawn("pypi", MANY)
    assert disagreements("pypi", pairs, [packaging(*pair) for pair in pairs]) == []


def test_we_agree_with_cargo_except_on_prereleases(tmp_path: Path) -> None:
    pairs = drawn("cargo", MANY // 2)
    answers = cargo(pairs, tmp_path)
    mine = [ours("cargo", *pair) is True for pair in pairs]
    differences = [judged for judged in zip(pairs, answers, mine, strict=True) if judged[1] is not judged[2]]
    assert [
        judged for judged in differences if not explained_by_cargos_prereleases(*judged[0], bool(judged[1]))
    ] == []
    assert sum(map(bool, answers)) > len(pairs) / 10


def explained_by_cargos_prereleases(range_: str, version: str, taken: bool) -> bool:
    """True if cargo's own rule for prereleases explains its answer.

    cargo excludes prereleases of versions that the requirement does not name with a prerelease. If it names one, cargo
    reads the partial versions of the requirement in its own way: with `^1.0.0-0` in the same requirement, `1` contains
    all prereleases of 1.0.0, and `~1.0` or `<=1` contains none.
    """
    requirements = [requirement.strip(" <>=~^") for requirement in range_.split(",")]
    named = {requirement.partition("-")[0] for requirement in requirements if "-" in requirement}
    partial = any(requirement.count(".") < 2 or requirement[-1] in "*x" for requirement in requirements)
    if not is_prerelease("cargo", version):
        return False
    return partial if version.partition("-")[0] in named else not taken


@pytest.mark.parametrize("kind", GENERATORS)
def test_without_prereleases_a_range_contains_the_same_releases_and_no_prerelease(kind: str) -> None:
    for range_, version in drawn(kind, MANY):
        if (prerelease := is_prerelease(kind, version)) is None or ours(kind, range_, version) == "no range":
            continue
        without = parse(kind, range_).contains(version, prereleases=False)
        assert without is (not prerelease and ours(kind, range_, version)), (range_, version)


@pytest.mark.parametrize("tool", DIFFERENCES, ids=lambda tool: tool.__name__)
def test_a_known_difference_is_as_documented(tool: Tool) -> None:
    known = DIFFERENCES[tool]
    answers = tool([(range_, version) for _, range_, version, _, _ in known])
    assert answers == [answer for _, _, _, answer, _ in known]
    assert [ours(kind, range_, version) for kind, range_, version, _, _ in known] == [
        mine for *_, mine in known
    ]
