"""The pages of a Python project (PEP 503, 592, 691, 700; User Guide: python-compatibility)."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from html import escape
from typing import Any
from urllib.parse import quote

from moto.core.common_types import TYPE_RESPONSE
from werkzeug.datastructures import MIMEAccept
from werkzeug.http import parse_accept_header

from .endpoints import RejectedError, answer
from .packages import Asset, PackageVersion

API_VERSION = "1.1"
HTML, JSON = (
    "application/vnd.pypi.simple.v1+html",
    "application/vnd.pypi.simple.v1+json",
)
OFFERED = {
    "text/html": "text/html",
    HTML: HTML,
    "application/vnd.pypi.simple.latest+html": HTML,
    JSON: JSON,
    "application/vnd.pypi.simple.latest+json": JSON,
}
"""The types that a client may ask for, and the type of the answer; the first is the default."""


@dataclass(frozen=True)
class ListedFile:
    """A file on the page of its project."""

    version: PackageVersion
    asset: Asset

    @property
    def url(self) -> str:
        """The URL, relative to the page."""
        return f"{quote(self.version.version)}/{quote(self.asset.name)}"

    @property
    def uploaded(self) -> str:
        """When the file was uploaded, as PEP 700 has it."""
        return _rfc3339(self.asset.uploaded or self.version.published_time)

    @property
    def yanked(self) -> str | None:
        """The reason why the version was yanked, which may be empty; None if it was not."""
        return self.version.metadata.yanked


def project_page(
    name: str, versions: list[PackageVersion], accept: str | None
) -> TYPE_RESPONSE:
    """Return the page in a type that the client accepts."""
    chosen = choose_type(accept)
    files = [
        ListedFile(version, asset)
        for version in versions
        for asset in version.assets.values()
    ]
    if chosen == JSON:
        return answer(200, json.dumps(_document(name, versions, files)), JSON)
    return answer(200, _html(name, files), chosen)


def choose_type(accept: str | None) -> str:
    """Return the type of the answer.

    Raises:
        RejectedError: 406, the client accepts none of the types.

    """
    if not accept:
        return OFFERED["text/html"]
    best = parse_accept_header(accept, MIMEAccept).best_match(OFFERED)
    if best is None:
        raise RejectedError(406, "Not Acceptable")
    return OFFERED[best]


def _document(
    name: str, versions: list[PackageVersion], files: Iterable[ListedFile]
) -> dict[str, Any]:
    return {
        "meta": {"api-version": API_VERSION},
        "name": name,
        "versions": [version.version for version in versions],
        "files": [_file(file) for file in files],
    }


def _file(file: ListedFile) -> dict[str, Any]:
    hashes, python = file.asset.hashes, file.version.metadata.requires_python
    return {
        "filename": file.asset.name,
        "url": file.url,
        "hashes": {"sha256": hashes["SHA-256"], "md5": hashes["MD5"]},
        **({"requires-python": python} if python else {}),
        "size": file.asset.size,
        "upload-time": file.uploaded,
        "yanked": False if file.yanked is None else file.yanked or True,
    }


def _html(name: str, files: Iterable[ListedFile]) -> str:
    links = "\n".join(_link(file) for file in files)
    meta = f'<meta name="pypi:repository-version" content="{API_VERSION}">'
    head = f"<head>{meta}<title>Links for {escape(name)}</title></head>"
    return f"<!DOCTYPE html><html>{head}<body>\n{links}\n</body></html>"


def _link(file: ListedFile) -> str:
    attributes = {
        "href": f"{file.url}#sha256={file.asset.hashes['SHA-256']}",
        "data-requires-python": file.version.metadata.requires_python,
        "data-upload-time": file.uploaded,
        "data-yanked": file.yanked,
    }
    written = " ".join(
        f'{key}="{escape(value)}"'
        for key, value in attributes.items()
        if value is not None
    )
    return f"<a {written}>{escape(file.asset.name)}</a><br>"


def _rfc3339(moment: datetime) -> str:
    return moment.isoformat(timespec="microseconds") + "Z"
