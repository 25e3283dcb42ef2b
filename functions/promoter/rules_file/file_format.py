"""The rules file as it is written: one struct per table. The JSON Schema is generated from these."""

from datetime import datetime
from typing import Annotated, Any

import msgspec
from msgspec import Meta, Struct

from promoter.rules.vocabulary import (
    DEFAULT_NOTIFICATIONS,
    Format,
    Mode,
    NotificationKind,
    OnConflict,
    SelectedOrigin,
)

# API reference: the patterns of a domain and of a repository
# (?!\n): to Python, `$` is also before a line break at the end
Domain = Annotated[
    str, Meta(pattern=r"^[a-z][a-z0-9\-]{0,48}[a-z0-9]$(?!\n)", description="The CodeArtifact domain.")
]
Repository = Annotated[str, Meta(pattern=r"^[A-Za-z0-9][A-Za-z0-9._\-]{1,99}$(?!\n)")]
# a dimension's value in CloudWatch is ASCII without control characters
Name = Annotated[str, Meta(pattern=r"^[!-~]([ -~]*[!-~])?$(?!\n)", min_length=1, max_length=100)]
Patterns = Annotated[tuple[str, ...], Meta(min_length=1, examples=[["pkg:npm/@acme/*", "/maven/com.acme~"]])]
Duration = Annotated[str, Meta(pattern=r"^([0-9]{1,4}[wdhm]){1,4}$(?!\n)", examples=["24h", "7d", "1d12h"])]


class Requirements(Struct, frozen=True, rename="kebab", kw_only=True):
    """What a promotion and `[defaults]` may both say. Prereleases are kept back unless the rules let them in."""

    packages: Annotated[Patterns, Meta(description="Patterns of packages, or names of teams; any may match.")]
    exclude: Annotated[
        tuple[str, ...],
        Meta(
            description="Patterns of packages that are rejected, whatever else they meet.",
            examples=[["pkg:npm/@acme/internal-*"]],
        ),
    ] = ()
    origin: Annotated[
        SelectedOrigin | None,
        Meta(description="Selects by where a package first came from; one look-up per version."),
    ] = None
    versions: Annotated[
        str | dict[Format, str] | None,
        Meta(
            description="A range in the format's own language; a table by format where there are several.",
            examples=["^1.4 || ^2", {"pypi": ">=1,<3", "maven": "[1.0,2.0)"}],
        ),
    ] = None
    prereleases: Annotated[bool, Meta(description="Whether prereleases may pass.")] = False
    soak: Annotated[
        Duration | None, Meta(description="How long a revision must have been in the source repository.")
    ] = None
    approval: Annotated[bool, Meta(description="Whether a person has to approve the revision.")] = False
    mode: Annotated[
        Mode,
        Meta(description="observe: decide, log and count, but do not copy. manual: only when a person asks."),
    ] = "enforce"
    on_conflict: Annotated[
        OnConflict, Meta(description="What to do where the destination has other contents of the version.")
    ] = "fail"
    include_from_upstream: Annotated[
        bool, Meta(description="Whether versions that the source only sees through its upstreams are copied.")
    ] = False
    notify: Annotated[tuple[NotificationKind, ...], Meta(description="Of what the topic is told.")] = (
        DEFAULT_NOTIFICATIONS
    )


class PromotionEntry(Requirements, frozen=True, rename="kebab", kw_only=True):
    """A `[[promotion]]`: from one repository to another, for some packages, under some requirements."""

    name: Annotated[Name, Meta(description="Unique; metrics and messages name it.")]
    from_: Annotated[Repository, Meta(description="The source repository.")] = msgspec.field(name="from")
    to: Annotated[Repository, Meta(description="The destination repository.")]


class TeamEntry(Struct, frozen=True, rename="kebab"):
    """A team: a named set of packages."""

    packages: Annotated[Patterns, Meta(description="Patterns of packages; any may match.")]


class HoldEntry(Struct, frozen=True, rename="kebab"):
    """A `[[hold]]`: stops what it names, for good or until a moment."""

    package: Annotated[
        str,
        Meta(
            description="A pattern of packages, with or without @VERSION; pkg:** is all.",
            examples=["pkg:npm/@acme/widget@1.5.0"],
        ),
    ]
    reason: Annotated[str, Meta(min_length=1, description="Shown to whoever asks.")]
    from_: Annotated[Repository | None, Meta(description="Only on hops from here.")] = msgspec.field(
        name="from", default=None
    )
    to: Annotated[Repository | None, Meta(description="Only on hops to here.")] = None
    until: Annotated[datetime, Meta(tz=True, description="Then the version moves on.")] | None = None


class RulesFile(Struct, frozen=True, rename="kebab"):
    """The whole file."""

    domain: Domain
    promotion: tuple[dict[str, Any], ...]
    defaults: dict[str, Any] = {}
    teams: dict[str, dict[str, Any]] = {}
    hold: tuple[dict[str, Any], ...] = ()
