"""Receives the events that CodeArtifact sends to EventBridge."""

import json
from collections.abc import Callable
from typing import Any

from emulator_support.queues import create_queue, take_messages

ReceiveEvents = Callable[[], list[dict[str, Any]]]


def listen(sqs: Any, events: Any, *, sort: bool = True) -> ReceiveEvents:
    """Start to listen. Return a function that returns the events since its last call.

    They are in the order of their numbers, or as they were delivered.
    """
    queue, arn = create_queue(sqs, "listener")
    events.put_rule(
        Name="all", EventPattern=json.dumps({"source": ["aws.codeartifact"]})
    )
    events.put_targets(Rule="all", Targets=[{"Id": "queue", "Arn": arn}])

    def receive() -> list[dict[str, Any]]:
        bodies: list[dict[str, Any]] = []
        while messages := take_messages(sqs, queue):
            bodies += [json.loads(message["Body"]) for message in messages]
        if not sort:
            return bodies
        return sorted(bodies, key=lambda event: event["detail"]["sequenceNumber"])

    return receive
