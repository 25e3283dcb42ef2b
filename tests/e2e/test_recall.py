"""A recall on the deployed stack: what was withdrawn stays away, as docs/recall.md says."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from emulator_support.codeartifact_calls import MODEL, list_versions, publish_generic
from local.stack import LocalStack
from tests.support.command_line import Ran, promoter
from tests.support.paths import EVENTS

PURL = "pkg:generic/acme/model@1.0"
RULES = """
domain = "acme"

[[promotion]]
name = "models-to-staging"
from = "dev"
to = "staging"
packages = ["pkg:generic/acme/*"]

[[promotion]]
name = "models-to-prod"
from = "staging"
to = "prod"
packages = ["pkg:generic/acme/*"]
on-conflict = "overwrite" # the mode that could change most
"""


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    file = tmp_path / "rules.toml"
    file.write_text(RULES)
    return file


@pytest.fixture
def log() -> list[str]:
    """The lines of the function's log."""
    return []


@pytest.fixture
def stack(rules: Path, log: list[str], monkeypatch: pytest.MonkeyPatch) -> Iterator[LocalStack]:
    with LocalStack.start(
        rules_file=rules, parameters={"SettleSeconds": "0"}, retry_after=0, on_log=log.append
    ) as stack:
        stack.create_repositories()
        for name, value in stack.client_environment().items():
            monkeypatch.setenv(name, value)
        publish_generic(stack.client("codeartifact"), "1.0")
        stack.wait_until_idle()
        yield stack


def statuses(stack: LocalStack) -> dict[str, str]:
    client = stack.client("codeartifact")
    return {
        repository: client.describe_package_version(**MODEL, repository=repository, packageVersion="1.0")[
            "packageVersion"
        ]["status"]
        for repository in ("dev", "staging", "prod")
        if "1.0" in list_versions(client, repository)
    }


def send_again(stack: LocalStack, repository: str) -> None:
    """Send the event of the version in a repository once more, as after a redrive."""
    described = stack.client("codeartifact").describe_package_version(
        **MODEL, repository=repository, packageVersion="1.0"
    )["packageVersion"]
    shape = json.loads((EVENTS / "generic-published.json").read_text("utf-8"))
    shape["detail"] |= {
        "repositoryName": repository,
        "packageVersion": "1.0",
        "packageVersionRevision": described["revision"],
    }
    stack.client("sqs").send_message(
        QueueUrl=stack.outputs["PromotionQueueUrl"], MessageBody=json.dumps(shape)
    )
    stack.wait_until_idle()


def withdraw(rules: Path, repository: str, *more: str) -> Ran:
    arguments = ("--from", repository, "--reason", "leaks", "--yes", "--rules", rules, *more)
    return promoter("withdraw", PURL, *arguments)


def decisions(log: list[str]) -> list[tuple[str, str, str]]:
    """Return hops, verdicts and outcomes of the log, and forget them."""
    lines = [line for line in map(json.loads, log) if line.get("verdict")]
    log.clear()
    return [(each["hop"]["to"], each["verdict"], each.get("outcome") or "") for each in lines]


def test_what_was_withdrawn_downstream_is_not_changed_by_a_later_event(
    stack: LocalStack, rules: Path, log: list[str]
) -> None:
    assert statuses(stack) == {"dev": "Published", "staging": "Published", "prod": "Published"}
    assert withdraw(rules, "prod").code == 0
    log.clear()

    send_again(stack, "staging")

    assert decisions(log) == [("prod", "promote", "unchanged")]
    assert statuses(stack) == {"dev": "Published", "staging": "Published", "prod": "Archived"}


def test_what_was_withdrawn_in_the_source_is_rejected(stack: LocalStack, rules: Path, log: list[str]) -> None:
    for repository in ("prod", "staging"):
        assert withdraw(rules, repository, "--status", "unlisted").code == 0
    log.clear()

    send_again(stack, "staging")

    assert decisions(log) == [("prod", "reject", "")]
    assert statuses(stack) == {"dev": "Published", "staging": "Unlisted", "prod": "Unlisted"}


def test_the_printed_hold_keeps_away_what_somebody_has_deleted(
    stack: LocalStack, rules: Path, log: list[str]
) -> None:
    ran = withdraw(rules, "prod")
    stack.client("codeartifact").delete_package_versions(**MODEL, repository="prod", versions=["1.0"])
    entry = re.search(r"^\[\[hold\]\]\n(?:.+\n)+", ran.out, re.MULTILINE)
    assert entry
    with rules.open("a") as file:
        file.write(f"\n{entry[0]}")
    stack.update({})
    log.clear()

    send_again(stack, "staging")
    assert decisions(log) == [("prod", "hold", "")]
    assert statuses(stack) == {"dev": "Published", "staging": "Published"}

    rules.write_text(RULES)  # the recall is undone
    stack.update({})
    log.clear()
    send_again(stack, "staging")
    assert decisions(log) == [("prod", "promote", "copied")]
    assert statuses(stack)["prod"] == "Published"


def test_a_status_that_is_undone_is_an_event_that_the_rules_decide_about(
    stack: LocalStack, rules: Path, log: list[str]
) -> None:
    for repository in ("prod", "staging"):
        withdraw(rules, repository)
    log.clear()

    command: dict[str, Any] = {**MODEL, "versions": ["1.0"], "targetStatus": "Published"}
    stack.client("codeartifact").update_package_versions_status(**command, repository="staging")
    stack.wait_until_idle()

    assert decisions(log) == [("prod", "promote", "unchanged")]
    assert statuses(stack) == {"dev": "Published", "staging": "Published", "prod": "Archived"}
