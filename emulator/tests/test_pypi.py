"""The Python endpoint, with the real twine and pip and with single requests."""

import hashlib
from pathlib import Path
from typing import Any

import pytest
import requests

from emulator_support.emulated_aws import Aws
from emulator_support.event_listener import ReceiveEvents, listen
from emulator_support.package_managers import Shell, sdist, wheel
from emulator_support.package_uploads import endpoint, post_pypi
from moto_codeartifact.server import Server

GADGET = {
    "domain": "acme",
    "repository": "dev",
    "format": "pypi",
    "package": "acme-gadget",
}


@pytest.fixture
def shell(tmp_path: Path, server: Server, server_ca: Any) -> Shell:
    shell = Shell(tmp_path, server)
    shell.login("twine")
    return shell


def listen_to(server: Server) -> ReceiveEvents:
    aws = Aws(server.url)
    return listen(aws.client("sqs"), aws.client("events"))


def upload(shell: Shell, *files: Path, ok: bool = True) -> str:
    names = [str(file) for file in files]
    return shell.run(
        "twine", "upload", "--non-interactive", "-r", "codeartifact", *names, ok=ok
    )


def test_uploading_two_files_after_login_creates_one_version(
    shell: Shell, server_ca: Any, tmp_path: Path
) -> None:
    upload(
        shell,
        sdist(tmp_path, "Acme_Gadget", "1.0"),
        wheel(tmp_path, "Acme_Gadget", "1.0"),
    )

    assets = server_ca.list_package_version_assets(**GADGET, packageVersion="1.0")[
        "assets"
    ]
    assert [asset["name"] for asset in assets] == [
        "Acme_Gadget-1.0-py3-none-any.whl",
        "Acme_Gadget-1.0.tar.gz",
    ]
    described = server_ca.describe_package_version(**GADGET, packageVersion="1.0")[
        "packageVersion"
    ]
    assert (described["packageName"], described["displayName"]) == (
        "acme-gadget",
        "Acme-Gadget",
    )
    assert (described["summary"], described["status"]) == ("A gadget", "Published")


def test_each_new_file_gives_the_version_a_new_revision(
    shell: Shell, tmp_path: Path
) -> None:
    receive_events = listen_to(shell.server)

    upload(shell, sdist(tmp_path, "acme_gadget", "1.0"))
    upload(shell, wheel(tmp_path, "acme_gadget", "1.0"))

    created, updated = [event["detail"] for event in receive_events()]
    assert (created["operationType"], updated["operationType"]) == (
        "Created",
        "Updated",
    )
    assert created["packageVersionRevision"] != updated["packageVersionRevision"]
    assert updated["packageVersionState"] == "Published"
    assert updated["changes"] == {
        "assetsAdded": 1,
        "assetsRemoved": 0,
        "assetsUpdated": 0,
        "metadataUpdated": False,
        "statusChanged": False,
    }


def test_uploading_the_same_file_again_succeeds_and_changes_nothing(
    shell: Shell, tmp_path: Path
) -> None:
    receive_events = listen_to(shell.server)
    file = wheel(tmp_path, "acme_gadget", "1.0")

    upload(shell, file)
    upload(shell, file)

    assert len(receive_events()) == 1


def test_uploading_a_different_file_of_the_same_name_is_refused(
    shell: Shell, tmp_path: Path
) -> None:
    upload(shell, wheel(tmp_path, "acme_gadget", "1.0"))

    output = upload(
        shell, wheel(tmp_path, "acme_gadget", "1.0", "CHANGED = True"), ok=False
    )

    assert "409 Conflict" in output


def test_pip_installs_what_twine_uploaded(shell: Shell, tmp_path: Path) -> None:
    upload(
        shell,
        wheel(tmp_path, "acme_gadget", "1.0"),
        wheel(tmp_path, "acme_gadget", "1.1"),
    )
    shell.login("pip")

    shell.run(
        "pip",
        "install",
        "--no-deps",
        "--no-input",
        "--target",
        str(tmp_path / "lib"),
        "Acme.Gadget",
    )

    assert (tmp_path / "lib" / "acme_gadget.py").read_text() == "VERSION = '1.1'\n"


def test_pip_accepts_an_index_url_with_the_token(
    shell: Shell, server_ca: Any, tmp_path: Path
) -> None:
    upload(shell, wheel(tmp_path, "acme_gadget", "1.0"))
    url, headers = endpoint(server_ca, "pypi")
    token = headers["Authorization"].removeprefix("Bearer ")
    index = url.replace("http://", f"http://aws:{token}@") + "simple/"
    command = [
        "pip",
        "download",
        "--no-deps",
        "--no-input",
        "--index-url",
        index,
        "acme-gadget==1.0",
    ]

    shell.run(*command)

    assert (tmp_path / "acme_gadget-1.0-py3-none-any.whl").exists()


