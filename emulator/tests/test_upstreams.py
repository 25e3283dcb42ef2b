"""Reads through upstream repositories, and what they leave behind (User Guide: repo-upstream-behavior)."""

from typing import Any

import pytest
import requests

from emulator_support.codeartifact_calls import (
    MODEL,
    copy,
    list_versions,
    publish_generic,
)
from emulator_support.event_listener import ReceiveEvents
from emulator_support.package_uploads import endpoint, post_pypi, put_npm

WIDGET = {"domain": "acme", "format": "npm", "package": "widget"}


def create(ca: Any, name: str, *upstreams: str) -> None:
    links = [{"repositoryName": upstream} for upstream in upstreams]
    ca.create_repository(domain="acme", repository=name, upstreams=links)


def link(ca: Any, name: str, *upstreams: str) -> None:
    links = [{"repositoryName": upstream} for upstream in upstreams]
    ca.update_repository(domain="acme", repository=name, upstreams=links)


def get(ca: Any, repository: str, path: str, format_: str = "npm") -> requests.Response:
    url, headers = endpoint(ca, format_, repository)
    return requests.get(url + path, headers=headers, timeout=10)


def tarball(ca: Any, repository: str, version: str) -> requests.Response:
    return get(ca, repository, f"widget/-/widget-{version}.tgz")


def stored(ca: Any, repository: str) -> set[str]:
    return list_versions(ca, repository, **WIDGET, namespace=None)


def set_status(ca: Any, repository: str, version: str, status: str) -> None:
    ca.update_package_versions_status(
        **WIDGET, repository=repository, versions=[version], targetStatus=status
    )


# The configuration


@pytest.mark.parametrize(
    ("upstreams", "code"),
    [
        (["dev", "dev"], "ValidationException"),
        (["staging"], "ValidationException"),
        (["prod"], "ValidationException"),
        (["dev", "prod"], "ValidationException"),
        (["nowhere"], "ResourceNotFoundException"),
        (["dev"] * 11, "ServiceQuotaExceededException"),
    ],
    ids=["twice", "itself", "a cycle", "one of two in a cycle", "missing", "eleven"],
)
def test_upstreams_that_cannot_be_are_refused(
    ca: Any, upstreams: list[str], code: str
) -> None:
    create(ca, "middle", "staging")
    link(ca, "prod", "middle")
    before = ca.describe_repository(domain="acme", repository="staging")["repository"]

    with pytest.raises(ca.exceptions.ClientError) as error:
        link(ca, "staging", *upstreams)

    assert error.value.response["Error"]["Code"] == code
    assert (
        ca.describe_repository(domain="acme", repository="staging")["repository"]
        == before
    )


def test_the_message_names_the_cycle(ca: Any) -> None:
    create(ca, "middle", "staging")

    with pytest.raises(ca.exceptions.ValidationException) as error:
        link(ca, "staging", "dev", "middle")

    text = "The upstream repositories form a cycle: staging -> middle -> staging"
    assert error.value.response["Error"]["Message"] == text


def test_a_new_repository_is_checked_too(ca: Any) -> None:
    for upstreams in (["dev", "dev"], ["edge"]):
        with pytest.raises(ca.exceptions.ValidationException):
            create(ca, "edge", *upstreams)

    names = [
        each["name"]
        for each in ca.list_repositories_in_domain(domain="acme")["repositories"]
    ]
    assert names == ["dev", "prod", "staging"]


def test_two_ways_to_one_repository_are_no_cycle(ca: Any) -> None:
    create(ca, "left", "dev")
    create(ca, "right", "dev")
    create(ca, "edge", "left", "right")
    put_npm(ca, "widget", "1.0.0")

    assert tarball(ca, "edge", "1.0.0").status_code == 200


# The search


def test_the_order_is_that_of_the_user_guides_example(ca: Any) -> None:
    upstreams = {"E": "", "C": "", "D": "E", "A": "CD", "B": "", "my": "AB"}
    for name, above in upstreams.items():
        create(ca, f"repo-{name}", *(f"repo-{each}" for each in above))
    order = ["A", "C", "D", "E", "B"]
    for position, name in enumerate(order):
        for number in range(position + 1):
            put_npm(
                ca, "widget", f"{number}.0.0", content=name.encode(), to=f"repo-{name}"
            )
        ca.put_package_origin_configuration(
            **WIDGET,
            repository=f"repo-{name}",
            restrictions={"publish": "ALLOW", "upstream": "ALLOW"},
        )

    found = [
        tarball(ca, "repo-my", f"{number}.0.0").text for number in range(len(order))
    ]

    assert found == order


