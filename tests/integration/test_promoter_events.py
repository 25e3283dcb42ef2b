"""The samples in events/, each put to the real function over the emulator."""

import json
from dataclasses import replace
from typing import Any

import pytest

from moto_codeartifact.packages import PackageKey
from tests.support.account import REGION, Account
from tests.support.in_memory_function import Invocation
from tests.support.paths import ROOT
from tests.support.samples import OWNER, promotion, rules

EVENTS = ROOT / "events"
BATCH = "sqs-batch.json"
ALL = rules(promotion("to-staging", packages=["pkg:**"]))


def sample(name: str) -> Any:
    return json.loads((EVENTS / name).read_text("utf-8"))


def published(account: Account, event: dict[str, Any]) -> tuple[str, str, str]:
    """Let the source hold what the event announces, at its revision; the package."""
    detail = event["detail"]
    package = (detail["packageFormat"], detail["packageNamespace"] or "", detail["packageName"])
    account.publish(detail["packageVersion"], package=package)
    versions = account.backend.describe_repository("acme", "dev").packages[PackageKey(*package)].versions
    version = versions[detail["packageVersion"]]
    versions[detail["packageVersion"]] = replace(version, revision=detail["packageVersionRevision"])
    return package


@pytest.mark.parametrize("name", sorted(path.name for path in EVENTS.glob("*.json") if path.name != BATCH))
def test_a_sample_event_promotes_what_it_announces(account: Account, name: str) -> None:
    event = sample(name)
    package = published(account, event)

    answer = account.function(ALL)(event, Invocation())

    assert [decision["outcome"] for decision in answer["decisions"]] == ["copied"]
    assert list(account.versions_in("staging", package)) == [event["detail"]["packageVersion"]]


def test_the_sample_batch_promotes_all_that_it_announces(account: Account) -> None:
    batch = sample(BATCH)
    packages = [published(account, json.loads(record["body"])) for record in batch["Records"]]
    here = f"arn:aws:sqs:{REGION}:{OWNER}:promotion"
    records = [{**record, "eventSourceARN": here} for record in batch["Records"]]

    assert account.function(ALL)({"Records": records}, Invocation()) == {"batchItemFailures": []}

    assert all(
        account.versions_in("staging", package) == account.versions_in("dev", package) for package in packages
    )
