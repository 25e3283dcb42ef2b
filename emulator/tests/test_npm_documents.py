"""Documents that an npm client would not send: they are refused and change nothing."""

import base64
import hashlib
import json
from collections.abc import Callable
from typing import Any

import pytest
import requests

from emulator_support.event_listener import ReceiveEvents
from emulator_support.package_uploads import endpoint, put_npm
from test_npm import WIDGET

NAME = "@acme/widget"
TARBALL = b"tar"
Document = dict[str, Any]
Change = Callable[[Document], Any]


def document(name: str = NAME, version: str = "1.0.0") -> Document:
    """Return the document of `npm publish`."""
    attachment = {"data": base64.b64encode(TARBALL).decode(), "length": len(TARBALL)}
    dist = {
        "shasum": hashlib.sha1(TARBALL).hexdigest(),
        "integrity": "sha512-"
        + base64.b64encode(hashlib.sha512(TARBALL).digest()).decode(),
    }
    return {
        "_id": name,
        "name": name,
        "dist-tags": {"latest": version},
        "versions": {version: {"name": name, "version": version, "dist": dist}},
        "_attachments": {f"{name}-{version}.tgz": attachment},
    }


def put(ca: Any, body: bytes, path: str = "@acme%2fwidget") -> requests.Response:
    url, headers = endpoint(ca, "npm")
    return requests.put(url + path, data=body, headers=headers, timeout=10)


def manifest(made: Document) -> Document:
    return made["versions"]["1.0.0"]


def attachment(made: Document) -> Document:
    return made["_attachments"][f"{NAME}-1.0.0.tgz"]


REFUSED: dict[str, Change] = {
    "a tag of a version that is not there": lambda d: d["dist-tags"].update(
        latest="9.9.9"
    ),
    "one of two tags": lambda d: d["dist-tags"].update(next="9.9.9"),
    "a tag without a version": lambda d: d["dist-tags"].update(latest=None),
    "an empty tag": lambda d: d["dist-tags"].update({"": "1.0.0"}),
    "tags in a list": lambda d: d.update({"dist-tags": ["latest"]}),
    "a wrong shasum": lambda d: manifest(d)["dist"].update(shasum="0" * 40),
    "a wrong integrity": lambda d: manifest(d)["dist"].update(integrity="sha512-AAAA"),
    "a wrong one of two digests": lambda d: manifest(d)["dist"].update(
        integrity=manifest(d)["dist"]["integrity"] + " sha256-AAAA"
    ),
    "dist in a list": lambda d: manifest(d).update(dist=[]),
    "another name": lambda d: d.update(name="@acme/gadget"),
    "another id": lambda d: d.update(_id="@acme/gadget"),
    "another name in the manifest": lambda d: manifest(d).update(name="@acme/gadget"),
    "no name in the manifest": lambda d: manifest(d).pop("name"),
    "another version in the manifest": lambda d: manifest(d).update(version="1.0.1"),
    "no version": lambda d: d.update(versions={}),
    "two versions": lambda d: d["versions"].update(
        {"2.0.0": {"name": NAME, "version": "2.0.0"}}
    ),
    "versions in a list": lambda d: d.update(versions=[manifest(d)]),
    "a manifest that is a text": lambda d: d["versions"].update({"1.0.0": "text"}),
    "no attachment": lambda d: d.update(_attachments={}),
    "no package among the attachments": lambda d: d.update(
        _attachments={"x.sigstore": attachment(d)}
    ),
    "two packages": lambda d: d["_attachments"].update({"other.tgz": attachment(d)}),
    "data that is not base64": lambda d: attachment(d).update(data="dGFy*"),
    "data that is not a text": lambda d: attachment(d).update(data=[1]),
    "no data": lambda d: attachment(d).pop("data"),
    "another length": lambda d: attachment(d).update(length=4),
}


