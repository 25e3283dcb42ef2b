"""Reads the parameters that requests about several resources have in common."""

from collections.abc import Iterable
from typing import Any

from moto.core.responses import ActionResult

from .formats import package_of_request, version_name
from .models import CodeArtifactBackend
from .packages import PackageKey
from .paging import Position, read_page_request, take_page
from .principals import Caller
from .repositories import Repository
from .resource_policies import ResourcePolicy

ITEMS_ON_A_PAGE = 100


class RequestParameters:
    """The base of all classes that handle requests."""

    params: dict[str, Any]
    uri: str
    region: str
    current_account: str

    @property
    def backend(self) -> CodeArtifactBackend:
        """The backend of the domain owner that the request names, or of the caller."""
        raise NotImplementedError

    @property
    def caller(self) -> Caller:
        """Who sent the request."""
        raise NotImplementedError

    def repository(self, parameter: str = "repository") -> Repository:
        """Return the repository that a parameter names."""
        return self.backend.describe_repository(
            self.params["domain"], self.params[parameter]
        )

    def key(self) -> PackageKey:
        """Return the package."""
        return package_of_request(
            self.params["format"], self.params.get("namespace"), self.params["package"]
        )

    def version_name(self) -> str:
        """Return the version as it is stored."""
        return version_name(self.params["format"], self.params["packageVersion"])

    def version_names(self) -> list[str] | None:
        """Return the listed versions as they are stored."""
        given = self.params.get("versions")
        return (
            None
            if given is None
            else [version_name(self.params["format"], each) for each in given]
        )

    def version_revisions(self) -> dict[str, str] | None:
        """Return the versions as they are stored, each with its expected revision."""
        given = self.params.get("versionRevisions")
        if given is None:
            return None
        return {
            version_name(self.params["format"], each): revision
            for each, revision in given.items()
        }

    def page(self, key: str, items: Iterable[tuple[Position, Any]]) -> ActionResult:
        """Return a page of a short list under `key`."""
        request = read_page_request(self.params, ITEMS_ON_A_PAGE)
        page = take_page(request, request.skip(items))
        return ActionResult({key: page.items, "next_token": page.next_token})

    @staticmethod
    def answer_policy(policy: ResourcePolicy) -> ActionResult:
        """Return a policy of a domain or a repository."""
        return ActionResult({"policy": policy})
