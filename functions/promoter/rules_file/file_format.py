"""The format of the rules file: one struct per table. The JSON Schema is generated from them."""

from datetime import datetime
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta, Struct

from promoter.rules.vocabulary import (
    DEFAULT_NOTIFICATIONS,
    Mode,
    NotificationKind,
    OnConflict,
    SelectedOrigin,
)

# API reference: the patterns of a domain and of a repository
# (?!\n): in Python, `$` also matches before a line break at the end
Domain = Annotated[
    str, Meta(pattern=r"^[a-z][a-z0-9\-]{0,48}[a-z0-9]$(?!\n)", description="The CodeArtifact domain.")
]
Repository = Annotated[str, Meta(pattern=r"^[A-Za-z0-9][A-Za-z0-9._\-]{1,99}$(?!\n)")]
# in CloudWatch, the value of a dimension is ASCII without control characters
Name = Annotated[str, Meta(pattern=r"^[!-~]([ -~]*[!-~])?$(?!\n)", min_length=1, max_length=100)]
Patterns = Annotated[tuple[str, ...], Meta(min_length=1, examples=[["pkg:npm/@acme/*", "/maven/com.acme~"]])]
Duration = Annotated[
    str, Meta(pattern=r"^([0-9]{1,4}[wdhms]){1,5}$(?!\n)", examples=["24h", "7d", "1d12h", "90s"])
]
# the formats, and the Package URL type of ruby
VersionsKey = Literal["npm", "pypi", "maven", "nuget", "generic", "ruby", "gem", "swift", "cargo"]


class Requirements(Struct, frozen=True, rename="kebab", kw_only=True):
    """The keys of a promotion that `[defaults]` may have, too."""

    packages: Annotated[
        Patterns,
        Meta(
            description="Patterns of packages and names of teams. A package is selected if one of them matches."
        ),
    ]
    exclude: Annotated[
        tuple[str, ...],
        Meta(
            description="Patterns of packages, and names of teams, that are rejected. An exclusion always wins.",
            examples=[["pkg:npm/@acme/internal-*"]],
        ),
    ] = ()
    origin: Annotated[
        SelectedOrigin | None,
        Meta(
            description="Selects packages by where they first came from: published here (internal) or fetched "
            "from a public repository (external). Both need one extra API call per version."
        ),
    ] = None
    versions: Annotated[
        str | dict[VersionsKey, str] | None,
        Meta(
            description="A version range in the language of the package format. For several formats, use a table.",
            examples=["^1.4 || ^2", {"pypi": ">=1,<3", "maven": "[1.0,2.0)"}],
        ),
    ] = None
    prereleases: Annotated[bool, Meta(description="True to allow prereleases.")] = False
    soak: Annotated[
        Duration | None,
        Meta(
            description="How long a revision must have been in the source repository: weeks, days, hours, "
            "minutes and seconds."
        ),
    ] = None
    approval: Annotated[bool, Meta(description="True if a person must approve the revision.")] = False
    mode: Annotated[
        Mode,
        Meta(
            description="enforce: copy. observe: decide, log and count, but do not copy. manual: copy only on request."
        ),
    ] = "enforce"
    on_conflict: Annotated[
        OnConflict,
        Meta(
            description="If the destination has the version with different files: fail, extend (only add files) "
            "or overwrite."
        ),
    ] = "fail"
    include_from_upstream: Annotated[
        bool,
        Meta(description="True to copy versions that the source repository only has through its upstreams."),
    ] = False
    notify: Annotated[
        tuple[NotificationKind, ...], Meta(description="Which outcomes are sent to the SNS topic.")
    ] = DEFAULT_NOTIFICATIONS


class PromotionEntry(Requirements, frozen=True, rename="kebab", kw_only=True):
    """A `[[promotion]]`: which packages are promoted from one repository to another, and what it requires."""

    name: Annotated[Name, Meta(description="A unique name, used in metrics and messages.")]
    from_: Annotated[Repository, Meta(description="The source repository.")] = msgspec.field(name="from")
    to: Annotated[Repository, Meta(description="The destination repository.")]


class TeamEntry(Struct, frozen=True, rename="kebab"):
    """A team: a named set of packages."""

    packages: Annotated[
        Patterns, Meta(description="Patterns of packages. A package is in the team if one of them matches.")
    ]


class HoldEntry(Struct, frozen=True, rename="kebab"):
    """A `[[hold]]`: stops versions until a time, or until the entry is removed."""

    package: Annotated[
        str,
        Meta(
            description="A pattern of packages, with or without @VERSION. pkg:** is every package.",
            examples=["pkg:npm/@acme/widget@1.5.0"],
        ),
    ]
    reason: Annotated[
        str,
        Meta(min_length=1, description="Why the versions are held. It is shown in decisions and messages."),
    ]
    from_: Annotated[Repository | None, Meta(description="Hold only on hops from this repository.")] = (
        msgspec.field(name="from", default=None)
    )
    to: Annotated[Repository | None, Meta(description="Hold only on hops to this repository.")] = None
    until: Annotated[datetime, Meta(tz=True, description="The hold ends at this time.")] | None = None


class RulesFile(Struct, frozen=True, rename="kebab"):
    """The whole file."""

    domain: Domain
    promotion: tuple[dict[str, Any], ...]
    defaults: dict[str, Any] = {}
    teams: dict[str, dict[str, Any]] = {}
    hold: tuple[dict[str, Any], ...] = ()
