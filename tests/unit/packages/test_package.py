"""package: coordinates of packages, and their spelling in each format."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from packageurl import PackageURL

from promoter.packages.package import FORMATS, PURL_TYPES, Package, normalise
from tests.support.samples import candidate

NAMES = st.text(alphabet="abcxyz019._-~@+!:()% é", min_size=1, max_size=20).filter(
    lambda name: name.strip("./ ") == name
)


@pytest.mark.parametrize(
    ("package", "purl", "title"),
    [
        (Package("npm", "", "lodash"), "pkg:npm/lodash", "lodash"),
        (Package("npm", "types", "react"), "pkg:npm/%40types/react", "@types/react"),
        (
            Package("maven", "com.google.guava", "guava"),
            "pkg:maven/com.google.guava/guava",
            "com.google.guava:guava",
        ),
        (Package("pypi", "", "my-pkg-name"), "pkg:pypi/my-pkg-name", "my-pkg-name"),
        (Package("nuget", "", "newtonsoft.json"), "pkg:nuget/newtonsoft.json", "newtonsoft.json"),
        (Package("generic", "team", "blob"), "pkg:generic/team/blob", "team/blob"),
        (Package("ruby", "", "rails"), "pkg:gem/rails", "rails"),
        (Package("swift", "apple", "swift-nio"), "pkg:swift/apple/swift-nio", "apple/swift-nio"),
        (Package("cargo", "", "serde"), "pkg:cargo/serde", "serde"),
    ],
    ids=lambda value: value.format if isinstance(value, Package) else "",
)
def test_a_package_has_a_package_url_and_a_title(package: Package, purl: str, title: str) -> None:
    assert (package.purl, package.title) == (purl, title)


def test_the_package_url_of_a_version_ends_with_the_version() -> None:
    assert candidate("1.4.0").purl == "pkg:npm/%40acme/widget@1.4.0"


@given(format_=st.sampled_from(FORMATS), namespace=st.just("") | NAMES, name=NAMES, version=NAMES)
def test_package_urls_agree_with_the_reference_library(
    format_: str, namespace: str, name: str, version: str
) -> None:
    name, namespace = normalise(format_, name), normalise(format_, namespace)
    scope = f"@{namespace}" if format_ == "npm" and namespace else namespace
    reference = PackageURL(PURL_TYPES.get(format_, format_), scope or None, name, version).to_string()

    ours = candidate(version, package=Package(format_, namespace, name)).purl

    assert ours.lower() == reference.lower()  # the library writes npm's escapes in lower case


@pytest.mark.parametrize(
    ("format_", "written", "kept"),
    [
        ("pypi", "My_Pkg.Name", "my-pkg-name"),
        ("pypi", "a-_.b", "a-b"),
        ("nuget", "Newtonsoft.Json", "newtonsoft.json"),
        ("swift", "Swift-NIO", "swift-nio"),
        ("npm", "JSONStream", "JSONStream"),
        ("maven", "com.Acme_x", "com.Acme_x"),
        ("generic", "Team.Blob", "Team.Blob"),
        ("ruby", "Rails", "Rails"),
        ("cargo", "serde_json", "serde_json"),
    ],
)
def test_names_are_normalised_as_codeartifact_does(format_: str, written: str, kept: str) -> None:
    assert normalise(format_, written) == kept


@given(format_=st.sampled_from(FORMATS), name=st.text(max_size=30))
def test_a_normalised_name_stays_as_it_is(format_: str, name: str) -> None:
    once = normalise(format_, name)

    assert normalise(format_, once) == once
