"""ListPackageVersions, ListPackages and ListPackageVersionAssets, in pages."""

from typing import Any

import pytest

from emulator_support.codeartifact_calls import MODEL, publish_generic
from emulator_support.emulated_aws import Aws
from emulator_support.package_uploads import post_pypi, put_npm
from moto_codeartifact.packages import Asset, Metadata, PackageKey
from moto_codeartifact.publishing import Upload

DEV = {**MODEL, "repository": "dev"}


def names(ca: Any, **more: Any) -> list[str]:
    return [
        version["version"]
        for version in ca.list_package_versions(**DEV, **more)["versions"]
    ]


def test_a_page_has_fifty_versions_by_default(ca: Any) -> None:
    published = [f"1.{n}" for n in range(51)]
    for version in published:
        publish_generic(ca, version)

    first = ca.list_package_versions(**DEV)
    second = ca.list_package_versions(**DEV, nextToken=first["nextToken"])

    assert (len(first["versions"]), len(second["versions"])) == (50, 1)
    assert "nextToken" not in second
    found = [version["version"] for version in first["versions"] + second["versions"]]
    assert sorted(found) == sorted(published)


def test_the_paginator_of_boto3_finds_every_version_once(ca: Any) -> None:
    for n in range(5):
        publish_generic(ca, f"1.{n}")

    pages = list(
        ca.get_paginator("list_package_versions").paginate(
            **DEV, PaginationConfig={"PageSize": 2}
        )
    )

    assert [len(page["versions"]) for page in pages] == [2, 2, 1]
    assert {v["version"] for page in pages for v in page["versions"]} == {
        f"1.{n}" for n in range(5)
    }


def test_a_page_has_at_most_a_thousand_versions(ca: Any) -> None:
    publish_generic(ca, "1.0")

    assert names(ca, maxResults=1000) == ["1.0"]
    with pytest.raises(ca.exceptions.ValidationException) as error:
        names(ca, maxResults=1001)

    assert error.value.response["Error"]["Message"] == (
        "Invalid value: maxResults is 1001, must be 1 to 1000"
    )


def test_an_invented_token_is_refused(ca: Any) -> None:
    publish_generic(ca, "1.0")

    with pytest.raises(ca.exceptions.ValidationException):
        names(ca, nextToken="invented")


def test_a_token_of_another_listing_is_refused(ca: Any) -> None:
    publish_generic(ca, "1.0")
    publish_generic(ca, "2.0")
    token = ca.list_package_versions(**DEV, maxResults=1)["nextToken"]

    with pytest.raises(ca.exceptions.ValidationException):
        names(ca, nextToken=token, status="Published")


@pytest.mark.parametrize("format_", ["swift", "nuget"])
def test_the_api_normalises_names_of_swift_and_nuget(ca: Any, format_: str) -> None:
    coordinates = {
        "domain": "acme",
        "repository": "dev",
        "format": format_,
        "namespace": "Apple",
    }
    blocked = {"publish": "BLOCK", "upstream": "BLOCK"}
    ca.put_package_origin_configuration(
        **coordinates, package="Swift-NIO", restrictions=blocked
    )

    assert packages(ca) == [(format_, "apple", "swift-nio")]
    assert (
        ca.describe_package(**coordinates, package="SWIFT-nio")["package"]["name"]
        == "swift-nio"
    )


def test_versions_can_be_sorted_by_time_newest_first(ca: Any) -> None:
    for version in ("1.0", "3.0", "2.0"):
        publish_generic(ca, version)

    assert names(ca, sortBy="PUBLISHED_TIME") == ["2.0", "3.0", "1.0"]


def test_versions_can_be_filtered_by_status(ca: Any) -> None:
    publish_generic(ca, "1.0")
    publish_generic(ca, "2.0")
    publish_generic(ca, "3.0", unfinished=True)
    ca.update_package_versions_status(**DEV, versions=["2.0"], targetStatus="Archived")

    assert names(ca) == ["1.0", "2.0", "3.0"]
    assert names(ca, status="Published") == ["1.0"]
    assert names(ca, status="Archived") == ["2.0"]


def test_versions_can_be_filtered_by_origin(aws: Aws, ca: Any) -> None:
    publish_generic(ca, "1.0")
    ingested = Upload(
        key=PackageKey("generic", "acme", "model"),
        version="2.0",
        asset=Asset.of("model.bin", b"from elsewhere"),
        metadata=Metadata(display_name="model"),
        finished=True,
        external_connection="public:npmjs",
    )
    aws.backend.upload(aws.backend.describe_repository("acme", "dev"), ingested)

    assert names(ca, originType="INTERNAL") == ["1.0"]
    [external] = ca.list_package_versions(**DEV, originType="EXTERNAL")["versions"]
    assert external["version"] == "2.0"
    assert external["origin"] == {
        "domainEntryPoint": {"externalConnectionName": "public:npmjs"},
        "originType": "EXTERNAL",
    }


