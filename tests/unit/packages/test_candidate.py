"""candidate: one version at one revision, and its delivery."""

import msgspec
import pytest

from promoter.packages.package import Package
from tests.support.samples import candidate


@pytest.mark.parametrize(
    ("package", "version", "purl"),
    [
        (Package("npm", "acme", "widget"), "1.2.3", "pkg:npm/%40acme/widget@1.2.3"),
        (Package("maven", "com.acme", "core"), "1.0+b1", "pkg:maven/com.acme/core@1.0%2Bb1"),
        (Package("ruby", "", "rails"), "7.1", "pkg:gem/rails@7.1"),
        (Package("generic", "acme", "model"), "a b", "pkg:generic/acme/model@a%20b"),
    ],
)
def test_a_candidate_has_the_package_url_of_its_version(package: Package, version: str, purl: str) -> None:
    assert candidate(version, package=package).purl == purl


def test_a_candidate_cannot_be_changed() -> None:
    with pytest.raises(AttributeError):
        candidate().version = "2"  # type: ignore[misc]
    assert msgspec.structs.replace(candidate(), version="2").version == "2"
