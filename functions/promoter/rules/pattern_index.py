"""An index of patterns by their literal prefix: 1,000 promotions cost little more than ten."""

from collections.abc import Iterable

from promoter.packages.patterns import Pattern


class PatternIndex:
    """Finds the promotions, by position, whose patterns match a package."""

    def __init__(self, patterns: Iterable[tuple[int, Pattern]]) -> None:
        """Index patterns, each with the position of its promotion."""
        self._by_prefix: dict[str, list[tuple[int, Pattern]]] = {}
        for position, pattern in patterns:
            self._by_prefix.setdefault(pattern.prefix, []).append((position, pattern))
        self._lengths = sorted({len(prefix) for prefix in self._by_prefix})

    def positions(self, path: str) -> list[int]:
        """The positions of the promotions that select the package at this path, in ascending order."""
        found: set[int] = set()
        for length in self._lengths:
            if length > len(path):
                break
            entries = self._by_prefix.get(path[:length], ())
            found.update(position for position, pattern in entries if pattern.matches(path))
        return sorted(found)
