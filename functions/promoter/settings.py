"""What the function is told by its environment."""

from collections.abc import Mapping
from pathlib import Path

from msgspec import Struct

_REQUIRED = ("DOMAIN_OWNER", "NOTIFICATION_TOPIC_ARN", "PROMOTION_QUEUE_ARN", "DEAD_LETTER_QUEUE_URL")


class SettingsError(Exception):
    """An environment that the function cannot work in; the message names the variables."""


class Settings(Struct, frozen=True):
    """The environment, read. `copies_per_second` is this worker's share; 0 is no limit."""

    domain_owner: str
    notification_topic_arn: str
    promotion_queue_arn: str
    dead_letter_queue_url: str
    copies_per_second: float
    rules_file: Path


def read(environ: Mapping[str, str]) -> Settings:
    """Read the environment; raises SettingsError with everything that is wrong with it."""
    if environ.get("AWS_SAM_LOCAL") and not environ.get("AWS_ENDPOINT_URL"):
        raise SettingsError(
            "AWS_ENDPOINT_URL is not set: under sam local, with your own credentials, this would promote in your "
            "real account; start `make local` and invoke from the directory of samconfig.toml"
        )
    wrong = [f"{name} is not set" for name in _REQUIRED if not environ.get(name)]
    rate = environ.get("COPIES_PER_SECOND", "1.5")
    try:
        copies_per_second = float(rate)
    except ValueError:
        copies_per_second = -1
    if not 0 <= copies_per_second < float("inf"):
        wrong.append(f'COPIES_PER_SECOND "{rate}" is not a number from 0 up')
    if wrong:
        raise SettingsError("; ".join(wrong) + ": the template sets them, see README.md")
    return Settings(
        domain_owner=environ["DOMAIN_OWNER"],
        notification_topic_arn=environ["NOTIFICATION_TOPIC_ARN"],
        promotion_queue_arn=environ["PROMOTION_QUEUE_ARN"],
        dead_letter_queue_url=environ["DEAD_LETTER_QUEUE_URL"],
        copies_per_second=copies_per_second,
        rules_file=Path(environ.get("RULES_FILE") or Path(__file__).parent.parent / "rules.toml"),
    )
