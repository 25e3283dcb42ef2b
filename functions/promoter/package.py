"""Packages, their versions, and how each format spells their names."""

import re
from functools import lru_cache

from msgspec import Struct

FORMATS = ("npm", "pypi", "maven", "nuget", "generic", "ruby", "swift", "cargo")
PURL_TYPES = {"ruby": "gem"}  # the formats whose Package URL type has another name
NAMESPACED = frozenset({"maven", "swift", "generic"})  # API reference: namespace is required for these

_RUNS = re.compile(r"[-_.]+")
_PLAIN = re.compile(r"[A-Za-z0-9._~:-]*\Z")  # what a Package URL does not escape


class Package(Struct, frozen=True, order=True):
    """A package of one format; `namespace` is "" where there is none, and an npm scope has no "@"."""

    format: str
    namespace: str
    name: str

    @property
    def purl(self) -> str:
        """The Package URL without a version: `pkg:npm/%40acme/widget`."""
        return _purl(self)

    @property
    def title(self) -> str:
        """The name as the format's own clients write it: `@acme/widget`, `com.acme:core`."""
        if not self.namespace:
            return self.name
        if self.format == "npm":
            return f"@{self.namespace}/{self.name}"
        return f"{self.namespace}{':' if self.format == 'maven' else '/'}{self.name}"


class Candidate(Struct, frozen=True):
    """One package version at one revision, in the repository where it stands.

    `since` is when that revision arrived there (UTC seconds since the epoch); `sequence` orders the changes
    of one package in one repository (User Guide: service-event-format-example). `message` is the id of the
    queue's message that brought it, received for the `receipts`th time; "" for a bare event. `origin` is where its
    package first came from, "internal" or "external", where a rule asked for that.
    """

    package: Package
    version: str
    revision: str
    repository: str
    since: float
    sequence: int = 0
    event_id: str = ""
    cause: str = "event"
    message: str = ""
    receipts: int = 1
    origin: str | None = None

    @property
    def purl(self) -> str:
        """The Package URL of the version."""
        return f"{self.package.purl}@{_quoted(self.version)}"


def normalise(format_: str, text: str) -> str:
    """A name, a namespace or a pattern of one, as CodeArtifact spells it in events and ARNs.

    Source: User Guide, python-name-normalization, nuget-name-normalization, swift-name-normalization.
    """
    if format_ == "pypi":
        return _RUNS.sub("-", text).lower()
    if format_ in ("nuget", "swift"):
        return text.lower()
    return text


@lru_cache(maxsize=1024)
def _purl(package: Package) -> str:
    scope = "%40" if package.format == "npm" and package.namespace else ""
    path = "/".join(_quoted(part) for part in (package.namespace, package.name) if part)
    return f"pkg:{PURL_TYPES.get(package.format, package.format)}/{scope}{path}"


def _quoted(text: str) -> str:
    """The text as it stands in a Package URL."""
    if _PLAIN.match(text):  # nearly always, and spares an import at every cold start
        return text
    from urllib.parse import quote

    return quote(text, safe=":")
