"""differences: a version that both repositories have is compared as the pipeline compares it."""

from collections.abc import Mapping

import pytest

from promoter.copying.ports import Assets
from promoter.copying.results import AssetDifference, OutcomeKind
from promoter.inspection.differences import compare_files
from promoter.packages.package import Package
from promoter.rules.rule_set import Hop
from tests.support.samples import candidate

HOP = Hop("dev", "staging")


class Listings:
    """A reader that knows the assets by repository, and which it was asked for."""

    def __init__(self, dev: Mapping[str, str], staging: Mapping[str, str]) -> None:
        self._assets = {"dev": Assets("r1", dev), "staging": Assets("r2", staging)}
        self.asked: list[str] = []

    def list_assets(self, repository: str, package: Package, version: str) -> Assets:
        self.asked.append(repository)
        return self._assets[repository]


def test_the_same_files_are_unchanged_whatever_the_revisions() -> None:
    outcome = compare_files(Listings({"a": "1"}, {"a": "1"}), candidate(), HOP, "Published")  # type: ignore[arg-type]

    assert outcome.kind is OutcomeKind.UNCHANGED


def test_different_files_are_named() -> None:
    outcome = compare_files(Listings({"a": "1"}, {"a": "2"}), candidate(), HOP, "Published")  # type: ignore[arg-type]

    assert (outcome.kind, outcome.differences) == (OutcomeKind.FAILED, (AssetDifference("a", "1", "2"),))
    assert not outcome.only_added


@pytest.mark.parametrize(
    ("status", "only_added"), [("Published", True), ("Unlisted", False), ("Archived", False)]
)
def test_files_may_only_be_added_to_a_published_version(status: str, only_added: bool) -> None:
    listings = Listings({"a": "1", "b": "2"}, {"a": "1"})

    outcome = compare_files(listings, candidate(), HOP, status)  # type: ignore[arg-type]

    assert (outcome.kind, outcome.only_added) == (OutcomeKind.FAILED, only_added)
    assert (status in outcome.text) is not only_added


def test_a_disposed_version_is_not_compared() -> None:
    listings = Listings({"a": "1"}, {})

    outcome = compare_files(listings, candidate(), HOP, "Disposed")  # type: ignore[arg-type]

    assert (outcome.kind, listings.asked) == (OutcomeKind.FAILED, [])
    assert "Disposed in staging" in outcome.text
