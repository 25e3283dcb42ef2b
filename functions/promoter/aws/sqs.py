"""SQS: forwarding malformed messages to the dead-letter queue."""

from typing import Any

_MAX_REASON = 1000  # characters


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
