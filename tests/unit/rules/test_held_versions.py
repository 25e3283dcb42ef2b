"""held_versions: a hold's versions are compared as their ecosystem compares them."""

import pytest

from promoter.packages.candidate import Candidate
from promoter.packages.patterns import parse_package
from promoter.rules.decision import decide
from promoter.rules.evidence import Evidence
from promoter.rules.held_versions import HeldVersions
from promoter.rules.vocabulary import Verdict
from promoter.versions import parse
from tests.support.samples import MORNING, promotion, rules


def test_a_version_is_held_by_its_text_by_a_glob_or_by_a_range() -> None:
    held = HeldVersions("1.5.*", r"1\.5\.[^/]*\Z", {"pypi": parse("pypi", "==1.5.*")})

    assert held.contains("generic", "1.5.*")
    assert held.contains("generic", "1.5.x")
    assert held.contains("pypi", "1.5")
    assert not held.contains("generic", "1.5")
    assert not held.contains("pypi", "1.6")


def test_a_version_that_its_ecosystem_cannot_compare_is_in_no_range() -> None:
    assert not HeldVersions("<2", ranges={"npm": parse("npm", "<2")}).contains("npm", "build-512")


def verdict(hold: str, version: str) -> Verdict:
    """The verdict for a version, under rules that promote everything but what is held."""
    table = f"[[hold]]\npackage = '{hold}'\nreason = 'leaks'\n"
    package, text = parse_package(version)
    [decision] = decide(
        Candidate(package, text, "r1", "dev", MORNING),
        Evidence(),
        rules(promotion(packages=["pkg:**"]), table),
        MORNING,
    )
    return decision.verdict


HELD = [
    ("pkg:npm/@acme/w@4.x", "pkg:npm/@acme/w@4.1.0"),
    ("pkg:npm/@acme/w@<1.5.3", "pkg:npm/@acme/w@1.5.2"),
    ("pkg:npm/@acme/w@<1.5.3", "pkg:npm/@acme/w@1.5.3-rc.1"),
    ("pkg:npm/@acme/w@^4.0.0", "pkg:npm/@acme/w@4.9.9"),
    ("pkg:npm/@acme/w@~1.5", "pkg:npm/@acme/w@1.5.9"),
    ("pkg:npm/@acme/w@v1.5.0", "pkg:npm/@acme/w@1.5.0"),
    ("pkg:npm/@acme/w@1.5", "pkg:npm/@acme/w@1.5.4"),
    ("pkg:npm/@acme/w@^1 || >=3.1 <3.4", "pkg:npm/@acme/w@3.2.0"),
    ("pkg:npm/@acme/*@1.2.3 - 1.4", "pkg:npm/@acme/w@1.4.9"),
    ("pkg:npm/@acme/w@1.5.*", "pkg:npm/@acme/w@1.5.0-beta"),
    ("pkg:swift/acme/nio@<2", "pkg:swift/acme/nio@1.5.2"),
    ("pkg:cargo/core@1.5.0", "pkg:cargo/core@1.5.0"),
    ("pkg:cargo/core@>=1.2, <1.5", "pkg:cargo/core@1.4.0"),
    ("pkg:pypi/tools@2023.07.22", "pkg:pypi/tools@2023.7.22"),
    ("pkg:pypi/tools@2023.7.22", "pkg:pypi/tools@2023.07.22"),
    ("pkg:pypi/tools@3.10", "pkg:pypi/tools@3.10.0"),
    ("pkg:pypi/tools@1.0-RC1", "pkg:pypi/tools@1.0rc1"),
    ("pkg:pypi/tools@~=1.4,!=1.4.2", "pkg:pypi/tools@1.9"),
    ("pkg:pypi/tools@1.5.*", "pkg:pypi/tools@1.5"),
    ("pkg:maven/com.acme/core@1.0", "pkg:maven/com.acme/core@1.0.0"),
    ("pkg:maven/com.acme/core@1.0-GA", "pkg:maven/com.acme/core@1"),
    ("pkg:maven/com.acme/core@[1.0,2.0)", "pkg:maven/com.acme/core@1.9-redhat-1"),
    ("pkg:maven/com.acme/core@1.5.*", "pkg:maven/com.acme/core@1.5"),
    ("pkg:nuget/Acme.Core@1.02.0.0", "pkg:nuget/acme.core@1.2.0"),
    ("pkg:nuget/Acme.Core@(,2.0)", "pkg:nuget/acme.core@1.9.0"),
    ("pkg:nuget/Acme.Core@1.5.0-RC.1", "pkg:nuget/acme.core@1.5.0-rc.1"),
    ("pkg:gem/rails@7.1", "pkg:gem/rails@7.1.0"),
    ("pkg:gem/rails@~> 7.1, != 7.1.3", "pkg:gem/rails@7.2"),
    ("pkg:gem/nokogiri@1.15.0-x86_64-linux", "pkg:gem/nokogiri@1.15.0-x86_64-linux"),
    ("pkg:generic/acme/model@build-512", "pkg:generic/acme/model@build-512"),
    ("pkg:generic/acme/model@<2", "pkg:generic/acme/model@1.5.0"),
    ("pkg:**@1.5.0", "pkg:pypi/tools@1.5"),
    ("pkg:**@1.5.*", "pkg:gem/rails@1.5"),
]
NOT_HELD = [
    ("pkg:npm/@acme/w@4.x", "pkg:npm/@acme/w@5.0.0"),
    ("pkg:npm/@acme/w@<1.5.3", "pkg:npm/@acme/w@1.5.3"),
    ("pkg:npm/@acme/w@^4.0.0", "pkg:npm/@acme/w@5.0.0-rc.1"),
    ("pkg:npm/@acme/w@1.5.0", "pkg:npm/@acme/w@1.5.1"),
    ("pkg:npm/@acme/w@<2", "pkg:npm/@acme/v@1.0.0"),
    ("pkg:cargo/core@1.5.0", "pkg:cargo/core@1.5.1"),
    ("pkg:cargo/core@1.5", "pkg:cargo/core@1.6.0"),
    ("pkg:pypi/tools@1.5.*", "pkg:pypi/tools@1.6"),
    ("pkg:maven/com.acme/core@1.0", "pkg:maven/com.acme/core@1.0.1"),
    ("pkg:maven/com.acme/core@[1.0,2.0)", "pkg:maven/com.acme/core@2.0"),
    ("pkg:nuget/Acme.Core@1.0", "pkg:nuget/acme.core@1.1.0"),
    ("pkg:gem/rails@7.1.*", "pkg:gem/rails@7.2.0"),
    ("pkg:generic/acme/model@build-512", "pkg:generic/acme/model@build-5120"),
    ("pkg:generic/acme/model@1.5", "pkg:generic/acme/model@1.5.0"),
]


@pytest.mark.parametrize(("hold", "version"), HELD)
def test_a_held_version_is_not_promoted(hold: str, version: str) -> None:
    assert verdict(hold, version) is Verdict.HOLD


@pytest.mark.parametrize(("hold", "version"), NOT_HELD)
def test_a_version_beside_the_hold_is_promoted(hold: str, version: str) -> None:
    assert verdict(hold, version) is Verdict.PROMOTE
