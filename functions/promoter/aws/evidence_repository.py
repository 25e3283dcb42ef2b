"""The evidence repository: the answers of people and programs."""

import hashlib
from collections.abc import Sequence
from typing import Any

from promoter.aws.errors import api_errors
from promoter.copying.ports import ApiError
from promoter.waiting.answers import ASSET, AnswerVersion

_PAGE = 100  # the newest are enough: exactly one answer counts


class EvidenceRepository:
    """Reads the answers of one repository. Every method raises ApiError."""

    def __init__(self, client: Any, domain: str, owner: str | None, repository: str) -> None:
        """`client` is the SDK's client of CodeArtifact. Without an `owner` the domain is the caller's."""
        self._client = client
        self._where = {
            "domain": domain,
            "repository": repository,
            "format": "generic",
            **({"domainOwner": owner} if owner else {}),
        }

    def newest(self, namespace: str, package: str) -> Sequence[AnswerVersion]:
        """The newest versions of a package of answers in any status, the newest first.

        Source: API reference, ListPackageVersions (`sortBy`).
        """
        try:
            with api_errors():
                answer = self._client.list_package_versions(
                    **self._where,
                    namespace=namespace,
                    package=package,
                    sortBy="PUBLISHED_TIME",
                    maxResults=_PAGE,
                )
        except ApiError as error:
            if error.code == "ResourceNotFoundException" and error.resource_type == "package":
                return ()
            raise
        return tuple(AnswerVersion(each["version"], each["status"]) for each in answer.get("versions", ()))

    def statement(self, namespace: str, package: str, version: str, limit: int) -> bytes | None:
        """The first `limit` bytes of the statement of an answer; None if the version has no statement.

        Source: API reference, GetPackageVersionAsset.
        """
        try:
            with api_errors():
                answer = self._client.get_package_version_asset(
                    **self._where, namespace=namespace, package=package, packageVersion=version, asset=ASSET
                )
                content: bytes = answer["asset"].read(limit)
        except ApiError as error:
            if error.code == "ResourceNotFoundException" and error.resource_type in (
                "asset",
                "package-version-asset",
            ):
                return None
            raise
        return content


class AnswerPublisher(EvidenceRepository):
    """Reads the answers of one repository, and publishes new ones."""

    def publish(self, namespace: str, package: str, version: str, content: bytes) -> None:
        """Publish an answer. It cannot be changed later. Source: API reference, PublishPackageVersion."""
        with api_errors():
            self._client.publish_package_version(
                **self._where,
                namespace=namespace,
                package=package,
                packageVersion=version,
                assetName=ASSET,
                assetContent=content,
                assetSHA256=hashlib.sha256(content).hexdigest(),
            )
