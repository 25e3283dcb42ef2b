"""The Python endpoint: the index requests of `twine upload` and `pip install` (PEP 503)."""

import re
from collections.abc import Iterable, Mapping
from html import escape
from urllib.parse import quote

from moto.core.common_types import TYPE_RESPONSE

from .endpoints import PackageRequest, answer
from .exceptions import asset_not_found
from .formats import package_of_client
from .packages import PUBLISHED, UNLISTED, Asset, Metadata, PackageKey, PackageVersion
from .publishing import Upload

INDEX = re.compile(r"simple/?")
PROJECT = re.compile(r"simple/(?P<name>[^/]+)/?")
FILE = re.compile(r"simple/(?P<name>[^/]+)/(?P<version>[^/]+)/(?P<file>[^/]+)")


def serve(request: PackageRequest) -> TYPE_RESPONSE:
    """Answer one request of twine or pip."""
    if request.method == "POST" and request.path == "":
        return _upload(request)
    if request.method not in ("GET", "HEAD"):
        return answer(405, "Method not allowed")
    if INDEX.fullmatch(request.path):
        return _get_index(request)
    if match := PROJECT.fullmatch(request.path):
        return _get_project(request, match["name"])
    if match := FILE.fullmatch(request.path):
        return _get_file(request, match["name"], match["version"], match["file"])
    return answer(404, "Not found")


def _key(name: str) -> PackageKey:
    return package_of_client("pypi", "", name)


def _upload(request: PackageRequest) -> TYPE_RESPONSE:
    form, file = request.body.fields, request.body.files.get("content")
    if form.get(":action") != "file_upload" or file is None:
        return answer(400, "Only file_upload is supported")
    digest = form.get("sha256_digest")
    if digest and digest != file.content.hashes["SHA-256"]:
        return answer(400, "The content does not have the given sha256_digest")
    upload = Upload(
        key=_key(form["name"]),
        version=form["version"],
        asset=Asset(file.name, file.content),
        metadata=_metadata(form),
        finished=True,
    )
    request.upload(upload)
    return answer(200)


def _metadata(form: Mapping[str, str]) -> Metadata:
    """Convert the form. The display name keeps the author's spelling."""
    return Metadata(
        display_name=form["name"],
        summary=form.get("summary"),
        home_page=form.get("home_page"),
        license=form.get("license_expression") or form.get("license"),
        requires_python=form.get("requires_python"),
    )


def _html_page(links: Iterable[str]) -> TYPE_RESPONSE:
    return answer(200, "<!DOCTYPE html><html><body>" + "\n".join(links) + "</body></html>", "text/html")


def _get_index(request: PackageRequest) -> TYPE_RESPONSE:
    listed = [
        package.key.name
        for package in request.repository.list_packages(format_="pypi")
        if package.published()
    ]
    return _html_page(f'<a href="{request.endpoint}simple/{name}/">{name}</a>' for name in listed)


def _get_project(request: PackageRequest, name: str) -> TYPE_RESPONSE:
    key = _key(name)
    versions = request.repository.package(key).published()
    return _html_page(
        _link(request, key, version, version.assets[file]) for version in versions for file in version.assets
    )


def _link(request: PackageRequest, key: PackageKey, version: PackageVersion, asset: Asset) -> str:
    path = "/".join(quote(part) for part in ("simple", key.name, version.version, asset.name))
    python = version.metadata.requires_python
    requires = f' data-requires-python="{escape(python)}"' if python else ""
    target = f"{request.endpoint}{path}#sha256={asset.hashes['SHA-256']}"
    return f'<a href="{target}"{requires}>{escape(asset.name)}</a>'


def _get_file(request: PackageRequest, name: str, version: str, file: str) -> TYPE_RESPONSE:
    found = request.repository.version(_key(name), version)
    if found.status not in (PUBLISHED, UNLISTED) or file not in found.assets:
        raise asset_not_found(version, file)
    return answer(200, found.assets[file].content.read(), "application/octet-stream")
