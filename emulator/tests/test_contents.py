"""The bytes of files: large ones live on disk, and too large ones are refused before they are read."""

import hashlib
import io
import socket
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests

from emulator_support.codeartifact_calls import MODEL, copy, publish_generic
from emulator_support.emulated_aws import Aws
from emulator_support.package_uploads import endpoint, post_pypi, put_npm
from moto_codeartifact.contents import (
    IN_MEMORY,
    Content,
    TooLargeError,
    content_of,
    read_content,
)
from moto_codeartifact.exceptions import ServiceQuotaExceededException
from moto_codeartifact.models import CodeArtifactBackend
from moto_codeartifact.packages import Asset, Metadata, PackageKey
from moto_codeartifact.publishing import Upload
from moto_codeartifact.server import Server

LARGE = b"0123456789abcdef" * (IN_MEMORY // 16) + b"!"


@pytest.mark.parametrize(
    ("data", "on_disk"), [(b"", False), (LARGE[:-1], False), (LARGE, True)]
)
def test_only_large_contents_are_on_disk(data: bytes, on_disk: bool) -> None:
    for content in (content_of(data), read_content(io.BytesIO(data))):
        assert (content.is_on_disk, content.size, content.read()) == (
            on_disk,
            len(data),
            data,
        )
        assert content.hashes == {
            "MD5": hashlib.md5(data).hexdigest(),
            "SHA-1": hashlib.sha1(data).hexdigest(),
            "SHA-256": hashlib.sha256(data).hexdigest(),
            "SHA-512": hashlib.sha512(data).hexdigest(),
        }


def test_contents_are_equal_if_their_bytes_are() -> None:
    assert content_of(LARGE) == content_of(LARGE)
    assert content_of(LARGE) != content_of(LARGE[:-1] + b"?")
    assert content_of(b"") != content_of(b"a")
    assert len({content_of(b"a"), content_of(b"a"), content_of(b"b")}) == 2


def test_a_file_is_removed_with_its_content() -> None:
    content = content_of(LARGE)
    path = Path(str(content._file))
    assert path.read_bytes() == LARGE

    del content

    assert not path.exists()


@pytest.mark.parametrize("size", [1, IN_MEMORY, 2 * IN_MEMORY])
def test_no_more_is_read_than_allowed(size: int) -> None:
    class Endless(io.RawIOBase):
        given = 0

        def read(self, wanted: int = -1, /) -> bytes:
            self.given += wanted
            return b"x" * wanted

    stream = Endless()

    with pytest.raises(TooLargeError):
        read_content(stream, limit=size)  # type: ignore[arg-type]
    assert stream.given <= size + 2 * IN_MEMORY


def assets(aws: Aws, repository: str = "dev") -> list[Content]:
    packages = aws.backend.describe_repository("acme", repository).packages.values()
    return [
        asset.content
        for package in packages
        for version in package.versions.values()
        for asset in version.assets.values()
    ]


def test_each_way_to_publish_keeps_large_files_on_disk(aws: Aws, ca: Any) -> None:
    publish_generic(ca, "1.0", LARGE)
    assert post_pypi(ca, "gadget", "1.0", "gadget-1.0.tar.gz", LARGE).status_code == 200
    assert put_npm(ca, "widget", "1.0.0", content=LARGE).status_code == 201
    url, headers = endpoint(ca, "maven")
    jar = f"{url}com/acme/app/1.0/app-1.0.jar"
    assert requests.put(jar, data=LARGE, headers=headers, timeout=10).status_code == 201

    assert [content.is_on_disk for content in assets(aws)] == [True] * 4
    downloaded = ca.get_package_version_asset(
        **MODEL, repository="dev", packageVersion="1.0", asset="model.bin"
    )
    assert downloaded["asset"].read() == LARGE


def test_a_copy_shares_the_file(aws: Aws, ca: Any) -> None:
    publish_generic(ca, "1.0", LARGE)

    copy(ca, "1.0")

    assert assets(aws, "staging")[0] is assets(aws)[0]
    assert ca.describe_domain(domain="acme")["domain"]["assetSizeBytes"] == len(LARGE)


def answer_to_headers(server: Server, request: str) -> str:
    """Send the headers of a request whose body never comes. Return the first line of the answer."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as connection:
        connection.sendall(request.replace("\n", "\r\n").encode())
        return connection.makefile("rb").readline().decode().strip()


@pytest.mark.parametrize(
    ("format_", "method", "path", "status"),
    [
        ("maven", "PUT", "com/acme/app/1.0/app-1.0.jar", 413),
        ("pypi", "POST", "", 413),
        ("npm", "PUT", "widget", 413),
    ],
)
def test_a_client_that_declares_too_much_is_refused_before_it_sends(
    server: Server, server_ca: Any, format_: str, method: str, path: str, status: int
) -> None:
    url, headers = endpoint(server_ca, format_)

    line = answer_to_headers(
        server,
        f"{method} {urlsplit(url).path}{path} HTTP/1.1\nHost: 127.0.0.1\nContent-Length: {6 * 1024**3}\n"
        f"Authorization: {headers['Authorization']}\nContent-Type: application/octet-stream\n\n",
    )

    assert line.split()[1] == str(status)


def test_a_caller_that_declares_too_much_is_refused_before_it_sends(
    server: Server, server_ca: Any
) -> None:
    scope = (
        "Credential=AKIAIOSFODNN7EXAMPLE/20260101/eu-west-1/codeartifact/aws4_request"
    )
    query = "domain=acme&repository=dev&format=generic&namespace=acme&package=model&version=1&asset=a"

    line = answer_to_headers(
        server,
        f"POST /v1/package/version/publish?{query} HTTP/1.1\nHost: 127.0.0.1\nContent-Length: {6 * 1024**3}\n"
        f"Authorization: AWS4-HMAC-SHA256 {scope}, SignedHeaders=host, Signature=00\n\n",
    )

    assert line.split()[1] == "402"


def test_the_quota_of_an_asset_is_a_setting(aws: Aws, ca: Any) -> None:
    aws.backend.settings = replace(
        aws.backend.settings, asset_size_maximum=2 * IN_MEMORY
    )
    publish_generic(ca, "1.0", LARGE)

    with pytest.raises(ca.exceptions.ServiceQuotaExceededException) as error:
        publish_generic(ca, "2.0", LARGE * 2)

    assert error.value.response["resourceType"] == "asset"
    assert (
        post_pypi(ca, "gadget", "1.0", "gadget-1.0.tar.gz", LARGE * 2).status_code
        == 413
    )


def test_an_npm_request_has_a_quota_of_its_own(aws: Aws, ca: Any) -> None:
    aws.backend.settings = replace(aws.backend.settings, npm_request_maximum=IN_MEMORY)

    assert put_npm(ca, "widget", "1.0.0", content=LARGE).status_code == 413
    assert post_pypi(ca, "gadget", "1.0", "gadget-1.0.tar.gz", LARGE).status_code == 200


@pytest.mark.parametrize(("region", "most"), [("eu-west-1", 350), ("eu-north-1", 150)])
def test_a_version_has_a_maximum_of_assets(region: str, most: int) -> None:
    backend = CodeArtifactBackend(region, "123456789012")
    backend.create_domain("acme", None, [])
    repository = backend.create_repository("acme", "dev", "123456789012", None, [], [])

    def upload(number: int) -> None:
        asset = Asset.of(f"{number}.whl", b"")
        key, metadata = (
            PackageKey("pypi", "", "gadget"),
            Metadata(display_name="gadget"),
        )
        backend.upload(
            repository,
            Upload(key=key, version="1", asset=asset, metadata=metadata, finished=True),
        )

    for number in range(most):
        upload(number)
    with pytest.raises(ServiceQuotaExceededException):
        upload(most)
    upload(0)
