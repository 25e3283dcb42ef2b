"""Evidence: facts about a candidate that cost a call to look up."""

from enum import StrEnum

from msgspec import Struct

from promoter.rules.vocabulary import Origin


class Fact(StrEnum):
    """A fact that a promotion or a condition may need."""

    ORIGIN = "origin"
    STATUS = "status"


class Evidence(Struct, frozen=True):
    """The facts that were looked up about one candidate; a fact that nobody needed is None.

    `origin` says where the package first came from (API reference: PackageVersionOrigin). `status` is the
    version's status in the candidate's repository.
    """

    origin: Origin | None = None
    status: str | None = None
