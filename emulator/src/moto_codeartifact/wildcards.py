"""Wildcards of policies: `*` is any text, `?` one character (IAM User Guide: reference_policies_elements_resource)."""

import fnmatch
import re
from collections.abc import Iterable
from functools import lru_cache

ARN_PARTS = 6


def matches_any(patterns: Iterable[str], text: str) -> bool:
    """Return True if a pattern matches the whole text."""
    return any(matches(pattern, text) for pattern in patterns)


def matches(pattern: str, text: str) -> bool:
    """Return True if the pattern matches the whole text, with its case."""
    return _compiled(pattern).fullmatch(text) is not None


def matches_arn(pattern: str, arn: str) -> bool:
    """Return True if each of the six parts of the ARN matches (IAM User Guide: Conditions_ARN)."""
    patterns, parts = pattern.split(":", ARN_PARTS - 1), arn.split(":", ARN_PARTS - 1)
    # a pattern with fewer parts is completed with wildcards
    patterns += ["*"] * (ARN_PARTS - len(patterns))
    return len(parts) == ARN_PARTS and all(map(matches, patterns, parts))


@lru_cache(maxsize=4096)
def _compiled(pattern: str) -> re.Pattern[str]:
    # in file patterns "[" is special, too
    return re.compile(fnmatch.translate(pattern.replace("[", "[[]")))
