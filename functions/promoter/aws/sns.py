"""SNS: one message to those who have to know."""

from __future__ import annotations

from typing import TYPE_CHECKING

from promoter.aws.clients import client

if TYPE_CHECKING:
    from promoter.reporting.sns_message import SnsMessage


class Topic:
    """The topic that notifications go to."""

    def __init__(self, arn: str) -> None:
        """Name the topic; nothing is called yet."""
        self._arn = arn

    def publish(self, message: SnsMessage) -> None:
        """Publish a message with a text for each protocol; raises the SDK's own errors."""
        client("sns").publish(
            TopicArn=self._arn, Subject=message.subject, Message=message.body, MessageStructure="json"
        )
