"""Versions as package managers write them, `acme-tools==2.0`, and the Package URLs that are meant."""

import re

from promoter.packages.package import FORMATS, PURL_TYPES
from promoter.packages.patterns import PatternError, parse_package

_TYPES = "|".join(sorted({*FORMATS, *PURL_TYPES.values()}))
_FORMS = (
    # with the type, but without the scheme, or with the wrong sign before the version
    (rf"(?:pkg:)?({_TYPES})[:/]+(.+?)(?:==|@|:| )([^@:= /]+)", r"pkg:\1/\2@\3"),
    (r"([\w.-]+)(?:\[[\w,-]+\])?={2,3}([^\s=]+)", r"pkg:pypi/\1@\2"),
    (r"(@[\w.-]+/[\w.-]+)[@ ]([^\s@/]+)", r"pkg:npm/\1@\2"),
    (r"([\w.-]+):([\w.-]+):(?:\w+:)?([^\s:]+)", r"pkg:maven/\1/\2@\3"),
    (r"([\w.-]+\.[\w.-]+):([\w.-]+) ([^\s:]+)", r"pkg:maven/\1/\2@\3"),
    (r"([\w.-]+)@([^\s@/]+)", r"pkg:npm/\1@\2"),
    (r"([\w.-]+)-([0-9][\w.]*)-py[23][\w.-]*\.whl", r"pkg:pypi/\1@\2"),
    (r"([\w.-]+?)-v?([0-9][\w.]*)\.(?:tar\.gz|zip)", r"pkg:pypi/\1@\2"),
)


def purl_of(text: str) -> str:
    """The Package URL of a version in its package manager's own form; "" if the form is not known."""
    for pattern, replacement in _FORMS:
        found = re.fullmatch(pattern, text.strip())
        if found is not None:
            purl = found.expand(replacement)
            return purl if purl != text and _is_version(purl) else ""
    return ""


def _is_version(purl: str) -> bool:
    try:
        _, version = parse_package(purl)
    except PatternError:
        return False
    return bool(version)
