"""10,000 events through the handler against the emulator in process: `python -m bench.events`.

Batches of 100 versions of one package, pacing off. Prints the rate (to reach: 2,000 events a second) and what
the memory did; exits 1 below the rate, or when the memory grows.
"""

import contextlib
import gc
import hashlib
import io
import json
import os
import sys
import time
import tracemalloc
from collections.abc import Iterator
from typing import Any

import boto3
from moto import mock_aws

from local.moto_patches.register import plug
from promoter.aws.codeartifact import CodeArtifact
from promoter.aws.sns import Topic
from promoter.aws.sqs import DeadLetterQueue
from promoter.copying.rate_limit import RateLimiter
from promoter.lambda_function import PromoterFunction
from promoter.rules_file.reader import load
from promoter.settings import Settings

OWNER = "123456789012"
QUEUE = f"arn:aws:sqs:us-east-1:{OWNER}:promotion"
PACKAGES, VERSIONS = 100, 100
RATE, GROWTH = 2_000, 2 * 1024 * 1024
RULES = """
domain = "acme"
[[promotion]]
name = "models"
from = "dev"
to = "staging"
packages = ["pkg:generic/acme/*"]
"""


class Context:
    """Lambda's context with time without end."""

    aws_request_id = "bench"

    def get_remaining_time_in_millis(self) -> int:
        """Always two minutes."""
        return 120_000


def batches(client: Any) -> Iterator[dict[str, Any]]:
    """Publish the packages, one after the other; their events as Lambda hands over a batch."""
    for package in range(PACKAGES):
        yield {"Records": [record(client, f"model-{package}", f"1.0.{patch}") for patch in range(VERSIONS)]}


def record(client: Any, package: str, version: str) -> dict[str, Any]:
    """Publish a version; its event in an SQS record."""
    content = f"{package} {version}".encode()
    published = client.publish_package_version(
        domain="acme",
        repository="dev",
        format="generic",
        namespace="acme",
        package=package,
        packageVersion=version,
        assetName="model.bin",
        assetContent=content,
        assetSHA256=hashlib.sha256(content).hexdigest(),
    )
    detail = {
        "domainName": "acme",
        "domainOwner": OWNER,
        "repositoryName": "dev",
        "packageFormat": "generic",
        "packageNamespace": "acme",
        "packageName": package,
        "packageVersion": version,
        "packageVersionState": "Published",
        "packageVersionRevision": published["versionRevision"],
        "changes": {"assetsAdded": 1, "metadataUpdated": True, "statusChanged": True},
        "operationType": "Created",
        "sequenceNumber": 1,
    }
    event = {
        "version": "0",
        "id": f"{package}-{version}",
        "detail-type": "CodeArtifact Package Version State Change",
        "source": "aws.codeartifact",
        "time": "2026-01-02T03:04:05Z",
        "detail": detail,
    }
    return {
        "messageId": f"{package}-{version}",
        "body": json.dumps(event),
        "attributes": {"ApproximateReceiveCount": "1"},
        "eventSourceARN": QUEUE,
    }


def main() -> int:
    """Run, print, judge."""
    os.environ |= dict.fromkeys(("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"), "local")
    os.environ |= {"AWS_DEFAULT_REGION": "us-east-1", "AWS_MAX_ATTEMPTS": "1"}
    plug()
    with mock_aws():
        client = boto3.client("codeartifact")
        client.create_domain(domain="acme")
        for repository in ("dev", "staging"):
            client.create_repository(domain="acme", repository=repository)
        handler = PromoterFunction(
            Settings(OWNER, "", QUEUE, "", 0, __file__),  # type: ignore[arg-type]  # no file is read
            load(RULES),
            CodeArtifact("acme", OWNER),
            Topic(""),
            DeadLetterQueue(""),
            RateLimiter(0, time.monotonic, time.sleep),
        )
        return measure(handler, list(batches(client)), client)


def measure(handler: PromoterFunction, events: list[dict[str, Any]], client: Any) -> int:
    """Time a first pass over the events, which copies; watch the memory in a second, which does not."""
    with contextlib.redirect_stdout(io.StringIO()):
        handler({"Records": []}, Context())
        start = time.perf_counter()
        failures = [handler(event, Context())["batchItemFailures"] for event in events]
        seconds = time.perf_counter() - start
    copied = sum(
        len(client.list_package_versions(domain="acme", repository="staging", **each)["versions"])
        for each in (
            {"format": "generic", "namespace": "acme", "package": f"model-{n}", "maxResults": 1000}
            for n in range(PACKAGES)
        )
    )
    grown = growth(handler, events)
    rate = PACKAGES * VERSIONS / seconds
    print(f"events      {PACKAGES * VERSIONS} in batches of {VERSIONS}, {copied} versions copied")
    print(f"rate        {rate:,.0f} events/s   (to reach: {RATE:,})")
    print(
        f"memory      {grown / 1024:+,.0f} KiB in {len(events)} batches (to reach: under {GROWTH / 1024:.0f})"
    )
    complete = copied == PACKAGES * VERSIONS and not any(failures)
    return 0 if complete and rate >= RATE and grown < GROWTH else 1


def growth(handler: PromoterFunction, events: list[dict[str, Any]]) -> int:
    """Bytes that the handler's own allocations grow by over all events, after a warm-up."""
    tracemalloc.start()
    sizes = []
    for half in (events[: len(events) // 2], events[len(events) // 2 :]):
        for event in half:
            with contextlib.redirect_stdout(io.StringIO()):
                handler(event, Context())
        gc.collect()
        sizes.append(tracemalloc.get_traced_memory()[0])
    tracemalloc.stop()
    return sizes[1] - sizes[0]


if __name__ == "__main__":
    sys.exit(main())
