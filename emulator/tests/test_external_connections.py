"""Public repositories behind external connections, and what is ingested from them."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
import requests

from emulator_support.emulated_aws import Aws
from emulator_support.event_listener import ReceiveEvents
from emulator_support.package_uploads import endpoint, post_pypi, put_npm
from moto_codeartifact.packages import Metadata
from moto_codeartifact.public_repositories import PublicRepository
from test_upstreams import WIDGET, get, link, stored, tarball

Connect = Callable[[str, str], PublicRepository]
YEARS_AGO = datetime(2020, 10, 14, 11, 6, 10)  # noqa: DTZ001  moto's moments have no zone


@pytest.fixture
def connect(aws: Aws, ca: Any) -> Connect:
    """Connect a repository to a public one. Return the public one."""

    def connect(repository: str, connection: str) -> PublicRepository:
        ca.associate_external_connection(
            domain="acme", repository=repository, externalConnection=connection
        )
        return aws.backend.public_repositories[connection]

    return connect


@pytest.fixture
def npmjs(ca: Any, connect: Connect) -> PublicRepository:
    """A public repository with one package, behind prod's upstream of an upstream."""
    link(ca, "prod", "staging")
    link(ca, "staging", "dev")
    public = connect("dev", "public:npmjs")
    public.add("widget", "1.0.0", {"package.tgz": b"public"}, uploaded=YEARS_AGO)
    return public


def origin(ca: Any, repository: str, version: str) -> str:
    [found] = [
        each
        for each in ca.list_package_versions(**WIDGET, repository=repository)[
            "versions"
        ]
        if each["version"] == version
    ]
    return str(found["origin"]["domainEntryPoint"].get("externalConnectionName"))


def test_a_public_version_is_retained_where_it_enters_and_where_it_is_requested(
    ca: Any, npmjs: PublicRepository, receive_events: ReceiveEvents
) -> None:
    assert list(get(ca, "prod", "widget").json()["versions"]) == ["1.0.0"]
    assert stored(ca, "dev") == set()

    assert tarball(ca, "prod", "1.0.0").content == b"public"

    assert (stored(ca, "dev"), stored(ca, "staging"), stored(ca, "prod")) == (
        {"1.0.0"},
        set(),
        {"1.0.0"},
    )
    assert origin(ca, "dev", "1.0.0") == origin(ca, "prod", "1.0.0") == "public:npmjs"
    events = [event["detail"] for event in receive_events()]
    assert {each["repositoryName"] for each in events} == {"dev", "prod"}
    assert {
        (each["operationType"], each["packageVersionState"]) for each in events
    } == {("Created", "Published")}
    assert len({each["packageVersionRevision"] for each in events}) == 1


def test_the_time_of_a_public_version_is_its_own_for_clients_but_not_for_the_api(
    ca: Any, npmjs: PublicRepository
) -> None:
    tarball(ca, "prod", "1.0.0")

    described = ca.describe_package_version(
        **WIDGET, repository="prod", packageVersion="1.0.0"
    )

    assert described["packageVersion"]["publishedTime"].year > 2020
    assert (
        get(ca, "prod", "widget")
        .json()["time"]["1.0.0"]
        .startswith("2020-10-14T11:06:10")
    )


def test_an_ingested_package_blocks_publishing(
    ca: Any, npmjs: PublicRepository
) -> None:
    tarball(ca, "prod", "1.0.0")

    for repository in ("dev", "prod"):
        package = ca.describe_package(**WIDGET, repository=repository)["package"]
        assert package["originConfiguration"]["restrictions"] == {
            "publish": "BLOCK",
            "upstream": "ALLOW",
        }
        assert put_npm(ca, "widget", "1.0.1", to=repository).status_code == 409


def test_a_public_version_cannot_be_published(ca: Any, npmjs: PublicRepository) -> None:
    assert put_npm(ca, "widget", "1.0.0", to="prod").status_code == 409
    assert put_npm(ca, "widget", "1.0.0", to="dev").status_code == 409
    assert put_npm(ca, "widget", "1.1.0", to="prod").status_code == 201


