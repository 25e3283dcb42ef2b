"""Handles requests about domains, their policies, tags and tokens."""

import re

from moto.core.responses import ActionResult, EmptyResult

from .dispatch import backend_of
from .models import CodeArtifactBackend
from .request_parameters import RequestParameters

ACCOUNT_OF_ARN = re.compile(r"arn:[^:]+:codeartifact:[^:]+:(?P<account>\d{12}):")


class DomainResponses(RequestParameters):
    """The operations on domains. CodeArtifactResponse inherits them."""

    def create_domain(self) -> ActionResult:
        domain = self.backend.create_domain(
            self.params["domain"],
            self.params.get("encryptionKey"),
            self.params.get("tags", []),
        )
        return ActionResult({"domain": domain})

    def describe_domain(self) -> ActionResult:
        return ActionResult(
            {"domain": self.backend.describe_domain(self.params["domain"])}
        )

    def delete_domain(self) -> ActionResult:
        deleted = self.backend.delete_domain(self.params["domain"])
        return ActionResult({"domain": deleted})

    def list_domains(self) -> ActionResult:
        return self.page(
            "domains", (([each.name], each) for each in self.backend.list_domains())
        )

    def get_authorization_token(self) -> ActionResult:
        token, expiration = self.backend.get_authorization_token(
            self.params["domain"], self.params.get("durationSeconds"), self.caller
        )
        return ActionResult({"authorization_token": token, "expiration": expiration})

    # Policies

    def get_domain_permissions_policy(self) -> ActionResult:
        return self.answer_policy(
            self.backend.get_domain_permissions_policy(self.params["domain"])
        )

    def put_domain_permissions_policy(self) -> ActionResult:
        policy = self.backend.put_domain_permissions_policy(
            self.params["domain"],
            self.params["policyDocument"],
            self.params.get("policyRevision"),
        )
        return self.answer_policy(policy)

    def delete_domain_permissions_policy(self) -> ActionResult:
        policy = self.backend.delete_domain_permissions_policy(
            self.params["domain"], self.params.get("policyRevision")
        )
        return self.answer_policy(policy)

    # Tags

    def _owner_of(self, arn: str) -> CodeArtifactBackend:
        owner = ACCOUNT_OF_ARN.match(arn)
        return backend_of(
            owner["account"] if owner else self.current_account, self.region
        )

    def tag_resource(self) -> ActionResult:
        arn = self.params["resourceArn"]
        self._owner_of(arn).tag_resource(arn, self.params["tags"])
        return EmptyResult()

    def untag_resource(self) -> ActionResult:
        arn = self.params["resourceArn"]
        self._owner_of(arn).untag_resource(arn, self.params["tagKeys"])
        return EmptyResult()

    def list_tags_for_resource(self) -> ActionResult:
        arn = self.params["resourceArn"]
        return ActionResult(self._owner_of(arn).list_tags_for_resource(arn))
