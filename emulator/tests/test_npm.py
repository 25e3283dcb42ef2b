"""The npm endpoint, with the real npm and with single requests."""

import shutil
from pathlib import Path
from typing import Any

import pytest
import requests

from emulator_support.emulated_aws import Aws
from emulator_support.event_listener import listen
from emulator_support.package_managers import Shell, npm_package
from emulator_support.package_uploads import endpoint, put_npm
from moto_codeartifact.server import Server

npm_missing = pytest.mark.skipif(
    shutil.which("npm") is None, reason="npm is not installed"
)
WIDGET = {
    "domain": "acme",
    "repository": "dev",
    "format": "npm",
    "namespace": "acme",
    "package": "widget",
}


@pytest.fixture
def shell(tmp_path: Path, server: Server, server_ca: Any) -> Shell:
    shell = Shell(tmp_path, server)
    shell.login("npm")
    return shell


@npm_missing
def test_publishing_after_login_creates_a_version_whose_namespace_has_no_at_sign(
    shell: Shell, server_ca: Any, tmp_path: Path
) -> None:
    aws = Aws(shell.server.url)
    receive_events = listen(aws.client("sqs"), aws.client("events"))

    shell.run(
        "npm", "publish", cwd=npm_package(tmp_path / "p", "@acme/widget", "1.2.3")
    )

    [version] = server_ca.list_package_versions(**WIDGET)["versions"]
    assert (version["version"], version["status"]) == ("1.2.3", "Published")
    described = server_ca.describe_package_version(**WIDGET, packageVersion="1.2.3")[
        "packageVersion"
    ]
    assert described["displayName"] == "@acme/widget"
    [asset] = server_ca.list_package_version_assets(**WIDGET, packageVersion="1.2.3")[
        "assets"
    ]
    assert asset["name"] == "package.tgz"
    [event] = receive_events()
    assert event["detail"]["packageNamespace"] == "acme"
    assert event["detail"]["packageVersionRevision"] == version["revision"]
    assert (
        event["detail"]["operationType"],
        event["detail"]["packageVersionState"],
    ) == (
        "Created",
        "Published",
    )
    assert event["detail"]["changes"] == {
        "assetsAdded": 1,
        "assetsRemoved": 0,
        "assetsUpdated": 0,
        "metadataUpdated": True,
        "statusChanged": True,
    }


@npm_missing
@pytest.mark.parametrize("name", ["@acme/widget", "widget"])
def test_a_published_package_can_be_installed(
    shell: Shell, tmp_path: Path, name: str
) -> None:
    shell.run(
        "npm", "publish", cwd=npm_package(tmp_path / "p", name, "1.2.3", "'seen'")
    )
    consumer = npm_package(tmp_path / "consumer", "consumer", "0.0.1")

    shell.run("npm", "install", name, cwd=consumer)

    assert (
        consumer / "node_modules" / name / "index.js"
    ).read_text() == "module.exports = 'seen';\n"


@npm_missing
def test_publishing_a_version_again_is_refused(shell: Shell, tmp_path: Path) -> None:
    package = npm_package(tmp_path / "p", "widget", "1.0.0")
    shell.run("npm", "publish", cwd=package)

    output = shell.run(
        "npm", "publish", cwd=npm_package(package, "widget", "1.0.0", "2"), ok=False
    )

    assert "cannot publish over" in output.lower()


@npm_missing
def test_dist_tags_can_be_listed_set_and_removed(shell: Shell, tmp_path: Path) -> None:
    for version in ("1.0.0", "2.0.0"):
        shell.run(
            "npm",
            "publish",
            cwd=npm_package(tmp_path / version, "@acme/widget", version),
        )

    shell.run("npm", "dist-tag", "add", "@acme/widget@1.0.0", "stable")
    assert shell.run("npm", "dist-tag", "ls", "@acme/widget").splitlines() == [
        "latest: 2.0.0",
        "stable: 1.0.0",
    ]
    shell.run("npm", "dist-tag", "rm", "@acme/widget", "stable")
    assert shell.run("npm", "dist-tag", "ls", "@acme/widget").splitlines() == [
        "latest: 2.0.0"
    ]


@npm_missing
def test_ping_succeeds_with_a_token_and_fails_without(
    shell: Shell, tmp_path: Path
) -> None:
    assert "PONG" in shell.run("npm", "ping")
    npmrc = tmp_path / ".npmrc"
    kept = [line for line in npmrc.read_text().splitlines() if "_authToken" not in line]
    npmrc.write_text("\n".join(kept))

    assert "E401" in shell.run("npm", "ping", ok=False)


