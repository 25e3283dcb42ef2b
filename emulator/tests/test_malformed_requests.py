"""Requests that are not well-formed, and operations that are not served: each gets an error in JSON."""

import json
from typing import Any

import pytest
import requests
from botocore.exceptions import ClientError

from emulator_support.emulated_aws import Aws
from moto_codeartifact.server import Server

LIST = "/v1/packages?domain=acme&repository=dev"
DELETE = (
    "/v1/package/versions/delete?domain=acme&repository=dev&format=npm&package=widget"
)


def send(
    server: Server,
    path: str,
    body: bytes = b"",
    *,
    method: str = "POST",
    region: str = "eu-west-1",
) -> requests.Response:
    """Send a request that is signed for CodeArtifact."""
    scope = (
        f"Credential=AKIAIOSFODNN7EXAMPLE/20260101/{region}/codeartifact/aws4_request"
    )
    headers = {
        "Authorization": f"AWS4-HMAC-SHA256 {scope}, SignedHeaders=host, Signature=00"
    }
    return requests.request(
        method, server.url + path, data=body, headers=headers, timeout=10
    )


def error(response: requests.Response) -> tuple[int, str, str]:
    """Return the status, the code and the reason of an error in JSON."""
    document = json.loads(response.content)
    return (
        response.status_code,
        response.headers["x-amzn-ErrorType"],
        document.get("reason", ""),
    )


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"[]",
        b"1",
        b"null",
        b'"text"',
        b"\xff\xfe",
        b"[" * 100_000,
        b'{"maxResults": "abc"}',
        b'{"maxResults": true}',
        b'{"maxResults": 1.5}',
        b'{"nextToken": 7}',
    ],
    ids=lambda body: body[:24].decode("latin-1"),
)
def test_a_body_that_is_not_the_models_is_a_validation_error(
    server: Server, body: bytes
) -> None:
    assert error(send(server, "/v1/domains", body)) == (
        400,
        "ValidationException",
        "CANNOT_PARSE",
    )


@pytest.mark.parametrize(
    "body",
    [
        b'{"versions": "1.0"}',
        b'{"versions": [1]}',
        b'{"versions": {"1.0": "r"}}',
        b'{"versions": ["1.0"], "expectedStatus": []}',
    ],
)
def test_a_list_of_versions_is_a_list_of_texts(
    server: Server, server_ca: Any, body: bytes
) -> None:
    assert error(send(server, DELETE, body)) == (
        400,
        "ValidationException",
        "CANNOT_PARSE",
    )


@pytest.mark.parametrize(
    "path",
    [
        f"{LIST}&max-results=abc",
        f"{LIST}&max-results=",
        f"{LIST}&max-results=-",
        f"{LIST}&max-results=²",
        "/v1/authorization-token?domain=acme&duration=x",
    ],
)
def test_a_number_must_be_one(server: Server, server_ca: Any, path: str) -> None:
    assert error(send(server, path)) == (400, "ValidationException", "CANNOT_PARSE")


def test_a_flag_is_true_or_false(server: Server, server_ca: Any) -> None:
    path = "/v1/package/version/publish?domain=acme&repository=dev&format=generic&namespace=a&package=m"

    response = send(server, f"{path}&version=1&asset=x&unfinished=perhaps")

    assert error(response) == (400, "ValidationException", "CANNOT_PARSE")


def test_a_missing_query_parameter_is_named(server: Server, server_ca: Any) -> None:
    response = send(server, "/v1/packages?domain=acme")

    assert error(response) == (400, "ValidationException", "FIELD_VALIDATION_FAILED")
    assert (
        response.json()["message"] == "Invalid value: repository is missing in request"
    )


@pytest.mark.parametrize(
    "path", ["/v1/nothing", "/v1/domains/more", "/v2/domains", "/v1", "/nothing"]
)
def test_an_unknown_path_is_an_unknown_operation(server: Server, path: str) -> None:
    response = send(server, path)

    assert error(response) == (400, "ValidationException", "UNKNOWN_OPERATION")
    assert response.json()["message"] == f"There is no operation POST {path}"


def test_the_operation_is_that_of_the_path_and_of_nothing_else(server: Server) -> None:
    assert send(server, "/v1/domains?Action=DeleteDomain").json() == {"domains": []}


def test_a_region_without_the_service_is_named(server: Server) -> None:
    response = send(server, "/v1/domains", region="mars-north-1")

    assert error(response) == (400, "ValidationException", "OTHER")
    assert (
        response.json()["message"]
        == "CodeArtifact is not available in the region 'mars-north-1'"
    )


@pytest.mark.parametrize(
    ("operation", "parameters"),
    [
        ("create_package_group", {"domain": "acme", "packageGroup": "/npm/*"}),
        ("list_package_groups", {"domain": "acme"}),
        ("list_allowed_repositories_for_group", None),
    ],
)
def test_an_operation_that_is_not_served_is_named_and_not_retried(
    aws: Aws, operation: str, parameters: dict[str, str] | None
) -> None:
    ca = aws.client("codeartifact")
    group = {
        "domain": "acme",
        "packageGroup": "/npm/*",
        "originRestrictionType": "PUBLISH",
    }

    with pytest.raises(ClientError) as caught:
        getattr(ca, operation)(**(parameters or group))

    name = operation.title().replace("_", "")
    response = caught.value.response
    assert response["Error"] == {
        "Code": "NotImplemented",
        "Message": f"{name} is not served by this emulator",
    }
    assert response["ResponseMetadata"]["HTTPStatusCode"] == 501
    assert response["ResponseMetadata"]["RetryAttempts"] == 0
