"""The settings of the function, from its environment."""

from collections.abc import Mapping
from pathlib import Path
from typing import Self

from msgspec import Struct

_REQUIRED = (
    "DOMAIN_OWNER",
    "NOTIFICATION_TOPIC_ARN",
    "PROMOTION_QUEUE_ARN",
    "PROMOTION_QUEUE_URL",
    "DEAD_LETTER_QUEUE_URL",
    "SCHEDULE_GROUP",
    "SCHEDULER_ROLE_ARN",
    "SCHEDULE_DEAD_LETTER_QUEUE_ARN",
)
_DOCS_URL = "https://acme.github.io/codeartifact-promoter"  # as in the template and pyproject.toml


class SettingsError(Exception):
    """An environment that the function cannot work in. The message names the variables."""


class Settings(Struct, frozen=True):
    """The settings.

    `copies_per_second` is the share of this worker; 0 means no limit. `settle_seconds` is how long a PyPI upload
    rests. A pending entry fires `minimum_wait_seconds` ahead or later: Scheduler is exact to a minute (Scheduler
    user guide: schedule-types). `sam_local` is True under `sam local`: only then bare events are accepted.
    Mails link to `docs_url`, and name `stack` in their commands.
    """

    domain_owner: str
    notification_topic_arn: str
    promotion_queue_arn: str
    dead_letter_queue_url: str
    copies_per_second: float
    rules_file: Path
    promotion_queue_url: str = ""
    settle_seconds: float = 0
    schedule_group: str = ""
    scheduler_role_arn: str = ""
    schedule_dead_letter_queue_arn: str = ""
    minimum_wait_seconds: float = 120
    sam_local: bool = False
    docs_url: str = _DOCS_URL
    stack: str = "package-promoter"

    @property
    def region(self) -> str:
        """The region of the queue, which is that of the function."""
        return self.promotion_queue_arn.split(":")[3]

    @property
    def account(self) -> str:
        """The account of the queue, which is that of the function."""
        return self.promotion_queue_arn.split(":")[4]

    @classmethod
    def from_environ(cls, environ: Mapping[str, str]) -> Self:
        """Read the environment; raises SettingsError with everything that is wrong with it."""
        if environ.get("AWS_SAM_LOCAL") and not environ.get("AWS_ENDPOINT_URL"):
            raise SettingsError(
                "AWS_ENDPOINT_URL is not set. Under sam local, with your own credentials, this would promote in "
                "your real account. Start `make local` and invoke from the directory of samconfig.toml"
            )
        wrong: list[str] = []
        copies_per_second = _number(environ, "COPIES_PER_SECOND", "1.5", wrong)
        settle_seconds = _number(environ, "SETTLE_SECONDS", "30", wrong)
        minimum_wait_seconds = _number(environ, "MINIMUM_WAIT_SECONDS", "120", wrong)
        wrong += [f"{name} is not set" for name in _REQUIRED if not environ.get(name)]
        if wrong:
            raise SettingsError("; ".join(wrong) + ": the template sets them, see README.md")
        return cls(
            domain_owner=environ["DOMAIN_OWNER"],
            notification_topic_arn=environ["NOTIFICATION_TOPIC_ARN"],
            promotion_queue_arn=environ["PROMOTION_QUEUE_ARN"],
            promotion_queue_url=environ["PROMOTION_QUEUE_URL"],
            dead_letter_queue_url=environ["DEAD_LETTER_QUEUE_URL"],
            copies_per_second=copies_per_second,
            settle_seconds=settle_seconds,
            schedule_group=environ["SCHEDULE_GROUP"],
            scheduler_role_arn=environ["SCHEDULER_ROLE_ARN"],
            schedule_dead_letter_queue_arn=environ["SCHEDULE_DEAD_LETTER_QUEUE_ARN"],
            minimum_wait_seconds=minimum_wait_seconds,
            sam_local=bool(environ.get("AWS_SAM_LOCAL")),
            docs_url=environ.get("DOCS_URL") or _DOCS_URL,
            stack=environ.get("POWERTOOLS_SERVICE_NAME") or "package-promoter",
            rules_file=Path(environ.get("RULES_FILE") or Path(__file__).parent.parent / "rules.toml"),
        )


def _number(environ: Mapping[str, str], name: str, default: str, wrong: list[str]) -> float:
    """A number from 0 up; what is not one is added to `wrong`."""
    text = environ.get(name, default)
    try:
        number = float(text)
    except ValueError:
        number = -1
    if 0 <= number < float("inf"):
        return number
    wrong.append(f'{name} "{text}" is not a number from 0 up')
    return 0
