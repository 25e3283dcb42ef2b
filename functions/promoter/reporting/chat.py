"""The notification that Slack and Teams show.

Source: Amazon Q Developer in chat applications, custom notifications.
"""

from collections.abc import Sequence
from typing import Any

from promoter.reporting.next_steps import decisive_code, docs_link, next_step
from promoter.reporting.notifications import Notification

_MAX_TEXT = 4000  # characters
_MAX_STEPS = 5


def chat_notification(notifications: Sequence[Notification], subject: str, text: str) -> dict[str, Any]:
    """Amazon Q Developer's schema, with the next steps as a list."""
    first = notifications[0]
    codes = dict.fromkeys(code for each in notifications if (code := decisive_code(each.result)))
    return {
        "version": "1.0",
        "source": "custom",
        "content": {
            "textType": "client-markdown",
            "title": subject,
            "description": text[:_MAX_TEXT],
            "nextSteps": [f"{next_step(code)} {docs_link(code)}" for code in list(codes)[:_MAX_STEPS]],
        },
        "metadata": {
            "threadId": first.result.candidate.package.purl,
            "summary": subject,
            "eventType": first.kind,
        },
    }
