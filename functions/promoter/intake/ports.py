"""The ports of intake: the interfaces that it calls."""

from collections.abc import Mapping
from typing import Protocol


class DeadLetterQueue(Protocol):
    """The queue for messages that cannot be understood."""

    def send(self, body: str, reason: str) -> None:
        """Send a message's body, with the reason."""
        ...


class PromotionQueue(Protocol):
    """The queue that feeds the function."""

    def return_later(self, delays: Mapping[str, int]) -> list[str]:
        """Let messages come back after so many seconds, by receipt handle. Return why any could not."""
        ...