def test_a_wrong_token_is_unauthorized(shell: Shell, tmp_path: Path) -> None:
    pypirc = tmp_path / ".pypirc"
    pypirc.write_text(pypirc.read_text().replace("password = ", "password = wrong"))

    output = upload(shell, wheel(tmp_path, "acme_gadget", "1.0"), ok=False)

    assert "401 Unauthorized" in output


def test_the_api_requires_the_normalised_name(ca: Any) -> None:
    post_pypi(ca, "Acme_Gadget", "1.0", "acme_gadget-1.0.tar.gz", b"files")

    with pytest.raises(ca.exceptions.ValidationException) as error:
        ca.list_package_versions(**{**GADGET, "package": "Acme_Gadget"})

    assert error.value.response["Error"]["Message"] == (
        "Package name 'Acme_Gadget' is not normalized; use 'acme-gadget'"
    )
    assert [v["version"] for v in ca.list_package_versions(**GADGET)["versions"]] == [
        "1.0"
    ]


def test_a_file_with_a_wrong_digest_is_refused(ca: Any) -> None:
    url, headers = endpoint(ca, "pypi")
    form = {
        ":action": "file_upload",
        "name": "acme-gadget",
        "version": "1.0",
        "sha256_digest": "0" * 64,
    }

    response = requests.post(
        url,
        data=form,
        files={"content": ("a.tar.gz", b"files")},
        headers=headers,
        timeout=10,
    )

    assert (response.status_code, response.text) == (
        400,
        "The content does not have the given sha256_digest",
    )


@pytest.mark.parametrize("digest", ["md5_digest", "sha256_digest", "blake2_256_digest"])
def test_each_digest_of_the_form_is_compared(ca: Any, digest: str) -> None:
    url, headers = endpoint(ca, "pypi")
    right = {
        "md5_digest": hashlib.md5(b"files").hexdigest(),
        "sha256_digest": hashlib.sha256(b"files").hexdigest(),
        "blake2_256_digest": hashlib.blake2b(b"files", digest_size=32).hexdigest(),
    }
    form = {":action": "file_upload", "name": "acme-gadget", "version": "1.0", **right}

    def upload(fields: dict[str, str]) -> requests.Response:
        files = {"content": ("a.tar.gz", b"files")}
        return requests.post(url, data=fields, files=files, headers=headers, timeout=10)

    refused = upload({**form, digest: "0" * len(right[digest])})
    assert (refused.status_code, refused.text) == (
        400,
        f"The content does not have the given {digest}",
    )
    assert ca.list_packages(domain="acme", repository="dev")["packages"] == []
    assert upload(form).status_code == 200


@pytest.mark.parametrize(("status", "download"), [("Unlisted", 200), ("Archived", 404)])
def test_only_published_versions_are_listed(
    ca: Any, status: str, download: int
) -> None:
    post_pypi(ca, "acme-gadget", "1.0", "acme_gadget-1.0.tar.gz", b"files")
    ca.update_package_versions_status(**GADGET, versions=["1.0"], targetStatus=status)
    url, headers = endpoint(ca, "pypi")

    project = requests.get(
        f"{url}simple/acme-gadget/", headers=headers, timeout=10
    ).text
    file = requests.get(
        f"{url}simple/acme-gadget/1.0/acme_gadget-1.0.tar.gz",
        headers=headers,
        timeout=10,
    )

    assert "acme_gadget-1.0.tar.gz" not in project
    assert file.status_code == download


def test_an_archived_version_accepts_no_more_files(
    ca: Any, receive_events: ReceiveEvents
) -> None:
    post_pypi(ca, "acme-gadget", "1.0", "acme_gadget-1.0.tar.gz", b"files")
    ca.update_package_versions_status(
        **GADGET, versions=["1.0"], targetStatus="Archived"
    )

    response = post_pypi(
        ca, "acme-gadget", "1.0", "acme_gadget-1.0-py3-none-any.whl", b"wheel"
    )

    assert (response.status_code, response.text) == (
        409,
        "Package version acme-gadget 1.0 is Archived",
    )
    assert [event["detail"]["packageVersionState"] for event in receive_events()] == [
        "Published",
        "Archived",
    ]
