"""SNS: publishing notifications."""

from typing import Any

from promoter.reporting.sns_message import SnsMessage


class Topic:
    """The topic that notifications are published to."""

    def __init__(self, client: Any, arn: str) -> None:
        """`client` is the SDK's client of SNS."""
        self._client = client
        self._arn = arn

    def publish(self, message: SnsMessage) -> None:
        """Publish a message with a text for each protocol; raises the SDK's errors."""
        self._client.publish(
            TopicArn=self._arn, Subject=message.subject, Message=message.body, MessageStructure="json"
        )