def test_what_a_client_fetches_is_retained_where_it_asked(
    ca: Any, receive_events: ReceiveEvents
) -> None:
    create(ca, "middle", "dev")
    link(ca, "prod", "middle")
    put_npm(ca, "widget", "1.0.0")
    put_npm(ca, "widget", "2.0.0")
    receive_events()

    packument = get(ca, "prod", "widget").json()
    assert (list(packument["versions"]), stored(ca, "prod")) == (
        ["1.0.0", "2.0.0"],
        set(),
    )
    assert receive_events() == []
    assert tarball(ca, "prod", "1.0.0").content == b"tar"

    assert (stored(ca, "prod"), stored(ca, "middle")) == ({"1.0.0"}, set())
    [event] = receive_events()
    detail = event["detail"]
    assert (detail["repositoryName"], detail["operationType"]) == ("prod", "Created")
    assert (detail["packageVersionState"], detail["changes"]["assetsAdded"]) == (
        "Published",
        1,
    )
    [version] = ca.list_package_versions(**WIDGET, repository="prod")["versions"]
    assert version["origin"] == {
        "domainEntryPoint": {"repositoryName": "dev"},
        "originType": "INTERNAL",
    }
    tarball(ca, "prod", "1.0.0")
    assert receive_events() == []


@pytest.mark.parametrize(
    "change", ["delete the repository", "disconnect", "delete the version"]
)
def test_a_retained_version_stays(ca: Any, change: str) -> None:
    link(ca, "prod", "dev")
    put_npm(ca, "widget", "1.0.0")
    put_npm(ca, "widget", "2.0.0")
    tarball(ca, "prod", "1.0.0")

    if change == "disconnect":
        link(ca, "prod")
    elif change == "delete the version":
        ca.delete_package_versions(
            **WIDGET, repository="dev", versions=["1.0.0", "2.0.0"]
        )
    else:
        ca.delete_repository(domain="acme", repository="dev")

    assert tarball(ca, "prod", "1.0.0").status_code == 200
    assert tarball(ca, "prod", "2.0.0").status_code == 404
    assert list(get(ca, "prod", "widget").json()["versions"]) == ["1.0.0"]


@pytest.mark.parametrize(
    ("in_prod", "in_dev", "status"),
    [
        (None, "Published", 200),
        (None, "Unlisted", 200),
        (None, "Archived", 404),
        ("Archived", "Published", 404),
        ("Unlisted", "Archived", 200),
    ],
)
def test_the_first_repository_that_contains_the_version_decides(
    ca: Any, in_prod: str | None, in_dev: str, status: int
) -> None:
    link(ca, "prod", "dev")
    put_npm(ca, "widget", "1.0.0")
    if in_prod:
        tarball(ca, "prod", "1.0.0")
        set_status(ca, "prod", "1.0.0", in_prod)
    if in_dev != "Published":
        set_status(ca, "dev", "1.0.0", in_dev)

    assert tarball(ca, "prod", "1.0.0").status_code == status
    listed = get(ca, "prod", "widget")
    assert (listed.status_code == 200) == (in_prod is None and in_dev == "Published")


def test_the_first_upstream_wins(ca: Any) -> None:
    create(ca, "edge", "staging", "dev")
    put_npm(ca, "widget", "1.0.0", content=b"of dev")
    put_npm(ca, "widget", "1.0.0", content=b"of staging", to="staging")

    assert tarball(ca, "edge", "1.0.0").content == b"of staging"


def test_no_more_than_25_repositories_are_searched(ca: Any) -> None:
    for number in range(24):
        create(ca, f"r{number:02}", *([f"r{number - 1:02}"] if number else ["dev"]))
    put_npm(ca, "widget", "1.0.0")

    assert tarball(ca, "r23", "1.0.0").status_code == 200  # dev is the 25th
    create(ca, "r24", "r22")
    create(ca, "r25", "r24")
    ca.delete_package(**WIDGET, repository="r23")
    assert tarball(ca, "r25", "1.0.0").status_code == 404


