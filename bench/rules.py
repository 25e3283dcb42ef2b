"""What rules cost: `python -m bench.rules`. Ratios within one run; exits 1 beyond what has to be reached.

- loading 10,000 promotions;
- deciding about one event with 1,000 promotions, against 10 (half of the patterns begin with a wildcard);
- a pattern of 60 stars against one of 2, on a name of 255 characters;
- a batch of 10 through the function (decode, decide by 1,000 promotions, decision log, metrics; the copies are
  answered at once), against Powertools' batch processor, logger and metrics that decide nothing.
"""

import contextlib
import gc
import io
import json
import sys
import time
from collections.abc import Callable, Mapping
from statistics import median
from typing import Any

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response
from aws_lambda_powertools.utilities.data_classes import EventBridgeEvent
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord

from promoter.aws.sns import Topic
from promoter.aws.sqs import DeadLetterQueue
from promoter.copying.plan import Copy
from promoter.copying.ports import Reply, Success
from promoter.copying.rate_limit import RateLimiter
from promoter.lambda_function import PromoterFunction
from promoter.packages.candidate import Candidate
from promoter.packages.package import Package
from promoter.packages.patterns import parse, path_of
from promoter.rules.decision import decide
from promoter.rules_file.reader import load
from promoter.settings import Settings

OWNER = "123456789012"
QUEUE = f"arn:aws:sqs:us-east-1:{OWNER}:promotion"
ROUNDS = 41
AIM = "batch"  # to be reached one day; the others have to be, now
LOAD, MORE_RULES, STARS, BATCH = 2.0, 4.0, 3.0, 0.40  # to reach: seconds, then ratios


def rules(count: int, mode: str = "enforce") -> str:
    """A rules file of so many promotions; half of the patterns begin with a wildcard."""
    tables = ['domain = "acme"\n']
    for number in range(count):
        wild = f"pkg:npm/*-lib{number}" if number % 2 else f"pkg:npm/*x{number}y*"
        tables.append(
            f'[[promotion]]\nname = "team{number}"\nfrom = "dev"\nto = "staging"\norigin = "any"\n'
            f'packages = ["pkg:npm/team{number}-*", "{wild}"]\nversions = "^{number % 9 + 1}"\nmode = "{mode}"\n'
        )
    return "".join(tables)


def seconds(work: Callable[[], object], times: int = 1) -> float:
    """CPU seconds that a piece of work takes."""
    start = time.process_time()
    for _ in range(times):
        work()
    return time.process_time() - start


def ratio(one: Callable[[], object], other: Callable[[], object], times: int) -> float:
    """How many times as long as the other it takes: the median over rounds in which they take turns."""
    seconds(one, times), seconds(other, times)
    return median(seconds(one, times) / seconds(other, times) for _ in range(ROUNDS))


def of_loading() -> float:
    """Seconds to load 10,000 promotions."""
    text = rules(10_000)
    return min(seconds(lambda: load(text)) for _ in range(2))


def of_more_rules() -> float:
    """One event, selected by the last promotion: 1,000 promotions against 10."""
    many, few = load(rules(1_000)), load(rules(10))

    def event(name: str) -> Candidate:
        return Candidate(Package("npm", "", name), "1.2.3", "r1", "dev", 0.0)

    last_of_many, last_of_few = event("team999-core"), event("team9-core")
    assert decide(last_of_many, many, 0.0)[0].promotion.name == "team999"
    assert decide(last_of_few, few, 0.0)[0].promotion.name == "team9"
    return ratio(lambda: decide(last_of_many, many, 0.0), lambda: decide(last_of_few, few, 0.0), 300)


def of_stars() -> float:
    """60 stars against 2, on a name that nearly matches."""
    many, few = parse("pkg:npm/a" + "*a" * 60 + "*c"), parse("pkg:npm/a*a*c")
    path = path_of(Package("npm", "", "a" * 254 + "c"))
    near = path_of(Package("npm", "", "a" * 128 + "b" * 126 + "c"))
    assert few.matches(path)
    return ratio(
        lambda: (many.matches(path), many.matches(near)), lambda: (few.matches(path), few.matches(near)), 500
    )


