"""The same tests in this process, under `mock_aws`, and through a server on loopback."""

import base64
import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import boto3
import pytest
import requests
from botocore.config import Config
from moto import mock_aws
from moto.core.base_backend import BackendDict

from emulator.models import CodeArtifactBackend, codeartifact_backends
from local.moto_patches.register import plug
from local.moto_patches.server import Server, serve

Heard = Callable[[], list[dict[str, Any]]]

ACCOUNT = "123456789012"
REGION = "eu-west-1"


@dataclass(frozen=True)
class Aws:
    """An AWS to talk to."""

    endpoint_url: str | None
    credentials: tuple[tuple[str, str], ...] = ()

    def client(self, service: str, **config: Any) -> Any:
        return boto3.client(
            service,
            region_name=REGION,
            endpoint_url=self.endpoint_url,
            config=Config(**config),
            **dict(self.credentials),
        )

    def of(self, account: str) -> "Aws":
        """The same AWS, seen by another account."""
        role = f"arn:aws:iam::{account}:role/visitor"
        given = self.client("sts").assume_role(RoleArn=role, RoleSessionName="visit")["Credentials"]
        credentials = (
            ("aws_access_key_id", given["AccessKeyId"]),
            ("aws_secret_access_key", given["SecretAccessKey"]),
            ("aws_session_token", given["SessionToken"]),
        )
        return replace(self, credentials=credentials)

    @property
    def backend(self) -> CodeArtifactBackend:
        """What a test may choose; in both modes it lives in this process."""
        return codeartifact_backends[ACCOUNT][REGION]


@pytest.fixture(autouse=True)
def _credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_ENDPOINT_URL", "AWS_DEFAULT_REGION"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")


@pytest.fixture(scope="session")
def _one_server() -> Iterator[Server]:
    with serve() as server:
        yield server


@pytest.fixture
def server(_one_server: Server) -> Iterator[Server]:
    """The server, empty."""
    BackendDict.reset()
    _one_server.calls.clear()
    yield _one_server
    BackendDict.reset()


@pytest.fixture(params=["in-process", "server"])
def aws(request: pytest.FixtureRequest) -> Iterator[Aws]:
    """Both modes, one after the other."""
    if request.param == "server":
        yield Aws(request.getfixturevalue("server").url)
        return
    plug()
    with mock_aws():
        yield Aws(None)


@pytest.fixture
def ca(aws: Aws) -> Any:
    """A client, and a domain with three repositories."""
    return with_repositories(aws)


def with_repositories(aws: Aws) -> Any:
    client = aws.client("codeartifact")
    client.create_domain(domain="acme")
    for repository in ("dev", "staging", "prod"):
        client.create_repository(domain="acme", repository=repository)
    return client


@pytest.fixture
def heard(aws: Aws, ca: Any) -> Heard:
    """What a rule for CodeArtifact has sent to a queue since the last call."""
    return listen(aws)


def listen(aws: Aws) -> Heard:
    sqs, events = aws.client("sqs"), aws.client("events")
    queue = sqs.create_queue(QueueName="heard")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    events.put_rule(Name="all", EventPattern=json.dumps({"source": ["aws.codeartifact"]}))
    events.put_targets(Rule="all", Targets=[{"Id": "queue", "Arn": arn}])

    def receive() -> list[dict[str, Any]]:
        bodies: list[dict[str, Any]] = []
        while messages := sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10).get("Messages"):
            bodies += [json.loads(message["Body"]) for message in messages]
            for message in messages:
                sqs.delete_message(QueueUrl=queue, ReceiptHandle=message["ReceiptHandle"])
        return sorted(bodies, key=lambda event: event["detail"]["sequenceNumber"])

    return receive


BLOB = {"domain": "acme", "format": "generic", "namespace": "team", "package": "blob"}


def publish(
    ca: Any, version: str, content: bytes = b"x", *, to: str = "dev", asset: str = "blob.bin", **more: Any
) -> Any:
    """Publish one file of the generic package team/blob."""
    return ca.publish_package_version(
        **{**BLOB, **more},
        repository=to,
        packageVersion=version,
        assetContent=content,
        assetName=asset,
        assetSHA256=hashlib.sha256(content).hexdigest(),
    )


def copy(ca: Any, *versions: str, source: str = "dev", to: str = "staging", **more: Any) -> Any:
    """Copy versions of team/blob, or what `more` says."""
    asked = {"versions": list(versions)} if versions else {}
    request = {**BLOB, "sourceRepository": source, "destinationRepository": to, **asked, **more}
    return ca.copy_package_versions(**{k: v for k, v in request.items() if v is not None})


def outcome(response: Any) -> tuple[dict[str, str], dict[str, tuple[str, str]]]:
    """Statuses of the successful versions, and codes and messages of the failed."""
    return (
        {version: told["status"] for version, told in response["successfulVersions"].items()},
        {v: (told["errorCode"], told["errorMessage"]) for v, told in response["failedVersions"].items()},
    )


def endpoint(ca: Any, format_: str, repository: str = "dev") -> tuple[str, dict[str, str]]:
    """A repository's URL for a package manager, and the header with a token."""
    url = ca.get_repository_endpoint(domain="acme", repository=repository, format=format_)
    token = ca.get_authorization_token(domain="acme")["authorizationToken"]
    return url["repositoryEndpoint"], {"Authorization": f"Bearer {token}"}


def put_npm(
    ca: Any,
    name: str,
    version: str,
    *,
    tag: str = "latest",
    description: str = "A widget",
    content: bytes = b"tar",
    to: str = "dev",
) -> requests.Response:
    """Publish to the npm endpoint as the npm client does."""
    url, headers = endpoint(ca, "npm", to)
    attachment = {"content_type": "application/octet-stream", "data": base64.b64encode(content).decode()}
    document = {
        "_id": name,
        "name": name,
        "dist-tags": {tag: version},
        "versions": {version: {"name": name, "version": version, "description": description}},
        "_attachments": {f"{name}-{version}.tgz": attachment},
    }
    return requests.put(url + name.replace("/", "%2f"), json=document, headers=headers, timeout=10)


def post_pypi(ca: Any, name: str, version: str, file: str, content: bytes) -> requests.Response:
    """Upload to the Python endpoint as twine does."""
    url, headers = endpoint(ca, "pypi")
    form = {":action": "file_upload", "name": name, "version": version, "summary": "A gadget"}
    files = {"content": (file, content)}
    return requests.post(url, data=form, files=files, headers=headers, timeout=10)
