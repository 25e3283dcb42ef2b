"""Send 10,000 events through the function, with the emulator in the same process: `python -m bench.events`.

Batches of 100 versions of one package, without a rate limit. Prints the rate (goal: 2,000 events a second) and
how much the memory grew. Exits 1 below the rate, or if the memory grows.
"""

import contextlib
import gc
import hashlib
import io
import os
import sys
import time
import tracemalloc
from collections.abc import Iterator
from typing import Any

import boto3
from moto import mock_aws

from bench.samples import OWNER, QUEUE, Context, record
from moto_codeartifact.register import register_codeartifact
from promoter.aws.codeartifact import CodeArtifact
from promoter.aws.sns import Topic
from promoter.aws.sqs import DeadLetterQueue, PromotionQueue
from promoter.copying.pipeline import Clients
from promoter.copying.rate_limit import RateLimiter
from promoter.lambda_function import Ports, PromoterFunction
from promoter.rules_file.reader import load
from promoter.settings import Settings

PACKAGES, VERSIONS = 100, 100
RATE, GROWTH = 2_000, 2 * 1024 * 1024  # goals: events a second, bytes
RULES = """
domain = "acme"
[[promotion]]
name = "models"
from = "dev"
to = "staging"
packages = ["pkg:generic/acme/*"]
"""


def main() -> int:
    """Measure, print, and return the exit code."""
    os.environ |= dict.fromkeys(("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"), "local")
    os.environ |= {"AWS_DEFAULT_REGION": "us-east-1", "AWS_MAX_ATTEMPTS": "1"}
    register_codeartifact()
    with mock_aws():
        client = boto3.client("codeartifact")
        client.create_domain(domain="acme")
        for repository in ("dev", "staging"):
            client.create_repository(domain="acme", repository=repository)
        batches = [batch(client, f"model-{number}") for number in range(PACKAGES)]
        return measure(function(client), batches, client)


def function(client: Any) -> PromoterFunction:
    """Make the function. It neither publishes nor forwards messages here."""
    return PromoterFunction(
        Settings(OWNER, "", QUEUE, "", 0, __file__),  # type: ignore[arg-type]  # no file is read
        load(RULES).rule_set,
        Ports(
            Clients(CodeArtifact(client, "acme", OWNER), None, None),  # type: ignore[arg-type]  # nothing waits
            PromotionQueue(None, ""),
            DeadLetterQueue(None, ""),
            Topic(None, ""),
        ),
        RateLimiter(0, time.monotonic, time.sleep),
    )


def batch(client: Any, package: str) -> dict[str, Any]:
    """Publish the versions of a package and return their events as one batch."""
    return {"Records": [published(client, package, f"1.0.{patch}") for patch in range(VERSIONS)]}


def published(client: Any, package: str, version: str) -> dict[str, Any]:
    """Publish a version and return its event as an SQS record."""
    content = f"{package} {version}".encode()
    answer = client.publish_package_version(
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
    return record(
        f"{package}-{version}",
        revision=answer["versionRevision"],
        packageFormat="generic",
        packageNamespace="acme",
        packageName=package,
        packageVersion=version,
    )


def measure(handler: PromoterFunction, batches: list[dict[str, Any]], client: Any) -> int:
    """Time a first pass, which copies everything; measure the memory in a second one, which copies nothing."""
    run_all(handler, [{"Records": []}])
    start = time.perf_counter()
    failures = run_all(handler, batches)
    seconds = time.perf_counter() - start
    copied = sum(count_copied(client))
    grown = growth(handler, batches)
    rate = PACKAGES * VERSIONS / seconds
    print(f"events      {PACKAGES * VERSIONS} in batches of {VERSIONS}, {copied} versions copied")
    print(f"rate        {rate:,.0f} events/s   (goal: at least {RATE:,})")
    print(
        f"memory      {grown / 1024:+,.0f} KiB in {len(batches)} batches   (goal: below {GROWTH / 1024:.0f})"
    )
    complete = copied == PACKAGES * VERSIONS and not failures
    return 0 if complete and rate >= RATE and grown < GROWTH else 1


def run_all(handler: PromoterFunction, batches: list[dict[str, Any]]) -> list[dict[str, str]]:
    """Run batches through the function without its output. Return the messages to deliver again."""
    with contextlib.redirect_stdout(io.StringIO()):
        return [failure for each in batches for failure in handler(each, Context())["batchItemFailures"]]


def count_copied(client: Any) -> Iterator[int]:
    """Count the versions of each package that `staging` has."""
    for number in range(PACKAGES):
        coordinates = {"format": "generic", "namespace": "acme", "package": f"model-{number}"}
        page = client.list_package_versions(
            domain="acme", repository="staging", maxResults=1000, **coordinates
        )
        yield len(page["versions"])


def growth(handler: PromoterFunction, batches: list[dict[str, Any]]) -> int:
    """Return how many bytes the second half of the batches adds to the memory, after the first as a warm-up."""
    tracemalloc.start()
    sizes = []
    for half in (batches[: len(batches) // 2], batches[len(batches) // 2 :]):
        run_all(handler, half)
        gc.collect()
        sizes.append(tracemalloc.get_traced_memory()[0])
    tracemalloc.stop()
    return sizes[1] - sizes[0]


if __name__ == "__main__":
    sys.exit(main())