@npm_missing
def test_a_wrong_token_is_unauthorized(shell: Shell, tmp_path: Path) -> None:
    npmrc = tmp_path / ".npmrc"
    npmrc.write_text(npmrc.read_text().replace("_authToken=", "_authToken=wrong"))

    output = shell.run(
        "npm", "publish", cwd=npm_package(tmp_path / "p", "widget", "1.0.0"), ok=False
    )

    assert "E401" in output


@npm_missing
def test_a_version_can_be_deprecated(shell: Shell, tmp_path: Path) -> None:
    shell.run(
        "npm", "publish", cwd=npm_package(tmp_path / "p", "@acme/widget", "1.0.0")
    )

    shell.run("npm", "deprecate", "@acme/widget@1.0.0", "use 2.0.0")

    assert (
        shell.run("npm", "view", "@acme/widget@1.0.0", "deprecated").strip()
        == "use 2.0.0"
    )


@npm_missing
@pytest.mark.parametrize("what", ["@acme/widget@1.0.0", "@acme/widget"])
def test_a_version_cannot_be_unpublished(
    shell: Shell, tmp_path: Path, what: str
) -> None:
    for version in ("1.0.0", "2.0.0"):
        shell.run(
            "npm",
            "publish",
            cwd=npm_package(tmp_path / version, "@acme/widget", version),
        )

    output = shell.run("npm", "unpublish", "--force", what, ok=False)

    assert "unpublish is not supported; use delete-package-versions" in output
    assert shell.run("npm", "view", "@acme/widget", "versions", "--json").split() == [
        "[",
        '"1.0.0",',
        '"2.0.0"',
        "]",
    ]


def test_publishing_the_same_content_again_conflicts(ca: Any) -> None:
    assert put_npm(ca, "@acme/widget", "1.0.0").status_code == 201

    again = put_npm(ca, "@acme/widget", "1.0.0")

    assert (again.status_code, again.json()) == (
        409,
        {"error": "Package version @acme/widget 1.0.0 already exists"},
    )


def test_deleting_a_version_deletes_its_tags(ca: Any) -> None:
    put_npm(ca, "@acme/widget", "1.0.0", tag="old")
    put_npm(ca, "@acme/widget", "2.0.0", tag="latest")
    ca.delete_package_versions(**WIDGET, versions=["2.0.0"])
    url, headers = endpoint(ca, "npm")

    document = requests.get(f"{url}@acme%2fwidget", headers=headers, timeout=10).json()

    assert document["dist-tags"] == {"old": "1.0.0"}
    assert list(document["versions"]) == ["1.0.0"]


@pytest.mark.parametrize(
    ("status", "listed", "download"),
    [("Published", True, 200), ("Unlisted", False, 200), ("Archived", False, 404)],
)
def test_the_status_decides_what_clients_see(
    ca: Any, status: str, listed: bool, download: int
) -> None:
    put_npm(ca, "@acme/widget", "1.0.0")
    put_npm(ca, "@acme/widget", "0.9.0", tag="old")
    ca.update_package_versions_status(**WIDGET, versions=["1.0.0"], targetStatus=status)
    url, headers = endpoint(ca, "npm")

    document = requests.get(f"{url}@acme%2fwidget", headers=headers, timeout=10).json()
    tarball = requests.get(
        f"{url}@acme/widget/-/widget-1.0.0.tgz", headers=headers, timeout=10
    )

    assert ("1.0.0" in document["versions"]) == listed
    assert ("latest" in document["dist-tags"]) == listed
    assert tarball.status_code == download


@pytest.mark.parametrize(
    "headers",
    [{}, {"Authorization": "Bearer wrong"}, {"Authorization": "Basic d3Jvbmc="}],
)
def test_a_request_without_a_valid_token_is_unauthorized(
    ca: Any, headers: dict[str, str]
) -> None:
    url, _ = endpoint(ca, "npm")

    assert requests.get(f"{url}-/ping", headers=headers, timeout=10).status_code == 401


def test_a_token_of_another_domain_is_unauthorized(ca: Any) -> None:
    ca.create_domain(domain="other")
    token = ca.get_authorization_token(domain="other")["authorizationToken"]
    url, _ = endpoint(ca, "npm")

    response = requests.get(
        f"{url}-/ping", headers={"Authorization": f"Bearer {token}"}, timeout=10
    )

    assert response.status_code == 401