def test_the_api_ignores_upstreams(ca: Any) -> None:
    link(ca, "prod", "dev")
    put_npm(ca, "widget", "1.0.0")
    named = {**WIDGET, "repository": "prod"}
    one = {**named, "packageVersion": "1.0.0"}

    for operation, parameters in {
        "describe_package_version": one,
        "list_package_version_assets": one,
        "get_package_version_asset": {**one, "asset": "package.tgz"},
        "list_package_versions": named,
        "describe_package": named,
        "delete_package_versions": {**named, "versions": ["1.0.0"]},
        "update_package_versions_status": {
            **named,
            "versions": ["1.0.0"],
            "targetStatus": "Archived",
        },
    }.items():
        with pytest.raises(ca.exceptions.ResourceNotFoundException):
            getattr(ca, operation)(**parameters)
    assert ca.list_packages(domain="acme", repository="prod")["packages"] == []


def test_pip_and_maven_read_through_upstreams_too(ca: Any) -> None:
    link(ca, "prod", "dev")
    post_pypi(ca, "gadget", "1.0", "gadget-1.0.tar.gz", b"files")
    url, headers = endpoint(ca, "maven")
    requests.put(
        f"{url}com/acme/app/1.0/app-1.0.jar", data=b"jar", headers=headers, timeout=10
    )
    ca.update_package_versions_status(
        domain="acme",
        repository="dev",
        format="maven",
        namespace="com.acme",
        package="app",
        versions=["1.0"],
        targetStatus="Published",
    )

    assert "gadget-1.0.tar.gz" in get(ca, "prod", "simple/gadget/", "pypi").text
    assert (
        get(ca, "prod", "simple/gadget/1.0/gadget-1.0.tar.gz", "pypi").content
        == b"files"
    )
    assert (
        "<latest>1.0</latest>"
        in get(ca, "prod", "com/acme/app/maven-metadata.xml", "maven").text
    )
    assert get(ca, "prod", "com/acme/app/1.0/app-1.0.jar", "maven").content == b"jar"
    listed = ca.list_packages(domain="acme", repository="prod")["packages"]
    assert {each["package"] for each in listed} == {"gadget", "app"}


def test_a_copied_version_may_be_one_that_clients_see_through_an_upstream(
    ca: Any,
) -> None:
    link(ca, "prod", "staging")
    publish_generic(ca, "1.0")
    copy(ca, "1.0")

    assert (
        copy(ca, "1.0", source="staging", to="prod")["successfulVersions"]["1.0"][
            "status"
        ]
        == "Published"
    )
    assert list_versions(ca, "prod") == {"1.0"}


# npm's tags (User Guide: npm-tags)


def allow_both(ca: Any, repository: str) -> None:
    ca.put_package_origin_configuration(
        **WIDGET,
        repository=repository,
        restrictions={"publish": "ALLOW", "upstream": "ALLOW"},
    )


def tags(ca: Any, repository: str) -> dict[str, str]:
    return dict(get(ca, repository, "-/package/widget/dist-tags").json())


def test_tags_of_upstreams_are_merged_and_win(ca: Any) -> None:
    link(ca, "staging", "dev")
    link(ca, "prod", "staging")
    put_npm(ca, "widget", "1.0.0", tag="latest", to="prod")
    put_npm(ca, "widget", "1.0.1", tag="alpha", to="staging")
    assert tags(ca, "prod") == {"latest": "1.0.0"}

    allow_both(ca, "prod")
    assert tags(ca, "prod") == {"latest": "1.0.0", "alpha": "1.0.1"}
    put_npm(ca, "widget", "1.1.0", tag="latest")
    assert tags(ca, "prod") == {"latest": "1.0.0", "alpha": "1.0.1"}
    allow_both(ca, "staging")
    assert tags(ca, "prod") == {"latest": "1.1.0", "alpha": "1.0.1"}


