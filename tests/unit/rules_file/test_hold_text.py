"""The text of a hold that is written for one version, read again by the loader."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from promoter.packages.candidate import Candidate
from promoter.packages.package import Package
from promoter.rules.holds import HoldRule
from promoter.rules_file.hold_text import write_hold
from promoter.rules_file.reader import load
from tests.support.samples import WIDGET, promotion, rules_text

RULES = rules_text(promotion("all", packages=["pkg:**"], origin="any"))


def read(text: str) -> HoldRule:
    """Return the hold of a rules file that ends in this text."""
    [hold] = load(f"{RULES}\n{text}").rule_set.holds
    return hold


def test_an_entry_names_the_version_and_the_destination() -> None:
    text = write_hold(WIDGET, "1.5.0", "leaks the session token", destination="staging")

    assert text == (
        "[[hold]]\n"
        'package = "pkg:npm/@acme/widget@1.5.0"\n'
        'to = "staging"\n'
        'reason = "leaks the session token"\n'
    )
    assert read(text).destination == "staging"


def test_an_entry_may_be_about_the_hops_from_a_repository_or_about_all() -> None:
    assert read(write_hold(WIDGET, "1.5.0", "x", source="dev")).source == "dev"
    everywhere = read(write_hold(WIDGET, "1.5.0", "x"))
    assert (everywhere.source, everywhere.destination) == (None, None)


@pytest.mark.parametrize(
    ("package", "version", "written"),
    [
        (WIDGET, "1.5.0", "pkg:npm/@acme/widget@1.5.0"),
        (WIDGET, "1.5.0-rc.1", "pkg:npm/@acme/widget@1.5.0-rc.1"),
        (Package("npm", "", "left-pad"), "1.3.0", "pkg:npm/left-pad@1.3.0"),
        (Package("pypi", "", "acme-tools"), "1!2.0+local.1", "pkg:pypi/acme-tools@1!2.0+local.1"),
        (Package("pypi", "", "pytz"), "2004d", "pkg:pypi/pytz@2004d*"),
        (Package("maven", "com.acme", "core"), "1.0", "pkg:maven/com.acme/core@1.0"),
        (Package("maven", "com.acme", "core"), "${revision}", "pkg:maven/com.acme/core@*revision*"),
        (Package("nuget", "", "acme.core"), "1.0.0", "pkg:nuget/acme.core@1.0.0"),
        (Package("generic", "acme", "model"), "build-512", "pkg:generic/acme/model@build-512"),
        (Package("generic", "acme", "model"), "a%40b", "pkg:generic/acme/model@a%2540b"),
        (Package("generic", "acme", "model"), "a@b", "pkg:generic/acme/model@a*b"),
        (Package("ruby", "", "acme"), "1.0-x86_64-linux", "pkg:gem/acme@1.0-x86_64-linux"),
        (Package("swift", "acme", "core"), "1.0.0", "pkg:swift/acme/core@1.0.0"),
        (Package("cargo", "", "acme"), "1.0.0", "pkg:cargo/acme@1.0.0"),
    ],
)
def test_the_loader_holds_the_version_in_every_format(package: Package, version: str, written: str) -> None:
    text = write_hold(package, version, "x")

    assert f'package = "{written}"\n' in text
    hold = read(text)
    assert hold.applies(Candidate(package, version, "r1", "dev", 0), "staging")
    assert not hold.applies(Candidate(package, "9.9.9", "r1", "dev", 0), "staging")


@given(st.text(min_size=1))
def test_any_reason_is_read_as_it_was_written(reason: str) -> None:
    assert read(write_hold(WIDGET, "1.5.0", reason)).reason == reason


@given(st.text(alphabet="0123456789.abcxXvV-_+~^$%@{}[]?!", min_size=1, max_size=12))
def test_any_version_of_a_generic_package_is_held(version: str) -> None:
    model = Package("generic", "acme", "model")

    hold = read(write_hold(model, version, "x"))

    assert hold.applies(Candidate(model, version, "r1", "dev", 0), "staging")
