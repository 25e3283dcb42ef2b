"""Puts into the local CodeArtifact what the events in events/ announce, so that they can be promoted."""

import json
from dataclasses import replace
from datetime import datetime
from typing import Any

from emulator.models import codeartifact_backends
from emulator.packages import Asset, Metadata, Package, PackageKey
from emulator.publishing import Upload, with_asset
from emulator.repositories import Repository
from local.clients import ACCOUNT, REGION
from local.stack import ROOT

EVENTS = ROOT / "events"


def seed() -> list[str]:
    """Put every version that an event announces where and at the revision it says; their names.

    Nothing is announced again, so they stay where they are until somebody invokes the function. Events of other
    domains and repositories than those that there are announce nothing.
    """
    backend = codeartifact_backends[ACCOUNT][REGION]
    names = []
    for file in sorted(EVENTS.glob("*-published.json")):
        event = json.loads(file.read_bytes())
        domain = backend.domains.get(event["detail"]["domainName"])
        repository = domain.repositories.get(event["detail"]["repositoryName"]) if domain else None
        if repository is not None:
            names.append(_put(repository, event["detail"], datetime.fromisoformat(event["time"])))
    return names


def _put(repository: Repository, detail: dict[str, Any], time: datetime) -> str:
    key = PackageKey.from_api(detail["packageFormat"], detail["packageNamespace"], detail["packageName"])
    text = f"{key.display_name} {detail['packageVersion']}"
    upload = Upload(
        key=key,
        version=detail["packageVersion"],
        asset=Asset(f"{key.name}-{detail['packageVersion']}.bin", f"the bytes of {text}\n".encode()),
        metadata=Metadata(display_name=key.display_name),
        finished=True,
    )
    version = replace(with_asset(repository, upload, time), revision=detail["packageVersionRevision"])
    repository.packages.setdefault(key, Package(key)).versions[version.version] = version
    return text