@pytest.mark.parametrize("change", REFUSED.values(), ids=REFUSED)
def test_a_document_that_contradicts_itself_is_refused(
    ca: Any, receive_events: ReceiveEvents, change: Change
) -> None:
    made = document()
    change(made)

    response = put(ca, json.dumps(made).encode())

    assert response.status_code in (400, 404)
    assert response.json()["error"]
    assert receive_events() == []
    assert ca.list_packages(domain="acme", repository="dev")["packages"] == []


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b"1", b"null", b"\xff", b"[" * 100_000], ids=len
)
def test_a_body_that_is_no_document_is_refused(ca: Any, body: bytes) -> None:
    response = put(ca, body)

    assert response.status_code == 400
    assert response.json()["error"] in (
        "The body is not JSON",
        "The body is not a JSON object",
    )


def test_an_unchanged_document_is_accepted(ca: Any) -> None:
    made = document()
    made["_attachments"][f"{NAME}-1.0.0.sigstore"] = {"data": "e30=", "length": 2}

    assert put(ca, json.dumps(made).encode()).status_code == 201

    [version] = ca.list_package_versions(**WIDGET)["versions"]
    assert (version["version"], version["status"]) == ("1.0.0", "Published")


def test_a_refused_tag_leaves_the_package_readable(ca: Any) -> None:
    put_npm(ca, NAME, "1.0.0")
    made = document(version="1.1.0")
    made["dist-tags"] = {"latest": "2.0.0"}
    assert put(ca, json.dumps(made).encode()).status_code == 400
    url, headers = endpoint(ca, "npm")

    found = requests.get(f"{url}@acme%2fwidget", headers=headers, timeout=10)

    assert (found.status_code, found.json()["dist-tags"]) == (200, {"latest": "1.0.0"})


@pytest.mark.parametrize("body", [b"", b"1.0.0", b"{}", b"7", b'"2.0.0"', b'"../x"'])
def test_a_tag_names_a_version_of_the_repository(ca: Any, body: bytes) -> None:
    put_npm(ca, NAME, "1.0.0")
    url, headers = endpoint(ca, "npm")

    tag = f"{url}-/package/@acme%2fwidget/dist-tags/stable"
    assert requests.put(tag, data=body, headers=headers, timeout=10).status_code in (
        400,
        404,
    )

    tags = requests.get(
        f"{url}-/package/@acme%2fwidget/dist-tags", headers=headers, timeout=10
    ).json()
    assert tags == {"latest": "1.0.0"}


def test_head_answers_like_get_without_a_body(server_ca: Any) -> None:
    put_npm(server_ca, NAME, "1.0.0")
    url, headers = endpoint(server_ca, "npm")

    for path in ("@acme%2fwidget", "@acme/widget/-/widget-1.0.0.tgz"):
        get = requests.get(url + path, headers=headers, timeout=10)
        head = requests.head(url + path, headers=headers, timeout=10)
        assert (head.status_code, head.content) == (200, b"")
        assert head.headers["content-length"] == str(len(get.content))
    assert (
        requests.head(f"{url}@acme%2fnothing", headers=headers, timeout=10).status_code
        == 404
    )


def test_a_deprecation_is_stored_as_metadata(
    ca: Any, receive_events: ReceiveEvents
) -> None:
    put_npm(ca, NAME, "1.0.0")
    put_npm(ca, NAME, "1.1.0")
    receive_events()
    url, headers = endpoint(ca, "npm")
    packument = requests.get(f"{url}@acme%2fwidget", headers=headers, timeout=10).json()
    packument["versions"]["1.0.0"]["deprecated"] = "leaks"

    assert put(ca, json.dumps(packument).encode()).status_code == 200
    assert put(ca, json.dumps(packument).encode()).status_code == 200

    found = requests.get(f"{url}@acme%2fwidget", headers=headers, timeout=10).json()[
        "versions"
    ]
    assert (found["1.0.0"]["deprecated"], found["1.1.0"].get("deprecated")) == (
        "leaks",
        None,
    )
    [event] = receive_events()
    assert event["detail"]["changes"]["metadataUpdated"]
    assert (event["detail"]["packageVersion"], event["detail"]["operationType"]) == (
        "1.0.0",
        "Updated",
    )
    packument["versions"]["1.0.0"]["deprecated"] = ""
    put(ca, json.dumps(packument).encode())
    found = requests.get(f"{url}@acme%2fwidget", headers=headers, timeout=10).json()[
        "versions"
    ]
    assert "deprecated" not in found["1.0.0"]
