"""Steps that publish a version, and look at what becomes of it."""

import json
from itertools import pairwise
from typing import Any

from botocore.exceptions import ClientError

from deploy.verification import version
from deploy.verification.account import Account
from deploy.verification.findings import Finding, Step, Trial, differs, holds, unknown

_DAY = 86_400
_DELAYS = (20, 60, 180, 540, 900)  # seconds, after the first delivery, the second, ...
_TOLERANCE = 30  # seconds: the poller may come later, and the function takes its time
_NOT_THERE = unknown("the version did not arrive in the destination")


def queue_denies(account: Account, _: Trial) -> Finding:
    """Send a message to the promotion queue. If it is accepted, delete it from the dead-letter queue."""
    sqs = account.client("sqs")
    try:
        sent = sqs.send_message(QueueUrl=account.outputs["PromotionQueueUrl"], MessageBody=version.PACKAGE)
    except ClientError as error:
        code = str(error.response["Error"].get("Code"))
        return holds(code) if "AccessDenied" in code else unknown(f"{code}: {error}")
    removed = account.wait_for(lambda: _removed(account))
    left = "it is deleted" if removed else "it is still on the queue or its dead-letter queue"
    return differs(f"the message {sent['MessageId']} was accepted; {left}")


def _removed(account: Account) -> bool:
    """Delete the message from the dead-letter queue, where the function sends what is no event."""
    sqs, url = account.client("sqs"), account.outputs["PromotionDeadLetterQueueUrl"]
    reply = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10, VisibilityTimeout=1)
    ours = [each for each in reply.get("Messages", ()) if each["Body"] == version.PACKAGE]
    for each in ours:
        sqs.delete_message(QueueUrl=url, ReceiptHandle=each["ReceiptHandle"])
    return bool(ours)


def promoted(account: Account, trial: Trial) -> Finding:
    """Publish the version in the source, and wait until it is in the destination."""
    trial.first_revision = version.publish(account, trial.source, trial.version)
    start = account.now
    trial.second_revision = account.wait_for(
        lambda: version.revision_in(account, trial.destination, trial.version)
    )
    if trial.second_revision is None:
        return unknown(
            f"not in {trial.destination} after {account.wait:.0f} s; see the next steps, and check that a promotion "
            f"from {trial.source} to {trial.destination} selects {version.PURL}"
        )
    return holds(
        f"in {trial.destination} {account.now - start:.1f} s after it was published in {trial.source}"
    )


def decision_logged(account: Account, trial: Trial) -> Finding:
    """Look for the decision about the published version in the decision log."""
    if trial.second_revision is None:
        return _NOT_THERE
    lines = account.wait_for(lambda: _logged(account, trial, trial.source))
    if not lines:
        return unknown(f"the log has no decision about it after {account.wait:.0f} s")
    seen = ", ".join(str(line.get("outcome")) for line in lines)
    return holds(seen) if "copied" in seen else differs(json.dumps(lines[-1])[:500])


def second_copy(account: Account, trial: Trial) -> Finding:
    """Copy the version again, as the function copies a duplicate."""
    if trial.first_revision is None or trial.second_revision is None:
        return _NOT_THERE
    reply = version.copy(account, trial.source, trial.destination, trial.version, trial.first_revision)
    maps = {name: reply.get(name, {}) for name in ("successfulVersions", "failedVersions")}
    after = version.revision_in(account, trial.destination, trial.version)
    seen = ", ".join(f"{name}: {json.dumps(found)}" for name, found in maps.items())
    if after != trial.second_revision:
        return differs(f"{seen}; the revision in {trial.destination} changed to {after}")
    return differs(seen) if any(maps.values()) else holds(f"{seen}; the revision is the same")


def revision_kept(account: Account, trial: Trial) -> Finding:
    """Compare the revisions in the source and in the destination."""
    if trial.second_revision is None:
        return _NOT_THERE
    now = version.revision_in(account, trial.source, trial.version)
    if now != trial.first_revision:
        return differs(f"the revision in {trial.source} changed from {trial.first_revision} to {now}")
    kept = "the same revision" if now == trial.second_revision else "a revision of its own"
    return holds(f"{trial.destination} has {kept}: {trial.first_revision}, {trial.second_revision}")


