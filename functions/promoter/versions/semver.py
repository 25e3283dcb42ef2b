"""SemVer 2.0.0 versions as npm, cargo, swift and generic packages have them, by the `semver` library.

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
def version_of(text: str) -> Version | None:
    """`text` as a version, `v` before it or not; None if it is not SemVer's major.minor.patch."""
    try:
        return Version.parse(text.removeprefix("v"))
    except ValueError:
        return None


class Partial(NamedTuple):
    """A version whose last parts may be missing, as in the range `1.2`; `wild` if written with a star."""

    major: int | None
    minor: int | None
    patch: int | None
    prerelease: str | None
    wild: bool

    @property
    def given(self) -> int:
        """How many of major, minor and patch are given."""
        return (self.major, self.minor, self.patch, None).index(None)

    def floor(self, prerelease: str | None = None) -> Version:
        """The given parts with zeros for the missing ones, or this very version if all are given."""
        if self.given == 3:
            prerelease = self.prerelease or prerelease
        return Version(self.major or 0, self.minor or 0, self.patch or 0, prerelease)

    def ceiling(self, part: int) -> Version:
        """What lies below every version that has a higher major, minor or patch, for `part` 0, 1 or 2."""
        parts = [self.major or 0, self.minor or 0, self.patch or 0]
        raised = [*parts[:part], parts[part] + 1, 0, 0]
        return Version(raised[0], raised[1], raised[2], "0")

    @property
    def caret_part(self) -> int:
        """Which part must not grow under `^`: the leftmost that is not zero, else the last given."""
        parts = (self.major, self.minor, self.patch)[: self.given]
        return next((index for index, part in enumerate(parts) if part), self.given - 1)


def partial_of(text: str) -> Partial | None:
    """`text` as a partial version of one to three numbers or wildcards (x, X, *); None if it is none."""
    match = _PARTIAL.fullmatch(text)
    if match is None:
        return None
    parts = match.group(1, 2, 3)
    major, minor, patch = (None if part is None or part in "xX*" else int(part) for part in parts)
    wild = any(part is not None and part in "xX*" for part in parts)
    partial = Partial(major, minor, patch, match[4], wild)
    misplaced = any(number is not None for number in (major, minor, patch)[partial.given :])  # 1.x.3
    unread = match[4] is not None and version_of(f"0.0.0-{match[4]}") is None
    return None if misplaced or unread else partial
