"""The event that Lambda makes of SQS messages, and the function's answer to it."""

import base64
from collections.abc import Mapping
from typing import Any

Message = Mapping[str, Any]


def to_record(message: Message, queue_arn: str) -> dict[str, Any]:
    """Convert a message of ReceiveMessage into a record of Lambda's event."""
    return {
        "messageId": message["MessageId"],
        "receiptHandle": message["ReceiptHandle"],
        "body": message["Body"],
        "attributes": message["Attributes"],
        "messageAttributes": {
            name: _message_attribute(value) for name, value in message.get("MessageAttributes", {}).items()
        },
        "md5OfBody": message["MD5OfBody"],
        "eventSource": "aws:sqs",
        "eventSourceARN": queue_arn,
        "awsRegion": queue_arn.split(":")[3],
    }


def failed_message_ids(answer: Any, all_ids: frozenset[str]) -> frozenset[str]:
    """Return the message ids that a partial batch response names; all ids if it is malformed.

    https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
    """
    if answer is None or answer == {}:
        return frozenset()
    try:
        named = frozenset(item["itemIdentifier"] for item in answer["batchItemFailures"] or ())
    except (KeyError, TypeError):
        return all_ids
    return named if named <= all_ids else all_ids


def _message_attribute(value: Mapping[str, Any]) -> dict[str, Any]:
    attribute: dict[str, Any] = {
        "stringListValues": [],
        "binaryListValues": [],
        "dataType": value["DataType"],
    }
    if "StringValue" in value:
        attribute["stringValue"] = value["StringValue"]
    if "BinaryValue" in value:
        attribute["binaryValue"] = base64.b64encode(value["BinaryValue"]).decode()
    return attribute