def record(number: int) -> dict[str, Any]:
    """An SQS record of an event, each of another package."""
    detail = {
        "domainName": "acme",
        "domainOwner": OWNER,
        "repositoryAdministrator": OWNER,
        "repositoryName": "dev",
        "packageFormat": "npm",
        "packageName": f"team{number * 100}-core",
        "packageVersion": f"{number * 100 % 9 + 1}.2.3",
        "packageVersionState": "Published",
        "packageVersionRevision": "r1",
        "changes": {"assetsAdded": 1, "metadataUpdated": True, "statusChanged": True},
        "operationType": "Created",
        "sequenceNumber": 1,
    }
    event = {
        "version": "0",
        "id": f"e{number}",
        "detail-type": "CodeArtifact Package Version State Change",
        "source": "aws.codeartifact",
        "account": OWNER,
        "time": "2026-01-02T03:04:05Z",
        "region": "us-east-1",
        "resources": [],
        "detail": detail,
    }
    return {
        "messageId": f"m{number}",
        "receiptHandle": "handle",
        "body": json.dumps(event),
        "attributes": {"ApproximateReceiveCount": "1"},
        "messageAttributes": {},
        "eventSource": "aws:sqs",
        "eventSourceARN": QUEUE,
        "awsRegion": "us-east-1",
    }


class Repositories:
    """Answers every copy at once."""

    def copy(self, copy: Copy, revisions: Mapping[str, str], *, overwrite: bool) -> Reply:
        """All of it is copied."""
        return Reply({version: Success(revision) for version, revision in revisions.items()}, {})


class Context:
    """Lambda's context with time without end."""

    function_name = "bench"
    memory_limit_in_mb = 256
    invoked_function_arn = f"arn:aws:lambda:us-east-1:{OWNER}:function:bench"
    aws_request_id = "bench"

    def get_remaining_time_in_millis(self) -> int:
        """Always two minutes."""
        return 120_000


def usual(stream: io.StringIO) -> Callable[[dict[str, Any]], object]:
    """Batch processor, logger and metrics of Powertools as its documentation puts them together; no rules."""
    logger, metrics = Logger(service="usual", stream=stream), Metrics(namespace="Usual", service="usual")
    processor = BatchProcessor(event_type=EventType.SQS)

    def serve(record: SQSRecord) -> None:
        event = EventBridgeEvent(record.json_body)
        detail = event.detail
        metrics.add_metric(name="Seen", unit=MetricUnit.Count, value=1)
        logger.info(
            "decision",
            extra={  # as many fields as our decision log has
                "purl": f"pkg:npm/{detail['packageName']}@{detail['packageVersion']}",
                "format": detail["packageFormat"],
                "namespace": detail.get("packageNamespace"),
                "package": detail["packageName"],
                "version": detail["packageVersion"],
                "revision": detail["packageVersionRevision"],
                "hop": {"from": detail["repositoryName"], "to": "staging"},
                "verdict": "promote",
                "cause": "event",
                "event": event.get_id,
                "published": event.time,
            },
        )

    @metrics.log_metrics
    def handler(event: dict[str, Any], context: Context) -> object:
        return process_partial_response(
            event=event,
            record_handler=serve,
            processor=processor,
            context=context,  # type: ignore[arg-type]
        )

    return lambda event: handler(event, Context())


def of_a_batch(mode: str) -> float:
    """A batch of 10 through the function with 1,000 promotions, against Powertools without any."""
    event = {"Records": [record(number) for number in range(10)]}
    function = PromoterFunction(
        Settings(OWNER, "", QUEUE, "", 0, __file__),  # type: ignore[arg-type]  # no file is read
        load(rules(1_000, mode)),
        Repositories(),  # type: ignore[arg-type]  # nothing asks for an origin or for assets
        Topic(""),
        DeadLetterQueue(""),
        RateLimiter(0, time.monotonic, time.sleep),
    )
    stream = io.StringIO()
    other = usual(stream)

    def ours() -> object:
        stream.seek(0)
        return function(event, Context())

    def theirs() -> object:
        stream.seek(0)
        return other(event)

    gc.collect()
    gc.freeze()  # what stays for ever is not looked at again
    with contextlib.redirect_stdout(stream):
        answers = ours(), theirs()
        found = ratio(ours, theirs, 20)
    assert answers == ({"batchItemFailures": []}, {"batchItemFailures": []})
    assert stream.getvalue().count('"promote"') >= 10
    return found


def main() -> int:
    """Measure, print, judge."""
    measured = (
        ("load", of_loading(), LOAD, "s    10,000 promotions"),
        ("more rules", of_more_rules(), MORE_RULES, "x    one event: 1,000 promotions against 10"),
        ("stars", of_stars(), STARS, "x    255 characters: 60 stars against 2"),
        (
            "batch",
            of_a_batch("observe"),
            BATCH,
            "x    10 events by 1,000 promotions against Powertools without rules",
        ),
    )
    for name, found, most, unit in measured:
        print(
            f"{name:<11} {found:5.2f} (to reach: {most:.2f}) {unit}{'' if found <= most else '   not reached'}"
        )
    return 0 if all(found <= most for name, found, most, _ in measured if name != AIM) else 1


if __name__ == "__main__":
    sys.exit(main())
