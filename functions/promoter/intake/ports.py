"""The ports of intake: the interfaces that it calls."""

from typing import Protocol


class DeadLetterQueue(Protocol):
    """The queue for messages that cannot be understood."""

    def send(self, body: str, reason: str) -> None:
        """Send a message's body, with the reason."""
        ...
