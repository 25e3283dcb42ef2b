"""The format of the rules file: one struct per table. The JSON Schema is generated from them."""

from datetime import datetime
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta, Struct

from promoter.rules.vocabulary import (
    DEFAULT_NOTIFICATIONS,
    Mode,
    NotificationKind,
    NpmLatest,
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
Duration = Annotated[str, Meta(pattern=r"^([0-9]{1,4}[wdhms]){1,5}$(?!\n)", examples=["24h", "7d", "1d12h"])]
# it becomes the namespace of a package
AnswerName = Annotated[str, Meta(pattern=r"^[A-Za-z0-9._\-]+$(?!\n)", min_length=1, max_length=100)]
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
            description="How long a revision must have been in the source repository: weeks, days, hours, minutes "
            "and seconds."
        ),
    ] = None
    checks: Annotated[
        tuple[AnswerName, ...],
        Meta(
            description="Names of checks. Each must have answered PASSED or WARNED about the revision.",
            examples=[["sca", "qa"]],
        ),
    ] = ()
    approval: Annotated[
        bool | AnswerName,
        Meta(
            description="True if a person must approve the revision; a name if only certain people may approve it.",
            examples=[True, "payments"],
        ),
    ] = False
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
    npm_latest: Annotated[
        NpmLatest,
        Meta(
            description="What happens to npm's latest in the destination. as-copied: a copy brings the tags that point "
            "at the version then. highest: latest moves forward to the highest release."
        ),
    ] = "as-copied"
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
    from_time: Annotated[datetime, Meta(tz=True, description="The hold begins at this time.")] | None = None
    until: Annotated[datetime, Meta(tz=True, description="The hold ends at this time.")] | None = None


class WaiveEntry(Struct, frozen=True, rename="kebab"):
    """A `[[waive]]`: a written exception from conditions, until a time."""

    package: Annotated[
        str,
        Meta(
            description="A pattern of packages, with or without @VERSION.",
            examples=["pkg:npm/@acme/widget@1.5.1"],
        ),
    ]
    conditions: Annotated[
        tuple[str, ...],
        Meta(
            min_length=1,
            description="The conditions that do not count: soak, window, versions, prerelease, and names of checks.",
            examples=[["soak"]],
        ),
    ]
    until: Annotated[datetime, Meta(tz=True, description="The waiver ends at this time.")]
    reason: Annotated[
        str,
        Meta(
            min_length=1,
            description="Why the conditions are waived. It is shown in decisions and messages.",
        ),
    ]


class WindowEntry(Struct, frozen=True, rename="kebab"):
    """A `[[window]]`: versions are promoted only in these hours."""

    allow: Annotated[
        str,
        Meta(
            description="Days, hours and a time zone.",
            examples=["Mon-Thu 08:00-16:00 Europe/Berlin", "Fri-Mon,Wed 22:00-06:00 UTC"],
        ),
    ]
    from_: Annotated[Repository | None, Meta(description="Only on hops from this repository.")] = (
        msgspec.field(name="from", default=None)
    )
    to: Annotated[Repository | None, Meta(description="Only on hops to this repository.")] = None


class RulesFile(Struct, frozen=True, rename="kebab"):
    """The whole file."""

    domain: Domain
    promotion: tuple[dict[str, Any], ...]
    defaults: dict[str, Any] = {}
    teams: dict[str, dict[str, Any]] = {}
    hold: tuple[dict[str, Any], ...] = ()
    waive: tuple[dict[str, Any], ...] = ()
    window: tuple[dict[str, Any], ...] = ()
    evidence: Annotated[Repository | None, Meta(description="The repository of answers.")] = None
