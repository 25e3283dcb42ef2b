"""Pages of lists that change between two pages, and pages of long lists."""

import json
from base64 import urlsafe_b64decode
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emulator_support.codeartifact_calls import MODEL, publish_generic
from emulator_support.emulated_aws import Aws
from moto_codeartifact.listing import PackageFilter, list_packages
from moto_codeartifact.ordering import SortedDict
from moto_codeartifact.packages import Package, PackageKey
from moto_codeartifact.paging import read_page_request, take_page

DEV = {"domain": "acme", "repository": "dev"}


def add_packages(aws: Aws, *keys: PackageKey) -> None:
    """Add packages without versions."""
    packages = aws.backend.describe_repository("acme", "dev").packages
    for key in keys:
        packages[key] = Package(key)


def pages(call: Any, member: str, **more: Any) -> Iterator[list[str]]:
    """Yield the names on each page."""
    token: dict[str, str] = {}
    while True:
        page = call(**more, **token)
        yield [
            item.get("package") or item.get("version") or item["name"]
            for item in page[member]
        ]
        if "nextToken" not in page:
            return
        token = {"nextToken": page["nextToken"]}


@pytest.mark.parametrize("removed", [["b"], ["a", "b"], ["c"], ["b", "c", "d"]])
def test_a_page_of_packages_begins_after_the_last_one_even_if_it_was_deleted(
    aws: Aws, ca: Any, removed: list[str]
) -> None:
    add_packages(aws, *(PackageKey("npm", "", name) for name in "abcde"))
    listing = pages(ca.list_packages, "packages", **DEV, maxResults=2)
    assert next(listing) == ["a", "b"]

    for name in removed:
        ca.delete_package(**DEV, format="npm", package=name)
    add_packages(aws, PackageKey("npm", "", "a2"), PackageKey("npm", "", "f"))

    rest = [name for page in listing for name in page]
    assert rest == [name for name in "cdef" if name not in removed]


def test_a_page_of_versions_begins_after_the_last_one_even_if_it_was_deleted(
    ca: Any,
) -> None:
    for version in ("1", "2", "3", "4"):
        publish_generic(ca, version)
    by_name = pages(ca.list_package_versions, "versions", **DEV_MODEL, maxResults=2)
    by_time = pages(
        ca.list_package_versions,
        "versions",
        **DEV_MODEL,
        maxResults=2,
        sortBy="PUBLISHED_TIME",
    )
    assert (next(by_name), next(by_time)) == (["1", "2"], ["4", "3"])

    ca.delete_package_versions(**DEV_MODEL, versions=["2", "3"])
    publish_generic(ca, "5")

    assert list(by_name) == [["4", "5"]]
    assert list(by_time) == [["1"]]


DEV_MODEL = {**MODEL, "repository": "dev"}


def test_pages_of_assets_and_repositories_survive_deletions(ca: Any) -> None:
    for name in ("a", "b", "c"):
        publish_generic(ca, "1.0", asset=name, unfinished=True)
    assets = pages(
        ca.list_package_version_assets,
        "assets",
        **DEV_MODEL,
        packageVersion="1.0",
        maxResults=2,
    )
    repositories = pages(
        ca.list_repositories_in_domain, "repositories", domain="acme", maxResults=2
    )
    assert (next(assets), next(repositories)) == (["a", "b"], ["dev", "prod"])

    ca.delete_repository(domain="acme", repository="prod")

    assert list(assets) == [["c"]]
    assert list(repositories) == [["staging"]]


def test_the_last_full_page_has_no_token(aws: Aws, ca: Any) -> None:
    add_packages(aws, *(PackageKey("npm", "", name) for name in "abcd"))

    listed = list(pages(ca.list_packages, "packages", **DEV, maxResults=2))

    assert listed == [["a", "b"], ["c", "d"]]


@pytest.mark.parametrize(
    "token", ["invented", "e30=", "W10=", "bnVsbA==", "_w==", "é", "WyJhIixbXV0="]
)
def test_an_invented_token_is_refused(aws: Aws, ca: Any, token: str) -> None:
    add_packages(aws, PackageKey("npm", "", "a"))

    with pytest.raises(ca.exceptions.ValidationException):
        ca.list_packages(**DEV, nextToken=token)