def test_a_public_namesake_cannot_replace_an_internal_package(
    ca: Any, npmjs: PublicRepository
) -> None:
    put_npm(ca, "secret", "1.0.0", to="dev")
    npmjs.add("secret", "99.0.0", {"package.tgz": b"attack"})

    packument = get(ca, "prod", "secret").json()

    assert (list(packument["versions"]), packument["dist-tags"]) == (
        ["1.0.0"],
        {"latest": "1.0.0"},
    )
    assert get(ca, "prod", "secret/-/secret-99.0.0.tgz").status_code == 404


def test_without_blocked_upstreams_a_public_namesake_is_seen(
    ca: Any, npmjs: PublicRepository
) -> None:
    put_npm(ca, "secret", "1.0.0", to="dev")
    npmjs.add("secret", "99.0.0", {"package.tgz": b"attack"})
    ca.put_package_origin_configuration(
        domain="acme",
        repository="dev",
        format="npm",
        package="secret",
        restrictions={"publish": "ALLOW", "upstream": "ALLOW"},
    )

    assert get(ca, "prod", "secret").json()["dist-tags"] == {"latest": "99.0.0"}
    assert get(ca, "prod", "secret/-/secret-99.0.0.tgz").content == b"attack"


def test_only_packages_of_the_connections_format_are_fetched(
    ca: Any, npmjs: PublicRepository
) -> None:
    assert get(ca, "prod", "simple/widget/", "pypi").status_code == 404


def test_a_removed_connection_is_not_used(ca: Any, npmjs: PublicRepository) -> None:
    tarball(ca, "dev", "1.0.0")
    npmjs.add("widget", "2.0.0", {"package.tgz": b"newer"})
    ca.disassociate_external_connection(
        domain="acme", repository="dev", externalConnection="public:npmjs"
    )

    assert tarball(ca, "dev", "1.0.0").status_code == 200
    assert tarball(ca, "dev", "2.0.0").status_code == 404


def test_public_repositories_are_reset_with_the_backend(
    aws: Aws, npmjs: PublicRepository
) -> None:
    aws.backend.reset()

    assert not aws.backend.public_repositories["public:npmjs"].packages


def test_a_copy_does_not_ingest(ca: Any, npmjs: PublicRepository) -> None:
    with pytest.raises(ca.exceptions.ResourceNotFoundException):
        ca.copy_package_versions(
            **WIDGET,
            sourceRepository="staging",
            destinationRepository="prod",
            versions=["1.0.0"],
            includeFromUpstream=True,
        )
    assert stored(ca, "dev") == set()


GADGET = {"domain": "acme", "format": "pypi", "package": "gadget"}


@pytest.fixture
def pypi(ca: Any, connect: Connect) -> PublicRepository:
    link(ca, "prod", "dev")
    public = connect("dev", "public:pypi")
    public.add("gadget", "1.0", {"gadget-1.0.tar.gz": b"sdist"}, uploaded=YEARS_AGO)
    return public


def page(ca: Any) -> list[dict[str, Any]]:
    json_type = {"Accept": "application/vnd.pypi.simple.v1+json"}
    response = get_page(ca, json_type)
    return list(response.json()["files"])


def get_page(ca: Any, headers: dict[str, str]) -> requests.Response:

    url, token = endpoint(ca, "pypi", "prod")
    return requests.get(
        f"{url}simple/gadget/", headers={**token, **headers}, timeout=10
    )


def test_all_files_of_a_python_version_are_imported_at_once(
    ca: Any, pypi: PublicRepository
) -> None:
    pypi.add(
        "gadget",
        "2.0",
        {"gadget-2.0.tar.gz": b"sdist", "gadget-2.0-py3-none-any.whl": b"wheel"},
    )

    get(ca, "prod", "simple/gadget/2.0/gadget-2.0-py3-none-any.whl", "pypi")

    for repository in ("dev", "prod"):
        listed = ca.list_package_version_assets(
            **GADGET, repository=repository, packageVersion="2.0"
        )
        assert len(listed["assets"]) == 2


