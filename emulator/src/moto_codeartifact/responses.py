"""Handles incoming codeartifact requests, invokes methods, returns responses."""

import re
from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit

from moto.core.responses import ActionResult, EmptyResult

from .authorization import WRITES, Question
from .dispatch import Dispatcher, backend_of
from .endpoints import repository_endpoint
from .models import CodeArtifactBackend
from .package_responses import PackageResponses
from .paging import Position, read_page_request, take_page
from .principals import Caller
from .repositories import Repository, describe
from .repository_policies import PolicyResponses

ITEMS_ON_A_PAGE = 100
ACCOUNT_OF_ARN = re.compile(r"arn:[^:]+:codeartifact:[^:]+:(?P<account>\d{12}):")


class CodeArtifactResponse(PackageResponses, PolicyResponses, Dispatcher):
    """Handler for CodeArtifact requests and responses."""

    @property
    def backend(self) -> CodeArtifactBackend:
        """The backend of the domain owner that the request names, or of the caller."""
        return backend_of(self.params.get("domainOwner") or self.current_account, self.region)

    @property
    def _caller(self) -> Caller:
        return Caller(self.current_account, self.access_key, self.partition)

    def authorize(self, operation: str) -> None:
        """Raise AccessDeniedException if a policy does not allow the request."""
        if operation not in WRITES:
            return
        repository = self._repository(WRITES[operation])
        resources = [repository.package_arn(self._key())]
        if operation == "CopyPackageVersions":
            # of the destination, both are required (Service Authorization Reference)
            resources.append(repository.arn)
        Question(self._caller.principal(), operation, repository).require_allowed(resources)

    def _repository(self, parameter: str = "repository") -> Repository:
        return self.backend.describe_repository(self.params["domain"], self.params[parameter])

    def _page(self, key: str, items: Iterable[tuple[Position, Any]]) -> ActionResult:
        """Return a page of a short list under `key`."""
        request = read_page_request(self.params, ITEMS_ON_A_PAGE)
        page = take_page(request, request.skip(items))
        return ActionResult({key: page.items, "next_token": page.next_token})

    # Domains

    def create_domain(self) -> ActionResult:
        domain = self.backend.create_domain(
            self.params["domain"], self.params.get("encryptionKey"), self.params.get("tags", [])
        )
        return ActionResult({"domain": domain})

    def describe_domain(self) -> ActionResult:
        return ActionResult({"domain": self.backend.describe_domain(self.params["domain"])})

    def delete_domain(self) -> ActionResult:
        deleted = self.backend.delete_domain(self.params["domain"])
        return ActionResult({"domain": deleted})

    def list_domains(self) -> ActionResult:
        return self._page("domains", (([each.name], each) for each in self.backend.list_domains()))

    # Repositories

    def create_repository(self) -> ActionResult:
        repository = self.backend.create_repository(
            domain_name=self.params["domain"],
            name=self.params["repository"],
            administrator=self.current_account,
            description=self.params.get("description"),
            upstreams=self._upstreams() or [],
            tags=self.params.get("tags", []),
        )
        return ActionResult({"repository": describe(repository)})

    def _upstreams(self) -> list[str] | None:
        upstreams = self.params.get("upstreams")
        return None if upstreams is None else [upstream["repositoryName"] for upstream in upstreams]

    def describe_repository(self) -> ActionResult:
        return ActionResult({"repository": describe(self._repository())})

    def update_repository(self) -> ActionResult:
        repository = self.backend.update_repository(
            self.params["domain"],
            self.params["repository"],
            self.params.get("description"),
            self._upstreams(),
        )
        return ActionResult({"repository": describe(repository)})

    def delete_repository(self) -> ActionResult:
        repository = self.backend.delete_repository(self.params["domain"], self.params["repository"])
        return ActionResult({"repository": describe(repository)})

    def list_repositories(self) -> ActionResult:
        found = self.backend.list_repositories(self.params.get("repositoryPrefix", ""))
        return self._page("repositories", (([each.domain_name, each.name], each) for each in found))

    def list_repositories_in_domain(self) -> ActionResult:
        found = self.backend.list_repositories_in_domain(
            self.params["domain"],
            self.params.get("repositoryPrefix", ""),
            self.params.get("administratorAccount"),
        )
        return self._page("repositories", (([each.domain_name, each.name], each) for each in found))

    def associate_external_connection(self) -> ActionResult:
        repository = self.backend.associate_external_connection(
            self.params["domain"], self.params["repository"], self.params["externalConnection"]
        )
        return ActionResult({"repository": describe(repository)})

    def disassociate_external_connection(self) -> ActionResult:
        repository = self.backend.disassociate_external_connection(
            self.params["domain"], self.params["repository"], self.params["externalConnection"]
        )
        return ActionResult({"repository": describe(repository)})

    # Endpoints and tokens of package managers

    def get_repository_endpoint(self) -> ActionResult:
        split = urlsplit(self.uri)
        endpoint = repository_endpoint(
            f"{split.scheme}://{split.netloc}", self._repository(), self.params["format"]
        )
        return ActionResult({"repository_endpoint": endpoint})

    def get_authorization_token(self) -> ActionResult:
        token, expiration = self.backend.issue_token(
            self.params["domain"], self.params.get("durationSeconds"), self._caller
        )
        return ActionResult({"authorization_token": token, "expiration": expiration})

    # Tags

    def _taggable_resource(self) -> tuple[CodeArtifactBackend, str]:
        arn = self.params["resourceArn"]
        owner = ACCOUNT_OF_ARN.match(arn)
        backend = backend_of(owner["account"] if owner else self.current_account, self.region)
        backend.require_taggable(arn)
        return backend, arn

    def tag_resource(self) -> ActionResult:
        backend, arn = self._taggable_resource()
        backend.tagger.tag_resource(arn, self.params["tags"])
        return EmptyResult()

    def untag_resource(self) -> ActionResult:
        backend, arn = self._taggable_resource()
        backend.tagger.untag_resource_using_names(arn, self.params["tagKeys"])
        return EmptyResult()

    def list_tags_for_resource(self) -> ActionResult:
        backend, arn = self._taggable_resource()
        return ActionResult(backend.tagger.list_tags_for_resource(arn))
