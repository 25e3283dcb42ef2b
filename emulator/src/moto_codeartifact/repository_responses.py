"""Handles requests about repositories, their policies, connections and endpoints."""

from urllib.parse import urlsplit

from moto.core.responses import ActionResult

from .repositories import describe
from .request_parameters import RequestParameters


class RepositoryResponses(RequestParameters):
    """The operations on repositories. CodeArtifactResponse inherits them."""

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
        return (
            None
            if upstreams is None
            else [upstream["repositoryName"] for upstream in upstreams]
        )

    def describe_repository(self) -> ActionResult:
        return ActionResult({"repository": describe(self.repository())})

    def update_repository(self) -> ActionResult:
        repository = self.backend.update_repository(
            self.params["domain"],
            self.params["repository"],
            self.params.get("description"),
            self._upstreams(),
        )
        return ActionResult({"repository": describe(repository)})

    def delete_repository(self) -> ActionResult:
        repository = self.backend.delete_repository(
            self.params["domain"], self.params["repository"]
        )
        return ActionResult({"repository": describe(repository)})

    def list_repositories(self) -> ActionResult:
        found = self.backend.list_repositories(self.params.get("repositoryPrefix", ""))
        return self.page(
            "repositories", (([each.domain_name, each.name], each) for each in found)
        )

    def list_repositories_in_domain(self) -> ActionResult:
        found = self.backend.list_repositories_in_domain(
            self.params["domain"],
            self.params.get("repositoryPrefix", ""),
            self.params.get("administratorAccount"),
        )
        return self.page(
            "repositories", (([each.domain_name, each.name], each) for each in found)
        )

    def associate_external_connection(self) -> ActionResult:
        repository = self.backend.associate_external_connection(
            self.params["domain"],
            self.params["repository"],
            self.params["externalConnection"],
        )
        return ActionResult({"repository": describe(repository)})

    def disassociate_external_connection(self) -> ActionResult:
        repository = self.backend.disassociate_external_connection(
            self.params["domain"],
            self.params["repository"],
            self.params["externalConnection"],
        )
        return ActionResult({"repository": describe(repository)})

    def get_repository_endpoint(self) -> ActionResult:
        split = urlsplit(self.uri)
        endpoint = self.backend.get_repository_endpoint(
            self.params["domain"],
            self.params["repository"],
            self.params["format"],
            f"{split.scheme}://{split.netloc}",
        )
        return ActionResult({"repository_endpoint": endpoint})

    # Policies

    def get_repository_permissions_policy(self) -> ActionResult:
        policy = self.backend.get_repository_permissions_policy(
            self.params["domain"], self.params["repository"]
        )
        return self.answer_policy(policy)

    def put_repository_permissions_policy(self) -> ActionResult:
        policy = self.backend.put_repository_permissions_policy(
            self.params["domain"],
            self.params["repository"],
            self.params["policyDocument"],
            self.params.get("policyRevision"),
        )
        return self.answer_policy(policy)

    def delete_repository_permissions_policy(self) -> ActionResult:
        policy = self.backend.delete_repository_permissions_policy(
            self.params["domain"],
            self.params["repository"],
            self.params.get("policyRevision"),
        )
        return self.answer_policy(policy)