def test_new_public_files_and_yanks_reach_a_retained_version(
    ca: Any, pypi: PublicRepository, receive_events: ReceiveEvents
) -> None:
    get(ca, "prod", "simple/gadget/1.0/gadget-1.0.tar.gz", "pypi")
    assert [file["upload-time"] for file in page(ca)] == ["2020-10-14T11:06:10.000000Z"]
    receive_events()
    files = {"gadget-1.0.tar.gz": b"sdist", "gadget-1.0-py3-none-any.whl": b"wheel"}
    pypi.add(
        "gadget",
        "1.0",
        files,
        metadata=Metadata(display_name="gadget", yanked="broken"),
    )

    listed = page(ca)

    assert {(file["filename"], file["yanked"]) for file in listed} == {
        (name, "broken") for name in files
    }
    assert 'data-yanked="broken"' in get(ca, "prod", "simple/gadget/", "pypi").text
    events = [event["detail"] for event in receive_events()]
    assert [
        (each["operationType"], each["changes"]["assetsAdded"]) for each in events
    ] == [("Updated", 1)] * 2
    assert {each["repositoryName"] for each in events} == {"dev", "prod"}


@pytest.mark.parametrize(
    "obstacle", ["archived above", "upstream blocked", "connection removed"]
)
def test_a_retained_version_is_not_refreshed_if(
    ca: Any, pypi: PublicRepository, obstacle: str
) -> None:
    get(ca, "prod", "simple/gadget/1.0/gadget-1.0.tar.gz", "pypi")
    files = {"gadget-1.0.tar.gz": b"sdist", "gadget-1.0-py3-none-any.whl": b"wheel"}
    pypi.add("gadget", "1.0", files)
    if obstacle == "archived above":
        ca.update_package_versions_status(
            **GADGET, repository="dev", versions=["1.0"], targetStatus="Archived"
        )
    elif obstacle == "upstream blocked":
        ca.put_package_origin_configuration(
            **GADGET,
            repository="prod",
            restrictions={"publish": "BLOCK", "upstream": "BLOCK"},
        )
    else:
        ca.disassociate_external_connection(
            domain="acme", repository="dev", externalConnection="public:pypi"
        )

    assert [file["filename"] for file in page(ca)] == ["gadget-1.0.tar.gz"]


def test_a_version_that_was_published_is_never_yanked(
    ca: Any, pypi: PublicRepository
) -> None:
    post_pypi(ca, "tool", "1.0", "tool-1.0.tar.gz", b"files")
    pypi.add("tool", "1.0", {}, metadata=Metadata(display_name="tool", yanked=""))

    assert "data-yanked" not in get(ca, "prod", "simple/tool/", "pypi").text


def test_maven_gets_a_file_that_was_added_later(ca: Any, connect: Connect) -> None:
    link(ca, "prod", "dev")
    central = connect("dev", "public:maven-central")
    central.add(
        "aapt2", "7.3", {"aapt2-7.3.pom": b"<project/>"}, namespace="com.android"
    )
    folder = "com/android/aapt2/7.3"
    assert get(ca, "prod", f"{folder}/aapt2-7.3.pom", "maven").status_code == 200
    assert get(ca, "prod", f"{folder}/aapt2-7.3-linux.jar", "maven").status_code == 404

    files = {"aapt2-7.3.pom": b"<project/>", "aapt2-7.3-linux.jar": b"jar"}
    central.add("aapt2", "7.3", files, namespace="com.android")

    assert get(ca, "prod", f"{folder}/aapt2-7.3-linux.jar", "maven").content == b"jar"
    named = {
        "domain": "acme",
        "format": "maven",
        "namespace": "com.android",
        "package": "aapt2",
    }
    for repository in ("dev", "prod"):
        listed = ca.list_package_version_assets(
            **named, repository=repository, packageVersion="7.3"
        )
        assert len(listed["assets"]) == 2


def test_public_snapshots_are_not_imported(ca: Any, connect: Connect) -> None:
    central = connect("dev", "public:maven-central")
    central.add(
        "app",
        "1.0-SNAPSHOT",
        {"app-1.0-20260101.000000-1.jar": b"jar"},
        namespace="org.acme",
    )

    path = "org/acme/app/1.0-SNAPSHOT/app-1.0-20260101.000000-1.jar"
    assert get(ca, "dev", path, "maven").status_code == 404


def test_a_copied_revision_that_is_fresh_is_fresh_for_a_retained_version_too(
    aws: Aws, ca: Any, npmjs: PublicRepository
) -> None:
    aws.backend.settings = replace(aws.backend.settings, copied_revision="fresh")
    tarball(ca, "prod", "1.0.0")

    revisions = {
        ca.describe_package_version(
            **WIDGET, repository=repository, packageVersion="1.0.0"
        )["packageVersion"]["revision"]
        for repository in ("dev", "prod")
    }
    assert len(revisions) == 2