def test_each_version_is_listed_with_revision_status_and_origin(ca: Any) -> None:
    revision = publish_generic(ca, "1.0")["versionRevision"]

    response = ca.list_package_versions(**DEV)

    assert response["versions"] == [
        {
            "version": "1.0",
            "revision": revision,
            "status": "Published",
            "origin": {
                "domainEntryPoint": {"repositoryName": "dev"},
                "originType": "INTERNAL",
            },
        }
    ]
    assert (response["format"], response["namespace"], response["package"]) == (
        "generic",
        "acme",
        "model",
    )


def test_the_version_to_display_is_latest_for_npm_and_the_newest_published_elsewhere(
    ca: Any,
) -> None:
    put_npm(ca, "widget", "2.0.0", tag="latest")
    put_npm(ca, "widget", "1.9.0", tag="backport")
    publish_generic(ca, "1.0")
    publish_generic(ca, "2.0", unfinished=True)

    npm = ca.list_package_versions(
        domain="acme", repository="dev", format="npm", package="widget"
    )
    assert npm["defaultDisplayVersion"] == "2.0.0"
    assert ca.list_package_versions(**DEV)["defaultDisplayVersion"] == "1.0"


def test_assets_are_listed_with_their_hashes_in_pages(ca: Any) -> None:
    for n in range(3):
        publish_generic(ca, "1.0", b"%d" % n, asset=f"{n}.bin", unfinished=True)

    paginator = ca.get_paginator("list_package_version_assets")
    pages = list(
        paginator.paginate(
            **DEV, packageVersion="1.0", PaginationConfig={"PageSize": 2}
        )
    )

    listed = [asset for page in pages for asset in page["assets"]]
    assert [asset["name"] for asset in listed] == ["0.bin", "1.bin", "2.bin"]
    assert {len(asset["hashes"]["SHA-256"]) for asset in listed} == {64}
    assert len({page["versionRevision"] for page in pages}) == 1


def packages(ca: Any, **more: Any) -> list[tuple[str, str | None, str]]:
    response = ca.list_packages(domain="acme", repository="dev", **more)
    return [
        (p["format"], p.get("namespace"), p["package"]) for p in response["packages"]
    ]


def test_packages_can_be_filtered_by_format_namespace_prefix_and_name_prefix(
    ca: Any,
) -> None:
    publish_generic(ca, "1.0")
    put_npm(ca, "@acme/widget", "1.0.0")
    put_npm(ca, "@acme-labs/widget", "1.0.0")
    put_npm(ca, "gizmo", "1.0.0")
    post_pypi(ca, "gadget", "1.0", "gadget-1.0.tar.gz", b"files")

    assert packages(ca) == [
        ("generic", "acme", "model"),
        ("npm", None, "gizmo"),
        ("npm", "acme", "widget"),
        ("npm", "acme-labs", "widget"),
        ("pypi", None, "gadget"),
    ]
    assert packages(ca, format="npm", namespace="acme") == [
        ("npm", "acme", "widget"),
        ("npm", "acme-labs", "widget"),
    ]
    assert packages(ca, packagePrefix="g") == [
        ("npm", None, "gizmo"),
        ("pypi", None, "gadget"),
    ]


def test_packages_are_listed_in_pages(ca: Any) -> None:
    for name in ("a", "b", "c"):
        put_npm(ca, name, "1.0.0")
        put_npm(ca, f"@acme/{name}", "1.0.0")

    pages = ca.get_paginator("list_packages").paginate(
        domain="acme", repository="dev", PaginationConfig={"PageSize": 4}
    )

    assert [len(page["packages"]) for page in pages] == [4, 2]


def test_a_namespace_without_a_format_is_refused(ca: Any) -> None:
    with pytest.raises(ca.exceptions.ValidationException) as error:
        packages(ca, namespace="acme")

    assert (
        error.value.response["Error"]["Message"]
        == "namespace can only be given together with format"
    )


def test_a_package_and_its_origin_configuration_stay_when_its_versions_are_deleted(
    ca: Any,
) -> None:
    publish_generic(ca, "1.0")
    blocked = {"publish": "BLOCK", "upstream": "BLOCK"}
    ca.put_package_origin_configuration(**DEV, restrictions=blocked)
    ca.delete_package_versions(**DEV, versions=["1.0"])

    assert packages(ca, publish="BLOCK") == [("generic", "acme", "model")]
    assert packages(ca, publish="ALLOW") == []
    assert names(ca) == []
    assert ca.describe_package(**DEV)["package"]["originConfiguration"] == {
        "restrictions": blocked
    }


def test_a_published_package_allows_publishing_and_blocks_upstreams(ca: Any) -> None:
    publish_generic(ca, "1.0")

    described = ca.describe_package(**DEV)["package"]

    assert described == {
        "format": "generic",
        "namespace": "acme",
        "name": "model",
        "originConfiguration": {
            "restrictions": {"publish": "ALLOW", "upstream": "BLOCK"}
        },
    }
