"""Cases: a version, what is known about it, and the decisions that the rules must come to."""

from collections.abc import Mapping

from msgspec import Struct

from promoter.packages.candidate import Candidate
from promoter.rules.evidence import Evidence
from promoter.rules.reasons import Reason
from promoter.rules.rule_set import RuleSet
from promoter.rules.vocabulary import ReasonCode


class Expected(Struct, frozen=True):
    """The expected decision on the hop to `destination`; None and what `texts` leaves out is not compared.

    `destination` is "" for the only hop that decides. `verdict` is `not-selected` if no promotion selects the version.
    `until` is in UTC seconds since the epoch.
    """

    verdict: str
    destination: str = ""
    promotion: str | None = None
    met: tuple[str, ...] | None = None
    unmet: tuple[str, ...] | None = None
    waived: tuple[str, ...] | None = None
    until: float | None = None
    texts: Mapping[str, str] = {}


class Case(Struct, frozen=True):
    """One case. `line` is its first line in the file. `now` is in UTC seconds since the epoch.

    `is_complete` is True if no other hop may decide than those in `expected`.
    """

    name: str
    line: int
    rule_set: RuleSet
    candidate: Candidate
    evidence: Evidence
    now: float
    expected: tuple[Expected, ...]
    is_complete: bool = False


def condition_name(reason: Reason) -> str:
    """The name of a reason's condition in case files: its code, and for a check `check-NAME`."""
    return f"{reason.code}-{reason.name}" if reason.code is ReasonCode.CHECK else str(reason.code)
