"""SQS: setting aside what cannot be understood."""

from promoter.aws.clients import client


class DeadLetterQueue:
    """The queue for messages that no retry would help."""

    def __init__(self, url: str) -> None:
        """Name the queue; nothing is called yet."""
        self._url = url

    def set_aside(self, body: str, reason: str) -> None:
        """Send a message's body there, with the reason as an attribute; raises the SDK's own errors."""
        attribute = {"DataType": "String", "StringValue": reason[:1000]}
        client("sqs").send_message(
            QueueUrl=self._url, MessageBody=body, MessageAttributes={"reason": attribute}
        )
