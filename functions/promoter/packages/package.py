"""Packages, and how each format spells their names."""

import re
from functools import lru_cache
from urllib.parse import quote

from msgspec import Struct

FORMATS = ("npm", "pypi", "maven", "nuget", "generic", "ruby", "swift", "cargo")
PURL_TYPES = {"ruby": "gem"}  # formats whose Package URL type has another name
NAMESPACED = frozenset({"maven", "swift", "generic"})  # API reference: these need a namespace

_SEPARATORS = re.compile(r"[-_.]+")


class Package(Struct, frozen=True, order=True):
    """A package of one format. `namespace` is "" if there is none; an npm scope is written without "@"."""

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


def normalise(format_: str, text: str) -> str:
    """Normalise a name, a namespace or a pattern of one as CodeArtifact does in events and ARNs.

    Source: User Guide, python-name-normalization, nuget-name-normalization, swift-name-normalization.
    """
    if format_ == "pypi":
        return _SEPARATORS.sub("-", text).lower()
    if format_ in ("nuget", "swift"):
        return text.lower()
    return text


def quote_purl(text: str) -> str:
    """Escape one part of a Package URL."""
    return quote(text, safe=":")


@lru_cache(maxsize=1024)
def _purl(package: Package) -> str:
    scope = "%40" if package.format == "npm" and package.namespace else ""
    path = "/".join(quote_purl(part) for part in (package.namespace, package.name) if part)
    return f"pkg:{PURL_TYPES.get(package.format, package.format)}/{scope}{path}"
