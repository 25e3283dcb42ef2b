"""The ports of reporting: the interfaces that it calls."""

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from promoter.reporting.sns_message import SnsMessage

NAMESPACE = "PackagePromoter"  # of the metrics


class Topic(Protocol):
    """The topic that notifications are published to."""

    def publish(self, message: "SnsMessage") -> None:
        """Publish a message."""
        ...


class Logger(Protocol):
    """Where errors are logged."""

    def exception(self, msg: object) -> None:
        """Log a message with the exception that is being handled."""
        ...
