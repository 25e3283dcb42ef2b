"""Queues of SQS, and their subscriptions to a topic."""

from typing import Any


def create_queue(sqs: Any, name: str, **attributes: str) -> tuple[str, str]:
    """Create a queue. Return its URL and its ARN."""
    url = sqs.create_queue(QueueName=name, Attributes=attributes)["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])[
        "Attributes"
    ]["QueueArn"]
    return str(url), str(arn)


def subscribe_queue(sqs: Any, sns: Any, topic: str) -> str:
    """Subscribe a queue named `subscriber` to a topic. Return the queue's URL."""
    url, arn = create_queue(sqs, "subscriber")
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn)
    return url


def take_messages(sqs: Any, url: str) -> list[dict[str, Any]]:
    """Receive up to ten messages with their attributes, and delete them from the queue."""
    reply = sqs.receive_message(
        QueueUrl=url,
        MaxNumberOfMessages=10,
        AttributeNames=["All"],
        MessageAttributeNames=["All"],
    )
    messages: list[dict[str, Any]] = reply.get("Messages", [])
    for message in messages:
        sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
    return messages
