"""plug() and serve()."""

import json
import socket
import subprocess
import sys
from collections import Counter
from typing import Any

import boto3
import moto.backend_index
import pytest
import requests

from local.moto_patches.register import plug
from local.moto_patches.server import Server, serve
from tests.emulator.conftest import Aws, copy, publish, with_repositories
from tests.support.emulator_clients import Shell


def test_importing_plugs_nothing_and_plugging_twice_is_plugging_once() -> None:
    program = (
        "import local.plug, local.server, moto.backend_index as index, json\n"
        "count = lambda: sum(name == 'codeartifact' for name, _ in index.backend_url_patterns)\n"
        "counts = [count()]\n"
        "for _ in range(2): local.plug.plug(); counts.append(count())\n"
        "import emulator.models as ours, moto.codeartifact.models as motos\n"
        "print(json.dumps([counts, ours is motos]))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

    counts, same = json.loads(done.stdout)

    assert counts[0] == 0
    assert counts[1] == counts[2] > 0
    assert same


def test_the_server_counts_the_operations_that_were_called(server: Server) -> None:
    ca = with_repositories(Aws(server.url))
    server.calls.clear()

    publish(ca, "1.0")
    copy(ca, "1.0")
    copy(ca, "1.0")
    with pytest.raises(ca.exceptions.ResourceNotFoundException):
        ca.describe_domain(domain="other")

    assert Counter(server.calls) == {
        "PublishPackageVersion": 1,
        "CopyPackageVersions": 2,
        "DescribeDomain": 1,
    }


def test_other_services_are_there_too(server: Server) -> None:
    s3 = Aws(server.url).client("s3")
    s3.create_bucket(Bucket="codeartifact", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    s3.put_object(Bucket="codeartifact", Key="npm/dev/x", Body=b"an object")

    assert s3.get_object(Bucket="codeartifact", Key="npm/dev/x")["Body"].read() == b"an object"
    assert server.calls == []


def test_the_command_line_gets_what_boto3_gets(server: Server, tmp_path: Any) -> None:
    publish(with_repositories(Aws(server.url)), "1.0")
    shell = Shell(tmp_path, server)

    where = ["--domain", "acme", "--source-repository", "dev", "--destination-repository", "staging"]
    what = ["--format", "generic", "--namespace", "team", "--package", "blob", "--versions", "1.0"]
    output = shell.run("aws", "codeartifact", "copy-package-versions", *where, *what)

    assert json.loads(output)["successfulVersions"]["1.0"]["status"] == "Published"


def test_a_server_listens_on_the_given_address_only_and_frees_its_port() -> None:
    with serve() as server:
        assert server.url == f"http://127.0.0.1:{server.port}"
        with socket.socket() as other:
            assert other.connect_ex(("127.0.0.2", server.port)) != 0
    with socket.socket() as other:
        other.bind(("127.0.0.1", server.port))


def test_a_server_says_nothing(capfd: pytest.CaptureFixture[str]) -> None:
    with serve() as server:
        boto3.client("codeartifact", endpoint_url=server.url, region_name="eu-west-1").list_domains()
        requests.get(f"{server.url}/d/codeartifact/eu-west-1/acme-123456789012/npm/dev/-/ping", timeout=10)

    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("path", ["npm/dev", "rpm/dev/", "npm/nowhere/-/ping"])
def test_what_is_no_endpoint_is_not_found(server: Server, path: str) -> None:
    ca = with_repositories(Aws(server.url))
    token = ca.get_authorization_token(domain="acme")["authorizationToken"]
    url = f"{server.url}/d/codeartifact/eu-west-1/acme-123456789012/{path}"

    response = requests.get(url, headers={"Authorization": f"Bearer {token}"}, timeout=10)

    assert response.status_code == 404


def test_the_index_of_moto_is_the_one_that_was_plugged() -> None:
    plug()

    service = next(
        name
        for name, pattern in moto.backend_index.backend_url_patterns
        if pattern.match("https://codeartifact.eu-west-1.amazonaws.com/")
    )
    assert service == "codeartifact"


def test_a_server_listens_on_another_address_only_if_it_is_named() -> None:
    with serve() as server, pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.2", server.port))
    with serve(others=["127.0.0.2"]) as server:
        with_repositories(Aws(server.url))
        there = Aws(server.url.replace("127.0.0.1", "127.0.0.2")).client("codeartifact")
        assert [each["name"] for each in there.list_domains()["domains"]] == ["acme"]
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.2", server.port))
