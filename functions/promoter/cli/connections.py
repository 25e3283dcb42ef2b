"""Connections to AWS. Only commands that need AWS import the SDK: it takes 0.3 s."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from promoter.cli.errors import UserError, no_stack

if TYPE_CHECKING:
    from collections.abc import Callable

    from promoter.aws.codeartifact import CodeArtifactReader
    from promoter.aws.dead_letters import DeadLetters
    from promoter.aws.decision_log import DecisionLog
    from promoter.aws.deployed_code import DeployedCode
    from promoter.aws.evidence_repository import AnswerPublisher, EvidenceRepository
    from promoter.aws.npm_tags import NpmTags
    from promoter.aws.scheduler import ScheduleReader
    from promoter.aws.stack import DeployedStack
    from promoter.aws.version_statuses import VersionStatuses
    from promoter.rules.rule_set import RuleSet

_SCHEDULE_GROUP, _FUNCTION = "ScheduleGroup", "PromoteFunction"  # logical ids of the template


def connect_to_domain(
    domain: str, owner: str | None, profile: str | None, acquire: Callable[[], None] = lambda: None
) -> CodeArtifactReader:
    """A reader of a domain's repositories. `acquire` is called before each call and may wait.

    Raises the SDK's errors. Without an `owner` the domain is the one of the caller's account.
    """
    from promoter.aws.clients import user_clients
    from promoter.aws.codeartifact import CodeArtifactReader

    return CodeArtifactReader(user_clients(profile)("codeartifact"), domain, owner, acquire)


def connect_to_stack(name: str, profile: str | None) -> DeployedStack:
    """A reader of a deployed stack. Raises the SDK's errors."""
    from promoter.aws.clients import user_clients
    from promoter.aws.stack import DeployedStack

    return DeployedStack(user_clients(profile), name)


def connect_to_dead_letters(promotion_queue_url: str, role: str, profile: str | None) -> DeadLetters:
    """The mover of dead letters, with a role's permissions. Without a role it has the user's own.

    Raises the SDK's errors.
    """
    from promoter.aws.clients import role_clients, user_clients
    from promoter.aws.dead_letters import DeadLetters

    clients = role_clients(role, profile) if role else user_clients(profile)
    return DeadLetters(clients("sqs"), promotion_queue_url)


class Connection(Struct, frozen=True):
    """The user's connection to a deployed pipeline. Every method raises the SDK's errors.

    `owner` is the AWS account that owns the domain, None for the caller's. `publisher`, `statuses` and
    `npm_tags` can change something.
    """

    owner: str | None
    profile: str | None
    stack: str = ""

    def reader(self, rule_set: RuleSet, acquire: Callable[[], None] = lambda: None) -> CodeArtifactReader:
        """A reader of the domain's repositories. `acquire` is called before each call and may wait."""
        return connect_to_domain(rule_set.domain, self.owner, self.profile, acquire)

    def answers(self, rule_set: RuleSet) -> EvidenceRepository:
        """A reader of the evidence repository."""
        from promoter.aws.clients import user_clients
        from promoter.aws.evidence_repository import EvidenceRepository

        client = user_clients(self.profile)("codeartifact")
        return EvidenceRepository(client, rule_set.domain, self.owner, rule_set.evidence)

    def publisher(self, rule_set: RuleSet) -> AnswerPublisher:
        """The evidence repository, to publish answers."""
        from promoter.aws.clients import user_clients
        from promoter.aws.evidence_repository import AnswerPublisher

        client = user_clients(self.profile)("codeartifact")
        return AnswerPublisher(client, rule_set.domain, self.owner, rule_set.evidence)

    def statuses(self, rule_set: RuleSet) -> VersionStatuses:
        """The statuses of the domain's versions, to change them."""
        from promoter.aws.clients import user_clients
        from promoter.aws.version_statuses import VersionStatuses

        return VersionStatuses(user_clients(self.profile)("codeartifact"), rule_set.domain, self.owner)

    def npm_tags(self, rule_set: RuleSet) -> NpmTags:
        """The npm endpoints of the domain's repositories, to read and move tags."""
        from promoter.aws.clients import user_clients
        from promoter.aws.npm_tags import NpmTags

        return NpmTags(user_clients(self.profile)("codeartifact"), rule_set.domain, self.owner)

    def entries(self) -> ScheduleReader:
        """A reader of the pending entries of the stack. Raises UserError if there are none to read."""
        from promoter.aws.clients import user_clients
        from promoter.aws.scheduler import ScheduleReader

        found = connect_to_stack(self.stack, self.profile).find()
        if found is None:
            raise no_stack(self.stack)
        if _SCHEDULE_GROUP not in found.resources:
            raise UserError(
                f'the stack "{self.stack}" has no schedule group; deploy this version of the template'
            )
        _, group = found.resources[_SCHEDULE_GROUP]
        return ScheduleReader(user_clients(self.profile)("scheduler"), group)

    def decision_log(self) -> DecisionLog:
        """A reader of the decision log of the stack. Raises UserError if there is none to read."""
        from promoter.aws.clients import user_clients
        from promoter.aws.decision_log import DecisionLog

        found = connect_to_stack(self.stack, self.profile).find()
        if found is None:
            raise no_stack(self.stack)
        groups = [physical for type_, physical in found.resources.values() if type_ == "AWS::Logs::LogGroup"]
        if not groups:
            raise UserError(f'the stack "{self.stack}" has no log group; deploy this version of the template')
        return DecisionLog(user_clients(self.profile)("logs"), groups)

    def deployed_code(self) -> DeployedCode:
        """A reader of the function's code. Raises UserError if there is none to read."""
        from promoter.aws.clients import user_clients
        from promoter.aws.deployed_code import DeployedCode

        found = connect_to_stack(self.stack, self.profile).find()
        if found is None:
            raise no_stack(self.stack)
        if _FUNCTION not in found.resources:
            raise UserError(
                f'the stack "{self.stack}" has no function of the promoter; use --stack to name another'
            )
        _, function = found.resources[_FUNCTION]
        return DeployedCode(user_clients(self.profile)("lambda"), function)

    def caller_arn(self) -> str:
        """The ARN of the caller."""
        from promoter.aws.clients import caller_arn, user_clients

        return caller_arn(user_clients(self.profile)("sts"))
