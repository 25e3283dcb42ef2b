"""RubyGems' requirements, as in its guide "Patterns".

`univers.gem`, a port of RubyGems' own code, does the work; no other module of `univers` is imported. Prereleases are
ordered as in `Gem::Requirement#satisfied_by?`: 2.0.0.rc1 is in `< 2` and not in `~> 1.2`.
"""

import re
from functools import lru_cache
from typing import Any, Final

from univers import gem

from promoter.versions.errors import RangeError
from promoter.versions.languages import Contains

_rubygems: Any = gem  # it has no annotations
_WILDCARD: Final = re.compile(r"(?:^|\.)[xX](?:\.|\Z)")  # 4.x would be a prerelease of 4


@lru_cache(maxsize=4096)
def _version(text: str) -> Any:
    return _rubygems.GemVersion(text) if _rubygems.GemVersion.is_correct(text) else None


def compile_range(text: str) -> Contains:
    """Compile requirements such as `~> 1.2, != 1.2.5`; a version must meet all. Raises RangeError."""
    if any(_WILDCARD.search(each.strip()) for each in text.split(",")):
        raise RangeError("a RubyGems requirement")
    try:
        requirement = _rubygems.GemRequirement(*text.split(","))
    except (gem.InvalidRequirementError, gem.InvalidVersionError):
        raise RangeError("a RubyGems requirement") from None

    def contains(text: str) -> bool | None:
        version = _version(text)
        return None if version is None else bool(requirement.satisfied_by(version))

    return contains


def is_prerelease(version: str) -> bool | None:
    """True if a version has a letter, as in 1.5.0.pre1; None if it is not a version of a gem."""
    parsed = _version(version)
    return None if parsed is None else bool(parsed.prerelease())
