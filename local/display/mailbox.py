"""The mails that SNS would send. moto keeps every message but does not deliver mail."""

import json
from dataclasses import dataclass

from moto.sns.models import sns_backends

from local.clients import ACCOUNT, REGION


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail as its reader receives it."""

    subject: str
    text: str


def read_mails(topic_arn: str) -> list[Mail]:
    """Return the mails to the e-mail subscribers of a topic, in order; an empty list without subscribers.

    If a message has a text for each protocol, a mail has its `email` text, else its `default` text
    (SNS API reference: Publish, MessageStructure).
    """
    backend = sns_backends[ACCOUNT][REGION]
    subscriptions, _ = backend.list_subscriptions_by_topic(topic_arn)
    if not any(subscription.protocol == "email" for subscription in subscriptions):
        return []
    sent = backend.topics[topic_arn].sent_notifications
    return [Mail(subject or "", _mail_text(message)) for _, message, subject, *_ in sent]


def _mail_text(message: str) -> str:
    try:
        structured = json.loads(message)
    except ValueError:
        return message
    return str(structured.get("email", structured["default"]))
