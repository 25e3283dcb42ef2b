"""Steps about the stack and its rule. They only read."""

import json
from typing import Any

from deploy.verification.account import Account
from deploy.verification.findings import Finding, Step, Trial, differs, holds, unknown
from deploy.verification.version import FORMAT, NAMESPACE, PACKAGE


def stack_deployed(account: Account, _: Trial) -> Finding:
    """Look at the states of the stack and of its resources."""
    account.refresh()
    state = account.description["StackStatus"]
    others = [
        f"{name}: {each['ResourceStatus']}"
        for name, each in account.resources.items()
        if each["ResourceStatus"] not in ("CREATE_COMPLETE", "UPDATE_COMPLETE")
    ]
    seen = f"{state}, {len(account.resources)} resources"
    if state in ("CREATE_COMPLETE", "UPDATE_COMPLETE") and not others:
        return holds(seen)
    return differs("; ".join([seen, *others]))


def rule_enabled(account: Account, _: Trial) -> Finding:
    """Look at the rule's state and target."""
    events, name = account.client("events"), _rule(account)
    state = events.describe_rule(Name=name)["State"]
    targets = [each["Arn"] for each in events.list_targets_by_rule(Rule=name)["Targets"]]
    seen = f"{name}: {state}, {len(targets)} target" + ("s" if len(targets) != 1 else "")
    is_right = state == "ENABLED" and targets == [account.outputs["PromotionQueueArn"]]
    return holds(f"{seen}, the promotion queue") if is_right else differs(f"{seen}: {', '.join(targets)}")


def rule_pattern(account: Account, trial: Trial) -> Finding:
    """Ask EventBridge if the rule's pattern matches an event as the user guide shows it."""
    events, arn = account.client("events"), account.outputs["PromotionQueueArn"].split(":")
    pattern = events.describe_rule(Name=_rule(account))["EventPattern"]
    owner = account.domain.get("domainOwner") or arn[4]
    matched = {
        operation: events.test_event_pattern(
            EventPattern=pattern,
            Event=json.dumps(_event(account, trial, region=arn[3], owner=owner, operation=operation)),
        ).get("Result")
        for operation in ("Created", "Updated", "Deleted")
    }
    if None in matched.values():
        return unknown("this endpoint does not compare patterns with events")
    seen = ", ".join(f"{each}: {'matches' if found else 'no match'}" for each, found in matched.items())
    wanted = {"Created": True, "Updated": True, "Deleted": False}
    return holds(seen) if matched == wanted else differs(seen)


def _rule(account: Account) -> str:
    return str(account.resources["PublishRule"]["PhysicalResourceId"])


def _event(account: Account, trial: Trial, *, region: str, owner: str, operation: str) -> dict[str, Any]:
    """An event of the source repository. Source: CodeArtifact user guide, service-event-format-example."""
    domain = account.domain["domain"]
    package = f"package/{domain}/{trial.source}/{FORMAT}/{NAMESPACE}/{PACKAGE}"
    return {
        "version": "0",
        "id": "73f03fec-a137-971e-6ac6-07c8ffffffff",
        "detail-type": "CodeArtifact Package Version State Change",
        "source": "aws.codeartifact",
        "account": owner,
        "time": "2026-01-02T03:04:05Z",
        "region": region,
        "resources": [f"arn:aws:codeartifact:{region}:{owner}:{package}"],
        "detail": {
            "domainName": domain,
            "domainOwner": owner,
            "repositoryName": trial.source,
            "repositoryAdministrator": owner,
            "packageFormat": FORMAT,
            "packageNamespace": NAMESPACE,
            "packageName": PACKAGE,
            "packageVersion": trial.version,
            "packageVersionState": "Published",
            "packageVersionRevision": "0E5DE26A4CD79FDF3EBC4924FFFFFFFF",
            "changes": {
                "assetsAdded": 1,
                "assetsRemoved": 0,
                "assetsUpdated": 0,
                "metadataUpdated": True,
                "statusChanged": True,
            },
            "operationType": operation,
            "sequenceNumber": 1,
            "eventDeduplicationId": "2mEO8A2wO7rJwKZ3h2a2BnJqT4rF0bqJ0v3aKq0Yc3M=",
        },
    }


STEPS = (
    Step(
        "stack-deployed",
        "The template deploys with both transforms: language extensions, then SAM.",
        ("cloudformation:DescribeStacks", "cloudformation:ListStackResources"),
        stack_deployed,
    ),
    Step(
        "rule-enabled",
        "The rule is enabled and has one target, the promotion queue.",
        ("events:DescribeRule", "events:ListTargetsByRule"),
        rule_enabled,
    ),
    Step(
        "rule-pattern",
        "EventBridge matches the rule's pattern with CodeArtifact's documented events.",
        ("events:DescribeRule", "events:TestEventPattern"),
        rule_pattern,
    ),
)
