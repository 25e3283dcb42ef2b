"""The mails that SNS would send: moto keeps every message but delivers none by mail."""

import json
from dataclasses import dataclass

from moto.sns.models import sns_backends

from local.clients import ACCOUNT, REGION


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail as its reader gets it."""

    subject: str
    text: str


def mails(topic_arn: str) -> list[Mail]:
    """What the subscribers by e-mail of a topic were sent, in order; nothing where there is none.

    A message with a text for each protocol reaches them as its `email`, else as its `default`
    (SNS API reference: Publish, MessageStructure).
    """
    backend = sns_backends[ACCOUNT][REGION]
    subscriptions, _ = backend.list_subscriptions_by_topic(topic_arn)
    if not any(subscription.protocol == "email" for subscription in subscriptions):
        return []
    sent = backend.topics[topic_arn].sent_notifications
    return [Mail(subject or "", _text(message)) for _, message, subject, *_ in sent]


def _text(message: str) -> str:
    try:
        structured = json.loads(message)
    except ValueError:
        return message
    return str(structured.get("email", structured["default"]))
