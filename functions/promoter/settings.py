"""The settings of the function, from its environment."""

from collections.abc import Mapping
from pathlib import Path
from typing import Self

from msgspec import Struct

SERVICE = "promoter"
_REQUIRED = ("DOMAIN_OWNER", "NOTIFICATION_TOPIC_ARN", "PROMOTION_QUEUE_ARN", "DEAD_LETTER_QUEUE_URL")


class SettingsError(Exception):
    """An environment that the function cannot work in. The message names the variables."""


class Settings(Struct, frozen=True):
    """The settings. `copies_per_second` is the share of this worker; 0 means no limit."""

    domain_owner: str
    notification_topic_arn: str
    promotion_queue_arn: str
    dead_letter_queue_url: str
    copies_per_second: float
    rules_file: Path

    @classmethod
    def from_environ(cls, environ: Mapping[str, str]) -> Self:
        """Read the environment; raises SettingsError with everything that is wrong with it."""
        if environ.get("AWS_SAM_LOCAL") and not environ.get("AWS_ENDPOINT_URL"):
            raise SettingsError(
                "AWS_ENDPOINT_URL is not set. Under sam local, with your own credentials, this would promote in "
                "your real account. Start `make local` and invoke from the directory of samconfig.toml"
            )
        copies_per_second, wrong = _copies_per_second(environ)
        wrong += [f"{name} is not set" for name in _REQUIRED if not environ.get(name)]
        if wrong:
            raise SettingsError("; ".join(wrong) + ": the template sets them, see README.md")
        return cls(
            domain_owner=environ["DOMAIN_OWNER"],
            notification_topic_arn=environ["NOTIFICATION_TOPIC_ARN"],
            promotion_queue_arn=environ["PROMOTION_QUEUE_ARN"],
            dead_letter_queue_url=environ["DEAD_LETTER_QUEUE_URL"],
            copies_per_second=copies_per_second,
            rules_file=Path(environ.get("RULES_FILE") or Path(__file__).parent.parent / "rules.toml"),
        )


def _copies_per_second(environ: Mapping[str, str]) -> tuple[float, list[str]]:
    text = environ.get("COPIES_PER_SECOND", "1.5")
    try:
        rate = float(text)
    except ValueError:
        rate = -1
    if 0 <= rate < float("inf"):
        return rate, []
    return 0, [f'COPIES_PER_SECOND "{text}" is not a number from 0 up']
