"""candidate: one version at one revision, and its delivery."""

import msgspec
import pytest

from promoter.packages.candidate import Arrival, Delivery
from promoter.packages.package import Package
from tests.support.samples import MORNING, candidate


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


@pytest.mark.parametrize(
    ("delivery", "age", "late"),
    [
        (Delivery(), 0, False),
        (Delivery(), -60, False),  # an event from the future
        (Delivery(), 300, False),
        (Delivery(), 301, True),
        (Delivery(number=2), 0, True),
        (Delivery(cause="entry"), 0, True),
    ],
)
def test_a_candidate_is_late_after_another_delivery_another_cause_or_five_minutes(
    delivery: Delivery, age: float, late: bool
) -> None:
    assert Arrival(candidate(), delivery).is_late(MORNING + age) is late


def test_a_candidate_cannot_be_changed() -> None:
    with pytest.raises(AttributeError):
        candidate().version = "2"  # type: ignore[misc]
    assert msgspec.structs.replace(candidate(), version="2").version == "2"
