"""The packages that `--package` names, and what to say if there are none."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from promoter.cli.errors import BadUsage
from promoter.packages.patterns import PatternError, parse, path_of

if TYPE_CHECKING:
    from promoter.packages.package import Package
    from promoter.packages.patterns import Pattern

_MAX_REMEMBERED = 2000  # names; finding the nearest of them takes a few milliseconds


class PackageFilter:
    """Accepts the packages that a glob matches: a pattern as in the rules, or a glob of names. None matches all."""

    def __init__(self, glob: str | None) -> None:
        """Raises BadUsage if the pattern is wrong."""
        self._glob = glob
        self._pattern = _pattern(glob) if glob and glob.startswith(("pkg:", "/")) else None
        self._seen: set[str] = set()
        self._matched = False

    def __call__(self, package: Package) -> bool:
        """True if the package is accepted."""
        matches = self._matches(package)
        self._matched |= matches
        if not matches and len(self._seen) < _MAX_REMEMBERED:
            self._seen.add(package.purl if self._pattern else package.title)
        return matches

    @property
    def problem(self) -> str:
        """What to say if the glob matched nothing, with the nearest name; "" if it matched."""
        if self._glob is None or self._matched:
            return ""
        from promoter.rules_file.spelling import closest  # 7 ms that only a mistake needs

        near = closest(self._glob, self._seen)
        hint = f'did you mean "{near}"?' if near else "check the name; no promotion may select it"
        return f'--package "{self._glob}" matches nothing; {hint}'

    def _matches(self, package: Package) -> bool:
        if self._pattern is not None:
            return self._pattern.matches(path_of(package))
        return self._glob is None or fnmatchcase(package.title, self._glob)


def _pattern(text: str) -> Pattern:
    try:
        return parse(text)
    except PatternError as error:
        raise BadUsage(str(error)) from None
