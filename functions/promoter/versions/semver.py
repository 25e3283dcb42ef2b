"""SemVer 2.0.0 versions of npm, cargo, swift and generic packages, parsed by the `semver` library.

https://semver.org/spec/v2.0.0.html
"""

import re
from functools import lru_cache
from typing import Final, NamedTuple

from semver.version import Version

_PARTIAL: Final = re.compile(
    r"(0|[1-9][0-9]*|[xX*])(?:\.(0|[1-9][0-9]*|[xX*])(?:\.(0|[1-9][0-9]*|[xX*])"
    r"(?:-([0-9A-Za-z.-]+))?(?:\+[0-9A-Za-z.-]+)?)?)?"
)


@lru_cache(maxsize=4096)
def parse_version(text: str) -> Version | None:
    """Read major.minor.patch, with or without a leading `v`; None if it is not SemVer."""
    try:
        return Version.parse(text.removeprefix("v"))
    except ValueError:
        return None


def is_prerelease(version: str) -> bool | None:
    """True if a version has a prerelease part; None if it is not SemVer, such as `build-512`."""
    parsed = parse_version(version)
    return None if parsed is None else bool(parsed.prerelease)


class Partial(NamedTuple):
    """A version whose last parts may be missing, as in the range `1.2`. `wild` is True if it has a wildcard."""

    major: int | None
    minor: int | None
    patch: int | None
    prerelease: str | None
    wild: bool

    @property
    def given(self) -> int:
        """The number of parts that are given: 0 to 3."""
        return (self.major, self.minor, self.patch, None).index(None)

    def floor(self, prerelease: str | None = None) -> Version:
        """The lowest version with the given parts. `prerelease` is used if the partial version has none."""
        if self.given == 3:
            prerelease = self.prerelease or prerelease
        return Version(self.major or 0, self.minor or 0, self.patch or 0, prerelease)

    def ceiling(self, part: int) -> Version:
        """The first prerelease of the next major (`part` 0), minor (1) or patch (2)."""
        parts = [self.major or 0, self.minor or 0, self.patch or 0]
        raised = [*parts[:part], parts[part] + 1, 0, 0]
        return Version(raised[0], raised[1], raised[2], "0")

    @property
    def caret_part(self) -> int:
        """The part that `^` keeps: the leftmost that is not zero, else the last given one."""
        parts = (self.major, self.minor, self.patch)[: self.given]
        return next((index for index, part in enumerate(parts) if part), self.given - 1)


def parse_partial(text: str) -> Partial | None:
    """Read one to three numbers or wildcards (x, X, *); None if the text is something else."""
    match = _PARTIAL.fullmatch(text)
    if match is None:
        return None
    parts = match.group(1, 2, 3)
    major, minor, patch = (_number(part) for part in parts)
    wild = any(part is not None and part in "xX*" for part in parts)
    partial = Partial(major, minor, patch, match[4], wild)
    number_after_wildcard = any(number is not None for number in (major, minor, patch)[partial.given :])
    if number_after_wildcard or not _is_prerelease_part(match[4]):
        return None
    return partial


def _number(part: str | None) -> int | None:
    return None if part is None or part in "xX*" else int(part)


def _is_prerelease_part(text: str | None) -> bool:
    return text is None or parse_version(f"0.0.0-{text}") is not None
