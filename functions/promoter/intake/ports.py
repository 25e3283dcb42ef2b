"""What intake needs from the outside."""

from typing import Protocol


class DeadLetterQueue(Protocol):
    """The queue for messages that cannot be understood."""

    def send(self, body: str, reason: str) -> None:
        """Send a message's body, with the reason."""
        ...
