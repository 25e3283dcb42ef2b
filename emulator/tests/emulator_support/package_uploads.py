"""Uploads to a repository's endpoints, with the requests of npm and twine."""

import base64
from collections.abc import Mapping
from typing import Any

import requests

from emulator_support.codeartifact_calls import DOMAIN

TIMEOUT = 10  # seconds


def endpoint(
    client: Any, format_: str, repository: str = "dev"
) -> tuple[str, dict[str, str]]:
    """Return a repository's URL for a package manager, and the header with a token."""
    url = client.get_repository_endpoint(
        domain=DOMAIN, repository=repository, format=format_
    )
    token = client.get_authorization_token(domain=DOMAIN)["authorizationToken"]
    return url["repositoryEndpoint"], {"Authorization": f"Bearer {token}"}


def put_npm(
    client: Any,
    name: str,
    version: str,
    *,
    tag: str = "latest",
    description: str = "A widget",
    content: bytes = b"tar",
    to: str = "dev",
    manifest: Mapping[str, Any] | None = None,
) -> requests.Response:
    """Publish a package to the npm endpoint."""
    url, headers = endpoint(client, "npm", to)
    attachment = {
        "content_type": "application/octet-stream",
        "data": base64.b64encode(content).decode(),
    }
    document = {
        "_id": name,
        "name": name,
        "dist-tags": {tag: version},
        "versions": {
            version: {
                "name": name,
                "version": version,
                "description": description,
                **(manifest or {}),
            }
        },
        "_attachments": {f"{name}-{version}.tgz": attachment},
    }
    return requests.put(
        url + name.replace("/", "%2f"), json=document, headers=headers, timeout=TIMEOUT
    )


def post_pypi(
    client: Any, name: str, version: str, file: str, content: bytes
) -> requests.Response:
    """Upload a file to the Python endpoint."""
    url, headers = endpoint(client, "pypi")
    form = {
        ":action": "file_upload",
        "name": name,
        "version": version,
        "summary": "A gadget",
    }
    files = {"content": (file, content)}
    return requests.post(url, data=form, files=files, headers=headers, timeout=TIMEOUT)
