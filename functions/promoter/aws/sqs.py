"""SQS: forwarding malformed messages, and the time until unfinished ones come back."""

from collections.abc import Iterator, Mapping
from typing import Any

_MAX_REASON = 1000  # characters
_MAX_ENTRIES = 10  # SQS API reference: of a batch


class DeadLetterQueue:
    """The queue for messages that no retry would help."""

    def __init__(self, client: Any, url: str) -> None:
        """`client` is the SDK's client of SQS."""
        self._client = client
        self._url = url

    def send(self, body: str, reason: str) -> None:
        """Send a message's body, with the reason as an attribute; raises the SDK's errors."""
        attribute = {"DataType": "String", "StringValue": reason[:_MAX_REASON]}
        self._client.send_message(
            QueueUrl=self._url, MessageBody=body, MessageAttributes={"reason": attribute}
        )


class PromotionQueue:
    """The queue that feeds the function."""

    def __init__(self, client: Any, url: str) -> None:
        """`client` is the SDK's client of SQS."""
        self._client = client
        self._url = url

    def return_later(self, delays: Mapping[str, int]) -> list[str]:
        """Let messages come back after so many seconds, by receipt handle. Return why any could not.

        The answer carries failures inside HTTP 200. Raises the SDK's errors. Source: SQS API reference,
        ChangeMessageVisibilityBatch.
        """
        return [failure for entries in self._batches(delays) for failure in self._change(entries)]

    def _batches(self, delays: Mapping[str, int]) -> Iterator[list[dict[str, Any]]]:
        entries = [
            {"Id": str(number), "ReceiptHandle": handle, "VisibilityTimeout": seconds}
            for number, (handle, seconds) in enumerate(delays.items())
        ]
        for start in range(0, len(entries), _MAX_ENTRIES):
            yield entries[start : start + _MAX_ENTRIES]

    def _change(self, entries: list[dict[str, Any]]) -> list[str]:
        answer = self._client.change_message_visibility_batch(QueueUrl=self._url, Entries=entries)
        return [f"{each['Code']}: {each.get('Message', '')}" for each in answer.get("Failed", ())]