def test_of_two_upstreams_the_first_one_sets_the_tag(ca: Any) -> None:
    create(ca, "edge", "staging", "dev")
    put_npm(ca, "widget", "1.0.0")
    put_npm(ca, "widget", "2.0.0", to="staging")

    assert tags(ca, "edge") == {"latest": "2.0.0"}


# Origin controls (User Guide: package-origin-controls)


def test_a_version_of_an_upstream_cannot_be_published(ca: Any) -> None:
    link(ca, "prod", "staging")
    link(ca, "staging", "dev")
    put_npm(ca, "widget", "1.0.0")

    response = put_npm(ca, "widget", "1.0.0", to="prod")

    assert (response.status_code, response.json()["error"]) == (
        409,
        "Package version widget 1.0.0 is present in an upstream repository",
    )
    assert put_npm(ca, "widget", "1.0.1", to="prod").status_code == 201
    # the package now has its upstreams blocked, so that no upstream can be reached
    assert put_npm(ca, "widget", "1.0.0", to="prod").status_code == 201


@pytest.mark.parametrize(("upstream", "status"), [("ALLOW", 409), ("BLOCK", 201)])
def test_blocked_upstreams_let_any_version_be_published(
    ca: Any, upstream: str, status: int
) -> None:
    link(ca, "prod", "dev")
    put_npm(ca, "widget", "1.0.0")
    ca.put_package_origin_configuration(
        **WIDGET,
        repository="prod",
        restrictions={"publish": "ALLOW", "upstream": upstream},
    )

    assert put_npm(ca, "widget", "1.0.0", to="prod").status_code == status
    assert put_npm(ca, "widget", "1.0.1", to="prod").status_code == 201


def test_a_blocked_package_cannot_be_published_by_any_client(ca: Any) -> None:
    blocked = {"publish": "BLOCK", "upstream": "ALLOW"}
    for names in (
        {"format": "npm", "package": "widget"},
        {"format": "pypi", "package": "gadget"},
        {"format": "maven", "namespace": "com.acme", "package": "app"},
        {"format": "generic", "namespace": "acme", "package": "model"},
    ):
        ca.put_package_origin_configuration(
            domain="acme", repository="dev", **names, restrictions=blocked
        )
    url, headers = endpoint(ca, "maven")
    jar = f"{url}com/acme/app/1.0/app-1.0.jar"

    assert put_npm(ca, "widget", "1.0.0").status_code == 409
    assert post_pypi(ca, "gadget", "1.0", "gadget-1.0.tar.gz", b"").status_code == 409
    assert (
        requests.put(jar, data=b"jar", headers=headers, timeout=10).status_code == 409
    )
    with pytest.raises(ca.exceptions.ConflictException):
        publish_generic(ca, "1.0")


def test_a_copy_is_not_subject_to_origin_controls(ca: Any) -> None:
    publish_generic(ca, "1.0")
    ca.put_package_origin_configuration(
        **MODEL,
        repository="staging",
        restrictions={"publish": "BLOCK", "upstream": "BLOCK"},
    )

    assert list(copy(ca, "1.0")["successfulVersions"]) == ["1.0"]


@pytest.mark.parametrize("repository", ["prod", "staging"])
def test_blocked_upstreams_hide_versions_from_there_on(
    ca: Any, repository: str
) -> None:
    link(ca, "staging", "dev")
    link(ca, "prod", "staging")
    put_npm(ca, "widget", "1.0.0")
    ca.put_package_origin_configuration(
        **WIDGET,
        repository=repository,
        restrictions={"publish": "ALLOW", "upstream": "BLOCK"},
    )

    assert get(ca, "prod", "widget").status_code == 404
    assert tarball(ca, "prod", "1.0.0").status_code == 404


def test_a_retained_package_stays_open_for_its_upstreams(ca: Any) -> None:
    link(ca, "prod", "dev")
    put_npm(ca, "widget", "1.0.0")
    tarball(ca, "prod", "1.0.0")

    put_npm(ca, "widget", "1.1.0")

    controls = ca.describe_package(**WIDGET, repository="prod")["package"][
        "originConfiguration"
    ]
    assert controls["restrictions"]["upstream"] == "ALLOW"
    assert tarball(ca, "prod", "1.1.0").status_code == 200
