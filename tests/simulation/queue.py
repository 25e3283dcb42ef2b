"""An SQS queue with a clock of its own: visibility, receive counts, redrive."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.simulation.clockwork import Chance, Clock
from tests.support.samples import QUEUE

VISIBILITY = 360.0  # seconds, as in template.yaml
MAX_RECEIVES = 20
BATCH = 10


@dataclass
class Message:
    """A message and its place in time."""

    message_id: str
    body: str
    visible_at: float
    receive_count: int = 0
    first_received: float | None = None


@dataclass
class SimulatedQueue:
    """The promotion queue and its dead letters. It may refuse to change visibilities."""

    clock: Clock
    chance: Chance
    messages: dict[str, Message] = field(default_factory=dict)
    dead_letters: list[Message] = field(default_factory=list)
    forwarded: list[tuple[str, str]] = field(default_factory=list)
    refuses_visibility: bool = False
    sent: int = 0

    def put(self, body: str, delay: float = 0) -> None:
        """Put a message on the queue."""
        self.sent += 1
        message_id = f"m{self.sent}"
        self.messages[message_id] = Message(message_id, body, self.clock() + delay)

    def receive(self) -> list[dict[str, Any]]:
        """Take up to ten visible messages, in any order, as the records of a batch."""
        visible = [each for each in self.messages.values() if each.visible_at <= self.clock()]
        taken = self.chance.random.sample(visible, min(BATCH, len(visible)))
        return [self._record(each) for each in taken if not self._given_up(each)]

    def finish(self, records: Iterable[Mapping[str, Any]], failures: Iterable[str]) -> None:
        """Delete the messages of a batch that did not fail."""
        for message_id in {each["messageId"] for each in records} - set(failures):
            self.messages.pop(message_id, None)

    def return_later(self, delays: Mapping[str, int]) -> list[str]:
        """ChangeMessageVisibilityBatch, by receipt handles."""
        if self.refuses_visibility:
            return ["InternalError: injected"]
        for handle, seconds in delays.items():
            if handle in self.messages:
                self.messages[handle].visible_at = self.clock() + seconds
        return []

    def send(self, body: str, reason: str) -> None:
        """Take a malformed message for the dead-letter queue."""
        self.forwarded.append((body, reason))

    @property
    def next_visible(self) -> float | None:
        """When the next message can be received; None if the queue is empty."""
        return min((each.visible_at for each in self.messages.values()), default=None)

    def _given_up(self, message: Message) -> bool:
        if message.receive_count < MAX_RECEIVES:
            return False
        self.dead_letters.append(self.messages.pop(message.message_id))
        return True

    def _record(self, message: Message) -> dict[str, Any]:
        message.receive_count += 1
        message.first_received = message.first_received or self.clock()
        message.visible_at = self.clock() + VISIBILITY
        return {
            "messageId": message.message_id,
            "receiptHandle": message.message_id,
            "body": message.body,
            "attributes": {
                "ApproximateReceiveCount": str(message.receive_count),
                "ApproximateFirstReceiveTimestamp": str(int(message.first_received * 1000)),
            },
            "eventSourceARN": QUEUE,
        }
