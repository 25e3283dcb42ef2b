"""event_rule: the deployed rule against the template, and each way in which it may differ."""

from typing import Any

import pytest
from msgspec.structs import replace

from promoter.inspection.event_rule import expected_pattern, find_rule_faults
from promoter.inspection.ports import RuleDescription, RuleTarget
from tests.support.samples import OWNER, QUEUE
from tests.support.translated_template import properties

PARAMETERS = {
    "Domain": "acme",
    "DomainOwner": "",
    "SourceRepositories": "dev,staging",
    "DestinationRepositories": "staging,prod",
}
GOOD = RuleDescription("ENABLED", expected_pattern(PARAMETERS, OWNER), (RuleTarget(QUEUE),))


def faults(rule: RuleDescription | None = GOOD, **parameters: str) -> tuple[str, ...]:
    return find_rule_faults(rule, PARAMETERS | parameters, QUEUE)


def changed(**detail: Any) -> RuleDescription:
    """The rule with other values in the pattern's detail; None removes a key."""
    new = {**GOOD.pattern["detail"], **detail}
    return replace(GOOD, pattern={**GOOD.pattern, "detail": {k: v for k, v in new.items() if v is not None}})


@pytest.mark.parametrize("answers", ["", "answers"])
@pytest.mark.parametrize("owner", ["", "210987654321"])
def test_the_expected_pattern_is_that_of_the_template(owner: str, answers: str) -> None:
    given = {"EvidenceRepository": answers} | ({"DomainOwner": owner} if owner else {})

    pattern = properties("PublishRule", **given)["EventPattern"]

    account = pattern["detail"].pop("domainOwner")
    assert owner in str(account)  # without an owner it is a reference to the stack's account
    expected = expected_pattern(PARAMETERS | given, OWNER)
    assert expected["detail"].pop("domainOwner") == [owner or OWNER]
    assert pattern == expected


def test_the_rule_of_the_template_has_no_fault() -> None:
    assert faults() == ()


def test_the_order_of_alternatives_and_blanks_in_a_parameter_do_not_matter() -> None:
    reordered = changed(repositoryName=["staging", "dev"], operationType=["Updated", "Created"])

    assert faults(reordered, SourceRepositories="dev, staging") == ()


def test_a_rule_for_the_events_of_cloudtrail_too_is_enabled() -> None:
    assert faults(replace(GOOD, state="ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS")) == ()


def test_a_disabled_rule_is_a_fault() -> None:
    assert faults(replace(GOOD, state="DISABLED")) == ("the rule is DISABLED, so events are lost",)


def test_a_deleted_rule_is_a_fault() -> None:
    assert faults(None) == ("the rule was deleted, so events are lost",)


@pytest.mark.parametrize(
    ("rule", "fault"),
    [
        (changed(repositoryName=["dev"]), 'detail.repositoryName ["dev"], wanted ["dev", "staging"]'),
        (
            changed(operationType=["Created"]),
            'detail.operationType ["Created"], wanted ["Created", "Updated"]',
        ),
        (changed(packageVersionState=None), 'detail.packageVersionState missing, wanted ["Published"]'),
        (changed(domainName=["other"]), 'detail.domainName ["other"], wanted ["acme"]'),
        (changed(domainOwner=["1"]), f'detail.domainOwner ["1"], wanted ["{OWNER}"]'),
        (changed(packageFormat=["npm"]), 'detail.packageFormat ["npm"], wanted none'),
        (replace(GOOD, pattern={}), 'source missing, wanted ["aws.codeartifact"]'),
        (
            replace(GOOD, pattern={**GOOD.pattern, "detail-type": ["other"]}),
            'detail-type ["other"], wanted ["CodeArtifact Package Version State Change"]',
        ),
        (
            changed(repositoryName=[{"prefix": "dev"}]),
            'detail.repositoryName [{"prefix": "dev"}], wanted ["dev", "staging"]',
        ),
    ],
)
def test_each_change_of_the_pattern_is_a_fault(rule: RuleDescription, fault: str) -> None:
    assert f"the event pattern has {fault}" in faults(rule)


def test_a_new_parameter_that_the_rule_does_not_have_is_a_fault() -> None:
    [fault] = faults(DomainOwner="210987654321")

    assert fault == f'the event pattern has detail.domainOwner ["{OWNER}"], wanted ["210987654321"]'


@pytest.mark.parametrize(("targets", "found"), [((), "nothing"), ((RuleTarget("arn:other"),), "arn:other")])
def test_a_rule_that_sends_elsewhere_is_a_fault(targets: tuple[RuleTarget, ...], found: str) -> None:
    assert faults(replace(GOOD, targets=targets)) == (f"the rule sends to {found}, not to {QUEUE}",)


def test_a_second_target_is_no_fault() -> None:
    assert faults(replace(GOOD, targets=(RuleTarget("arn:other", "Input"), RuleTarget(QUEUE)))) == ()


@pytest.mark.parametrize("transformation", ["Input", "InputPath", "InputTransformer"])
def test_a_target_that_changes_events_is_a_fault(transformation: str) -> None:
    assert faults(replace(GOOD, targets=(RuleTarget(QUEUE, transformation),))) == (
        f"the rule changes events before it sends them: {transformation}",
    )


def test_every_fault_is_told() -> None:
    broken = RuleDescription("DISABLED", {}, ())

    assert len(faults(broken)) == 1 + 7 + 1


def test_an_unknown_queue_is_not_a_crash() -> None:
    assert find_rule_faults(GOOD, PARAMETERS, "") != ()
