"""The pipeline does not wait, except for the last file of a PyPI upload, and it sends few mails."""

import json
from collections.abc import Iterator

import pytest

from emulator_support.codeartifact_calls import list_versions, publish_generic
from emulator_support.package_uploads import post_pypi
from local.display.mailbox import read_mails
from local.stack import LocalStack
from tests.support.samples import event

PACKAGES = 60
MAILS = 12


@pytest.fixture(scope="module")
def log() -> list[str]:
    """The lines of the function's log."""
    return []


@pytest.fixture(scope="module")
def stack(log: list[str]) -> Iterator[LocalStack]:
    parameters = {"SettleSeconds": "3", "NotificationEmail": "platform@example.com"}
    with LocalStack.start(parameters=parameters, on_log=log.append) as stack:
        stack.create_repositories()
        yield stack


def test_three_files_of_a_pypi_upload_end_in_one_copy_per_hop(stack: LocalStack, log: list[str]) -> None:
    codeartifact = stack.client("codeartifact")
    for number in range(3):
        post_pypi(
            codeartifact, "acme-tools", "2.0", f"acme_tools-2.0-{number}-py3-none-any.whl", b"%d" % number
        )
    stack.wait_until_idle()

    records = [record for record in map(json.loads, log) if "verdict" in record]
    copied = [record["hop"]["to"] for record in records if record.get("outcome") == "copied"]
    assert copied == ["staging", "prod"]
    assert not [record for record in records if record.get("outcome") == "failed"]
    assert list_versions(codeartifact, "prod", format="pypi", namespace=None, package="acme-tools") == {"2.0"}


def test_sixty_failures_at_once_make_at_most_twelve_mails(stack: LocalStack) -> None:
    codeartifact, sqs = stack.client("codeartifact"), stack.client("sqs")
    names = [f"model-{number}" for number in range(PACKAGES)]
    revisions = {}
    for name in names:
        publish_generic(codeartifact, "9.0", b"theirs", package=name, to="prod")
        revisions[name] = publish_generic(codeartifact, "9.0", b"ours", package=name, to="staging")
    stack.wait_until_idle()
    before = len(read_mails(stack.outputs["NotificationTopicArn"]))
    bodies = [
        json.dumps(
            event(
                "9.0",
                repositoryName="staging",
                packageFormat="generic",
                packageNamespace="acme",
                packageName=name,
                packageVersionRevision=revisions[name]["versionRevision"],
            )
        )
        for name in names
    ]
    for start in range(0, PACKAGES, 10):
        entries = [
            {"Id": str(number), "MessageBody": body} for number, body in enumerate(bodies[start : start + 10])
        ]
        sqs.send_message_batch(QueueUrl=stack.outputs["PromotionQueueUrl"], Entries=entries)
    stack.wait_until_idle()

    mails = read_mails(stack.outputs["NotificationTopicArn"])[before:]
    assert 0 < len(mails) <= MAILS
    assert all(any(f"acme/{name} 9.0" in mail.text for mail in mails) for name in names)