def copy_event(account: Account, trial: Trial) -> Finding:
    """Look for a decision about the copy, which only an event of the destination can have caused."""
    if trial.second_revision is None:
        return _NOT_THERE
    if trial.destination not in account.sources:
        return unknown(f"nothing is promoted from {trial.destination}, so its events reach no queue")
    lines = account.wait_for(lambda: _logged(account, trial, trial.destination))
    if not lines:
        return unknown(
            f"no decision about the copy in {account.wait:.0f} s: no promotion from {trial.destination} selects "
            f"{version.PURL}, or the copy's event did not match"
        )
    revisions = {line["revision"] for line in lines}
    seen = f"an event of {trial.destination} passed the rule, so its operationType is Created or Updated"
    if revisions != {trial.second_revision}:
        return differs(f"{seen}; but it has the revision {', '.join(revisions)}, not {trial.second_revision}")
    return holds(f"{seen}; its revision is that of {trial.destination}")


def _logged(account: Account, trial: Trial, source: str) -> list[dict[str, Any]]:
    lines = account.decisions(version.PACKAGE, account.now - _DAY)
    return [
        line
        for line in lines
        if line["version"] == trial.version and line["hop"]["from"] == source and "outcome" in line
    ]


def retry_delay(account: Account, _: Trial) -> Finding:
    """Compare the times of a message's deliveries in the decision log of the last day."""
    lines = account.decisions("retry", account.now - _DAY)
    by_event: dict[str, list[float]] = {}
    for line in lines:
        is_counted = line.get("outcome") == "retry" and line.get("code") != "ThrottlingException"
        if is_counted and line.get("event"):
            by_event.setdefault(line["event"], []).append(line["loggedAt"])
    gaps = [
        (later - earlier, _DELAYS[min(number, len(_DELAYS) - 1)])
        for times in by_event.values()
        for number, (earlier, later) in enumerate(pairwise(times))
    ]
    if not gaps:
        return unknown("no message was retried twice in the last 24 hours")
    seen = ", ".join(f"{seconds:.0f} s (asked for {asked})" for seconds, asked in gaps[:10])
    good = all(asked - 1 <= seconds <= asked + _TOLERANCE for seconds, asked in gaps)
    return holds(seen) if good else differs(seen)


def clean_up(account: Account, trial: Trial) -> Finding:
    """Delete the published version from every repository, and look twice."""
    for _ in range(2):
        for repository in account.repositories:
            version.delete(account, repository, trial.version)
        account.pause()  # a copy may be under way
    left = [each for each in account.repositories if version.revision_in(account, each, trial.version)]
    return differs(f"still in {', '.join(left)}: delete it") if left else holds("the version is deleted")


_DESCRIBE = "codeartifact:DescribePackageVersion"
STEPS = (
    Step(
        "queue-denies",
        "The queue's policy denies `SendMessage` to you, even if you are an administrator.",
        ("sqs:SendMessage", "sqs:ReceiveMessage", "sqs:DeleteMessage"),
        queue_denies,
        writes=True,
        needs_aws=True,
    ),
    Step(
        "promoted",
        "A published version is copied: the queue's Deny does not stop the rule, and the role's permissions suffice. "
        "A copy needs permission on the destination's package ARN, but not on the source's.",
        ("codeartifact:PublishPackageVersion", _DESCRIBE),
        promoted,
        writes=True,
    ),
    Step(
        "decision-logged",
        "The decision log has the outcome `copied`.",
        ("logs:FilterLogEvents",),
        decision_logged,
        writes=True,
    ),
    Step(
        "second-copy",
        "A second copy changes nothing, and the API lists the version in neither map.",
        ("codeartifact:CopyPackageVersions", _DESCRIBE),
        second_copy,
        writes=True,
    ),
    Step(
        "revision-kept",
        "A copy does not change the source's revision. The report says if the copy has the same revision.",
        (_DESCRIBE,),
        revision_kept,
        writes=True,
    ),
    Step(
        "copy-event",
        "A copy causes an event of the destination, with the operationType `Created` or `Updated` and its revision.",
        ("logs:FilterLogEvents",),
        copy_event,
        writes=True,
    ),
    Step(
        "retry-delay",
        "A message that is retried comes back after the time that the function asked for: 20, 60, 180, ... seconds.",
        ("logs:FilterLogEvents",),
        retry_delay,
    ),
    Step(
        "clean-up",
        "The published version can be deleted again.",
        ("codeartifact:DeletePackageVersions", _DESCRIBE),
        clean_up,
        writes=True,
    ),
)
