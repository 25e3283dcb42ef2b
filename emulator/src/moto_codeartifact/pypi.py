"""The Python endpoint: uploads of twine and uv, and the simple API (User Guide: python-compatibility)."""

import re
from collections.abc import Mapping
from hashlib import blake2b

from moto.core.common_types import TYPE_RESPONSE

from .endpoints import Body, PackageRequest, RejectedError, UploadedFile, answer
from .exceptions import asset_not_found
from .formats import (
    asset_of_client,
    normalised_pypi,
    package_of_client,
    version_of_client,
)
from .packages import Asset, Dependency, License, Metadata, PackageKey
from .publishing import Upload
from .pypi_pages import choose_type, project_page

REQUIREMENT = re.compile(r"\s*([A-Za-z0-9._-]+)\s*(?:\[[^\]]*\])?\s*\(?([^;)]*)")


def serve(request: PackageRequest) -> TYPE_RESPONSE:
    """Answer one request of twine, pip or uv. There is no list of projects, and no JSON API of Warehouse."""
    if request.method == "POST" and request.raw_path == "":
        return _upload(request)
    if request.method != "GET":
        raise RejectedError(405, "Method not allowed")
    match request.segments:
        case ["simple", name] if name:
            location = f"{request.endpoint}simple/{_key(name).name}/"
            return answer(301, "", Location=location)
        case ["simple", name, ""]:
            return _get_project(request, _key(name))
        case ["simple", name, version, file]:
            return _get_file(request, _key(name), version, file)
    raise RejectedError(404, "Not found")


def _key(name: str) -> PackageKey:
    return package_of_client("pypi", "", name)


def _upload(request: PackageRequest) -> TYPE_RESPONSE:
    form, file = request.body.fields, request.body.files.get("content")
    if form.get(":action") != "file_upload" or file is None:
        raise RejectedError(400, "Only file_upload is supported")
    for required in ("name", "version"):
        if required not in form:
            raise RejectedError(400, f"The form has no {required}")
    _require_digests(form, file)
    upload = Upload(
        key=_key(form["name"]),
        version=version_of_client("pypi", form["version"]),
        asset=Asset(asset_of_client(file.name), file.content),
        metadata=_metadata(request.body),
        finished=True,
    )
    request.upload(upload)
    return answer(200)


def _require_digests(form: Mapping[str, str], file: UploadedFile) -> None:
    """Refuse a file that does not have the digests of its form."""
    digests = {
        "md5_digest": file.content.hashes["MD5"],
        "sha256_digest": file.content.hashes["SHA-256"],
    }
    if form.get("blake2_256_digest"):
        digests["blake2_256_digest"] = blake2b(
            file.content.read(), digest_size=32
        ).hexdigest()
    for name, digest in digests.items():
        if form.get(name) and form[name].lower() != digest:
            raise RejectedError(400, f"The content does not have the given {name}")


def _metadata(body: Body) -> Metadata:
    """Convert the form. The display name keeps the author's spelling."""
    form = body.fields
    license_ = form.get("license_expression") or form.get("license")
    return Metadata(
        display_name=form["name"],
        summary=form.get("summary"),
        home_page=form.get("home_page"),
        licenses=(License(license_),) if license_ else (),
        readme=form.get("description") or None,
        dependencies=tuple(
            _dependency(text) for text in body.repeated.get("requires_dist", ())
        ),
        requires_python=form.get("requires_python"),
    )


def _dependency(text: str) -> Dependency:
    """Convert a requirement, as PEP 508 has it. Extras and markers are dropped."""
    requirement = REQUIREMENT.match(text)
    name, wanted = requirement.groups() if requirement else (text, "")
    return Dependency(
        package=normalised_pypi(name),
        dependency_type="Requires-Dist",
        version_requirement=wanted.strip() or None,
    )


def _get_project(request: PackageRequest, key: PackageKey) -> TYPE_RESPONSE:
    accept = request.headers.get("Accept")
    choose_type(accept)
    for version in request.listed(key):
        # the files and the yanked mark of retained versions are kept up to date
        request.backend.refresh(request.repository, key, version.version)
    return project_page(key.name, request.listed(key)[::-1], accept)


def _get_file(
    request: PackageRequest, key: PackageKey, version: str, file: str
) -> TYPE_RESPONSE:
    found = request.fetch(key, version)
    if file not in found.assets:
        raise asset_not_found(version, file)
    return answer(200, found.assets[file].content.read(), "application/octet-stream")
