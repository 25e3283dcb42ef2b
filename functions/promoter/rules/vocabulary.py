"""The words of the rules: hops, verdicts, reason codes, and the values that a promotion's keys may have."""

from enum import IntEnum, StrEnum
from hashlib import sha256
from typing import Literal

from msgspec import Struct

Mode = Literal["enforce", "observe", "manual"]
OnConflict = Literal["fail", "extend", "overwrite"]
NpmLatest = Literal["as-copied", "highest"]
Origin = Literal["internal", "external"]
SelectedOrigin = Literal["internal", "external", "any"]
NotificationKind = Literal["failed", "approval", "extended", "promoted", "rejected"]
Format = Literal["npm", "pypi", "maven", "nuget", "generic", "ruby", "swift", "cargo"]

DEFAULT_NOTIFICATIONS: tuple[NotificationKind, ...] = ("failed", "approval", "extended")


class Hop(Struct, frozen=True, order=True):
    """The way from one repository to another."""

    source: str
    destination: str

    def __str__(self) -> str:
        return f"{self.source} -> {self.destination}"

    @property
    def id(self) -> str:
        """A short text that differs between the hops of a rules file: 8 hex digits of a SHA-256."""
        return sha256(f"{self.source}\n{self.destination}".encode()).hexdigest()[:8]


class Verdict(IntEnum):
    """The answer of the rules about a version on a hop. The worst verdict of its conditions decides."""

    PROMOTE = 0
    WAIT = 1  # time ends it
    HOLD = 2  # a person ends it
    REJECT = 3  # the rules do not allow it


class ReasonCode(StrEnum):
    """The code of a reason. Each has its section in docs/reasons.md."""

    EXCLUDE = "exclude"
    VERSIONS = "versions"
    PRERELEASE = "prerelease"
    SOAK = "soak"
    WINDOW = "window"
    CHECK = "check"
    APPROVAL = "approval"
    MANUAL = "manual"
    HOLD = "hold"
    SOURCE_STATUS = "source-status"
    NOT_SELECTED = "not-selected"
