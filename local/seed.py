"""Stores the package versions of the sample events in the local CodeArtifact, so that you can promote them."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from local.clients import ACCOUNT, REGION
from local.paths import EVENTS
from moto_codeartifact.formats import package_of_request
from moto_codeartifact.models import codeartifact_backends
from moto_codeartifact.packages import Asset, Metadata, Package
from moto_codeartifact.publishing import Upload, with_asset
from moto_codeartifact.repositories import Repository


def seed_sample_versions() -> list[str]:
    """Store every version of events/ in its repository at its revision. Return the versions' names.

    No event is sent, so nothing is promoted until you invoke the function. Events whose domain or
    repository does not exist are skipped.
    """
    backend = codeartifact_backends[ACCOUNT][REGION]
    names = []
    for file in sorted(EVENTS.glob("*-published.json")):
        event = json.loads(file.read_bytes())
        domain = backend.domains.get(event["detail"]["domainName"])
        repository = domain.repositories.get(event["detail"]["repositoryName"]) if domain else None
        if repository is not None:
            names.append(_store(repository, event["detail"], _naive(event["time"])))
    return names


def _store(repository: Repository, detail: dict[str, Any], time: datetime) -> str:
    key = package_of_request(detail["packageFormat"], detail["packageNamespace"], detail["packageName"])
    text = f"{key.display_name} {detail['packageVersion']}"
    upload = Upload(
        key=key,
        version=detail["packageVersion"],
        asset=Asset.of(f"{key.name}-{detail['packageVersion']}.bin", f"the bytes of {text}\n".encode()),
        metadata=Metadata(display_name=key.display_name),
        finished=True,
    )
    version = replace(with_asset(repository, upload, time), revision=detail["packageVersionRevision"])
    repository.packages.setdefault(key, Package(key)).versions[version.version] = version
    return text


def _naive(time: str) -> datetime:
    """Return the moment as moto keeps it: UTC without a zone."""
    return datetime.fromisoformat(time).astimezone(UTC).replace(tzinfo=None)
