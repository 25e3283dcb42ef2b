"""The words of the rules: verdicts, reason codes, and the values that a promotion's keys may have."""

from enum import IntEnum, StrEnum
from typing import Literal

Mode = Literal["enforce", "observe", "manual"]
OnConflict = Literal["fail", "extend", "overwrite"]
Origin = Literal["internal", "external"]
SelectedOrigin = Literal["internal", "external", "any"]
NotificationKind = Literal["failed", "approval", "extended", "promoted", "rejected"]
Format = Literal["npm", "pypi", "maven", "nuget", "generic", "ruby", "swift", "cargo"]

DEFAULT_NOTIFICATIONS: tuple[NotificationKind, ...] = ("failed", "approval", "extended")


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
    APPROVAL = "approval"
    MANUAL = "manual"
    HOLD = "hold"
    SOURCE_STATUS = "source-status"
    NOT_SELECTED = "not-selected"
