"""RubyGems' requirements, as its guide "Patterns" declares dependencies.

By `univers.gem`, a port of RubyGems' own code; the module alone is imported, none of the rest of `univers`.
Prereleases are ordered as `Gem::Requirement#satisfied_by?` does: 2.0.0.rc1 is in `< 2` and not in `~> 1.2`.
"""

from functools import lru_cache
from typing import Any

from univers import gem

from promoter.versions import Contains, RangeError

_rubygems: Any = gem  # its functions carry no annotations


@lru_cache(maxsize=4096)
def _version(text: str) -> Any:
    return _rubygems.GemVersion(text) if _rubygems.GemVersion.is_correct(text) else None


def compile_range(text: str) -> Contains:
    """Whether a version meets every requirement of `text`, such as `~> 1.2, != 1.2.5`."""
    try:
        requirement = _rubygems.GemRequirement(*text.split(","))
    except (gem.InvalidRequirementError, gem.InvalidVersionError):
        raise RangeError("a RubyGems requirement") from None

    def contains(text: str) -> bool | None:
        version = _version(text)
        return None if version is None else bool(requirement.satisfied_by(version))

    return contains


def is_prerelease(version: str) -> bool | None:
    """Whether a gem's version has a letter, as in 1.5.0.pre1; None for what is no gem version."""
    parsed = _version(version)
    return None if parsed is None else bool(parsed.prerelease())
