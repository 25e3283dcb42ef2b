"""Requests that no client sends: each is answered, none breaks the emulator or what it has stored."""

import base64
import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest
import requests
from botocore.exceptions import ParamValidationError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from moto import mock_aws

from emulator_support.codeartifact_calls import STAGES, create_repositories
from emulator_support.emulated_aws import Aws
from emulator_support.package_uploads import endpoint, put_npm
from moto_codeartifact.server import Server

HOSTILE = st.sampled_from(
    [
        *("..", ".", "", " ", "-", "@", "@/", "@a/", "%", "#", "?", "\\", "\x00", "\n"),
        *(
            "a" * 300,
            "é",
            "\ud7ff",
            "💥",
            "-rev",
            "-/",
            "package",
            "dist-tags",
            "latest",
        ),
        *("maven-metadata.xml", "1.0-SNAPSHOT", "widget", "widget-1.0.0.tgz", "1.0.0"),
        *("simple", "a.md5", "a.pom", "x.sha1", "..%2f..", "com", "*", "{}", "[]"),
    ]
)
PATHS = st.lists(HOSTILE, min_size=1, max_size=6).map(
    lambda parts: "/".join(quote(part, safe="") for part in parts)
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    "name",
                    "_id",
                    "versions",
                    "dist-tags",
                    "_attachments",
                    "data",
                    "dist",
                    "1.0.0",
                    "version",
                    "widget-1.0.0.tgz",
                    "integrity",
                    "license",
                    "readme",
                ]
            ),
            inner,
            max_size=5,
        )
    ),
    max_leaves=12,
)
BODIES = st.binary(max_size=20) | JSON.map(lambda each: json.dumps(each).encode())
METHODS = st.sampled_from(["GET", "PUT", "POST", "DELETE", "HEAD", "PATCH"])


@pytest.fixture(scope="module")
def client() -> Iterator[Any]:
    """A client, and a domain with an npm package."""
    with mock_aws():
        client = Aws(
            None,
            (("aws_access_key_id", "testing"), ("aws_secret_access_key", "testing")),
        ).client("codeartifact")
        create_repositories(client, STAGES)
        assert put_npm(client, "widget", "1.0.0").status_code == 201
        yield client


@pytest.mark.parametrize("format_", ["npm", "pypi", "maven"])
@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(method=METHODS, path=PATHS, body=BODIES)
def test_a_client_gets_no_server_error_and_breaks_nothing(
    client: Any, format_: str, method: str, path: str, body: bytes
) -> None:
    url, headers = endpoint(client, format_)

    answer = requests.request(
        method,
        url + path,
        data=body,
        headers=headers,
        timeout=10,
        allow_redirects=False,
    )

    assert answer.status_code < 500, answer.text
    npm, headers = endpoint(client, "npm")
    found = requests.get(f"{npm}widget", headers=headers, timeout=10)
    assert "1.0.0" in found.json()["versions"]


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    document=st.dictionaries(
        st.sampled_from(
            ["name", "_id", "versions", "dist-tags", "_attachments", "readme"]
        ),
        JSON,
    )
)
def test_no_document_breaks_a_package(client: Any, document: dict[str, Any]) -> None:
    url, headers = endpoint(client, "npm")
    data = base64.b64encode(b"tar").decode()
    whole = {
        "_id": "widget",
        "name": "widget",
        "dist-tags": {"latest": "1.0.1"},
        "versions": {"1.0.1": {"name": "widget", "version": "1.0.1"}},
        "_attachments": {"widget-1.0.1.tgz": {"data": data}},
    }

    answer = requests.put(
        f"{url}widget", json={**whole, **document}, headers=headers, timeout=10
    )

    assert answer.status_code < 500, answer.text
    assert requests.get(f"{url}widget", headers=headers, timeout=10).status_code == 200


@pytest.mark.parametrize(
    "authorization",
    ["", "Bearer", "Basic", "Basic ////", "Basic gICA", "Basic YXdz", "Digest x", "é"],
)
def test_credentials_that_cannot_be_read_are_unauthorized(
    server: Server, server_ca: Any, authorization: str
) -> None:
    url, _ = endpoint(server_ca, "npm")
    headers = {"Authorization": authorization.encode()}

    assert requests.get(f"{url}widget", headers=headers, timeout=10).status_code == 401


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    operation=st.sampled_from(
        [
            "describe_package",
            "describe_package_version",
            "list_package_versions",
            "get_package_version_asset",
            "list_package_version_assets",
            "delete_package",
        ]
    ),
    namespace=HOSTILE,
    name=HOSTILE,
    version=HOSTILE,
    format_=st.sampled_from(["npm", "pypi", "maven", "nuget", "generic", "swift"]),
)
def test_a_caller_gets_an_error_of_the_model(
    client: Any, operation: str, namespace: str, name: str, version: str, format_: str
) -> None:
    shape = client.meta.service_model.operation_model(
        client.meta.method_to_api_mapping[operation]
    ).input_shape
    everything = {
        "domain": "acme",
        "repository": "prod",
        "format": format_,
        "namespace": namespace,
        "package": name,
        "packageVersion": version,
        "asset": name,
    }
    given = {key: value for key, value in everything.items() if key in shape.members}
    given = {key: value for key, value in given.items() if value}
    model = client.exceptions

    with pytest.raises(
        (
            model.ValidationException,
            model.ResourceNotFoundException,
            ParamValidationError,
        )
    ):
        getattr(client, operation)(**given)
