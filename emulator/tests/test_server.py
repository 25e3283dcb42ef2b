"""The registration with moto, and the server."""

import json
import socket
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import boto3
import moto.backend_index
import pytest
import requests

from emulator_support.codeartifact_calls import (
    copy,
    create_repositories,
    publish_generic,
)
from emulator_support.emulated_aws import Aws
from emulator_support.package_managers import Shell
from moto_codeartifact.register import register_codeartifact
from moto_codeartifact.server import Server, start_server


def test_only_the_first_registration_has_an_effect() -> None:
    program = (
        "import json, moto.backend_index as index\n"
        "count = lambda: sum(name == 'codeartifact' for name, _ in index.backend_url_patterns)\n"
        "counts = [count()]\n"
        "from moto_codeartifact import register\n"
        "for _ in range(2): register.register_codeartifact(); counts.append(count())\n"
        "import moto_codeartifact.models as ours, moto.codeartifact.models as motos\n"
        "print(json.dumps([counts, ours is motos]))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )

    counts, same = json.loads(done.stdout)

    assert counts[0] == 0
    assert counts[1] == counts[2] > 0
    assert same


def test_the_server_records_the_called_operations(
    server: Server, server_ca: Any
) -> None:
    server.calls.clear()

    publish_generic(server_ca, "1.0")
    copy(server_ca, "1.0")
    copy(server_ca, "1.0")
    with pytest.raises(server_ca.exceptions.ResourceNotFoundException):
        server_ca.describe_domain(domain="other")

    assert Counter(server.calls) == {
        "PublishPackageVersion": 1,
        "CopyPackageVersions": 2,
        "DescribeDomain": 1,
    }


def test_other_services_work_too(server: Server) -> None:
    s3 = Aws(server.url).client("s3")
    s3.create_bucket(
        Bucket="codeartifact",
        CreateBucketConfiguration={"LocationConstraint": "eu-west-1"},
    )
    s3.put_object(Bucket="codeartifact", Key="npm/dev/x", Body=b"an object")

    assert (
        s3.get_object(Bucket="codeartifact", Key="npm/dev/x")["Body"].read()
        == b"an object"
    )
    assert server.calls == []


def test_the_aws_cli_works(server: Server, server_ca: Any, tmp_path: Path) -> None:
    publish_generic(server_ca, "1.0")
    shell = Shell(tmp_path, server)

    repositories = [
        "--domain",
        "acme",
        "--source-repository",
        "dev",
        "--destination-repository",
        "staging",
    ]
    package = [
        "--format",
        "generic",
        "--namespace",
        "acme",
        "--package",
        "model",
        "--versions",
        "1.0",
    ]
    output = shell.run(
        "aws", "codeartifact", "copy-package-versions", *repositories, *package
    )

    assert json.loads(output)["successfulVersions"]["1.0"]["status"] == "Published"


def test_a_server_listens_on_loopback_only_and_frees_its_port() -> None:
    with start_server() as server:
        assert server.url == f"http://127.0.0.1:{server.port}"
        with socket.socket() as other:
            assert other.connect_ex(("127.0.0.2", server.port)) != 0
    with socket.socket() as other:
        other.bind(("127.0.0.1", server.port))


def test_a_server_prints_nothing(capfd: pytest.CaptureFixture[str]) -> None:
    with start_server() as server:
        boto3.client(
            "codeartifact", endpoint_url=server.url, region_name="eu-west-1"
        ).list_domains()
        requests.get(
            f"{server.url}/d/codeartifact/eu-west-1/acme-123456789012/npm/dev/-/ping",
            timeout=10,
        )

    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("path", ["npm/dev", "rpm/dev/", "npm/nowhere/-/ping"])
def test_a_path_that_is_not_an_endpoint_is_not_found(
    server: Server, server_ca: Any, path: str
) -> None:
    token = server_ca.get_authorization_token(domain="acme")["authorizationToken"]
    url = f"{server.url}/d/codeartifact/eu-west-1/acme-123456789012/{path}"

    response = requests.get(
        url, headers={"Authorization": f"Bearer {token}"}, timeout=10
    )

    assert response.status_code == 404


def test_moto_finds_the_emulator_by_its_host_name() -> None:
    register_codeartifact()

    service = next(
        name
        for name, pattern in moto.backend_index.backend_url_patterns
        if pattern.match("https://codeartifact.eu-west-1.amazonaws.com/")
    )
    assert service == "codeartifact"


def test_a_server_listens_on_another_address_only_on_request() -> None:
    with start_server() as server, pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.2", server.port))
    with start_server(others=["127.0.0.2"]) as server:
        create_repositories(Aws(server.url).client("codeartifact"))
        client = Aws(server.url.replace("127.0.0.1", "127.0.0.2")).client(
            "codeartifact"
        )
        assert [each["name"] for each in client.list_domains()["domains"]] == ["acme"]
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.2", server.port))
