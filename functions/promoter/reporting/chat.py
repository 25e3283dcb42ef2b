"""The notification that Slack and Teams show.

Source: Amazon Q Developer in chat applications, custom notifications.
"""

from collections.abc import Sequence
from typing import Any

from promoter.reporting.next_steps import BAD_ANSWER, decisive_code, heading, next_step
from promoter.reporting.notifications import Notification
from promoter.reporting.place import Place

_MAX_TEXT = 4000  # characters
_MAX_STEPS = 5
_MAX_CONTEXT = 1000  # characters


def chat_notification(
    notifications: Sequence[Notification], subject: str, text: str, place: Place
) -> dict[str, Any]:
    """Amazon Q Developer's schema, with the next steps as a list."""
    codes = dict.fromkeys(code for each in notifications if (code := decisive_code(each.result)))
    return {
        "version": "1.0",
        "source": "custom",
        "content": {
            "textType": "client-markdown",
            "title": subject,
            "description": text[:_MAX_TEXT],
            "nextSteps": [
                f"{next_step(code)} {place.link('reasons', heading(code))}"
                for code in list(codes)[:_MAX_STEPS]
            ],
        },
        "metadata": {"summary": subject, **_metadata(notifications)},
    }


def _metadata(notifications: Sequence[Notification]) -> dict[str, Any]:
    """The thread, and the subject that buttons act on (Amazon Q Developer: custom actions)."""
    if not notifications:
        return {"threadId": BAD_ANSWER, "eventType": BAD_ANSWER}
    first = notifications[0]
    result = first.result
    context = {
        "purl": result.candidate.purl,
        "revision": result.candidate.revision,
        "promotion": result.promotion.name,
        **({"entry": result.pending.name} if result.pending else {}),
    }
    metadata = {"threadId": result.candidate.package.purl, "eventType": first.kind}
    fits = len(result.candidate.purl) <= _MAX_CONTEXT  # a longer one would not fit into a command either
    return metadata | ({"additionalContext": context} if fits else {})