def test_a_token_is_valid_for_its_list_only(aws: Aws, ca: Any) -> None:
    add_packages(aws, *(PackageKey("npm", "", name) for name in "abcd"))
    token = ca.list_packages(**DEV, maxResults=1)["nextToken"]

    assert len(ca.list_packages(**DEV, maxResults=3, nextToken=token)["packages"]) == 3
    for more in ({"format": "npm"}, {"packagePrefix": "a"}):
        with pytest.raises(ca.exceptions.ValidationException):
            ca.list_packages(**DEV, **more, nextToken=token)
    with pytest.raises(ca.exceptions.ValidationException):
        ca.list_packages(domain="acme", repository="staging", nextToken=token)


def test_a_token_is_opaque_but_short_and_printable(aws: Aws, ca: Any) -> None:
    add_packages(
        aws, PackageKey("npm", "ä" * 255, "ö" * 255), PackageKey("npm", "", "a")
    )
    add_packages(aws, PackageKey("npm", "ü" * 255, "b"))

    token = list(ca.list_packages(**DEV, maxResults=2)["nextToken"])

    assert len(token) <= 2000
    assert json.loads(urlsafe_b64decode("".join(token)))


NAMES = st.text("ab", max_size=3)
KEYS = st.builds(
    PackageKey, st.sampled_from(["maven", "npm", "pypi"]), NAMES, NAMES.filter(bool)
)


@given(
    keys=st.sets(KEYS),
    wanted=st.one_of(
        st.builds(PackageFilter, name_prefix=NAMES),
        st.builds(
            PackageFilter,
            format=st.sampled_from(["maven", "npm", "swift"]),
            namespace_prefix=NAMES,
            name_prefix=NAMES,
        ),
    ),
    size=st.integers(1, 4),
)
def test_the_pages_together_are_all_packages_of_the_filter_in_order(
    keys: set[PackageKey], wanted: PackageFilter, size: int
) -> None:
    packages: SortedDict[PackageKey, Package] = SortedDict()
    for key in keys:
        packages[key] = Package(key)
    found: list[PackageKey] = []
    token: dict[str, str] = {}
    while True:
        request = read_page_request({"maxResults": size, **token}, 100)
        page = take_page(request, list_packages(packages, wanted, request.after))
        found += [package.key for package in page.items]
        if page.next_token is None:
            break
        token = {"nextToken": page.next_token}

    assert found == [
        key
        for key in sorted(keys)
        if wanted.format in (None, key.format)
        and key.namespace.startswith(wanted.namespace_prefix)
        and key.name.startswith(wanted.name_prefix)
    ]


@given(st.lists(st.tuples(st.booleans(), st.text("abc", max_size=2))))
def test_a_sorted_mapping_is_a_mapping_in_order(steps: list[tuple[bool, str]]) -> None:
    ours: SortedDict[str, int] = SortedDict()
    plain: dict[str, int] = {}
    for number, (add, key) in enumerate(steps):
        if add:
            ours[key] = plain[key] = number
        else:
            assert ours.pop(key, None) == plain.pop(key, None)
    assert list(ours.items()) == sorted(plain.items())
    assert list(ours.from_key("b")) == [key for key in sorted(plain) if key >= "b"]
    assert list(ours.from_key("b", included=False)) == [
        key for key in sorted(plain) if key > "b"
    ]


class CountingFilter(PackageFilter):
    """A filter that counts the packages that it looks at."""

    looked_at = 0

    def selects(self, package: Package) -> bool:
        CountingFilter.looked_at += 1
        return super().selects(package)


@pytest.mark.parametrize("prefix", ["", "p9"])
def test_a_page_of_a_long_list_looks_at_no_more_packages_than_it_has(
    prefix: str,
) -> None:
    packages: SortedDict[PackageKey, Package] = SortedDict()
    for number in range(20_000):
        key = PackageKey("npm", f"n{number % 7}", f"p{number}")
        packages[key] = Package(key)
    middle = ["npm", "n3", "p5"]

    CountingFilter.looked_at = 0
    request = read_page_request({}, 100)
    page = take_page(
        request, list_packages(packages, CountingFilter(name_prefix=prefix), middle)
    )

    assert len(page.items) == 100
    assert CountingFilter.looked_at == 101


def test_versions_are_filtered_before_they_are_counted(aws: Aws, ca: Any) -> None:
    for number in range(6):
        publish_generic(ca, str(number), unfinished=number % 2 == 0)

    listed = list(
        pages(
            ca.list_package_versions,
            "versions",
            **DEV_MODEL,
            maxResults=2,
            status="Published",
        )
    )

    assert listed == [["1", "3"], ["5"]]
