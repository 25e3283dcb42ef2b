"""Which promotions select a package: an index, so that a thousand promotions cost little more than ten."""

from collections.abc import Iterable, Sequence

from promoter.patterns import Pattern

_LETTERS = 3
Entry = tuple[int, Pattern]  # the position of its promotion, and the pattern


class Index:
    """Patterns by the literal text that their matches begin with, then by the one that they end with."""

    def __init__(self, patterns: Iterable[Entry]) -> None:
        """Sort the patterns in; nothing is compiled."""
        buckets: dict[str, list[Entry]] = {}
        for position, pattern in patterns:
            buckets.setdefault(pattern.prefix, []).append((position, pattern))
        self._buckets = {prefix: _Bucket(entries) for prefix, entries in buckets.items()}
        self._lengths = sorted({len(prefix) for prefix in buckets})

    def positions(self, path: str) -> list[int]:
        """The promotions that select the package of this path, in the order of the file."""
        found: list[int] = []
        for length in self._lengths:
            if length > len(path):
                break
            bucket = self._buckets.get(path[:length])
            if bucket is not None:
                found += [position for position, pattern in bucket.near(path) if pattern.matches(path)]
        return sorted(set(found)) if len(found) > 1 else found


class _Bucket:
    """The patterns of one prefix: by suffix where they have one, else by three letters that lie within."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        self._by_suffix: dict[str, list[Entry]] = {}
        self._by_letters: dict[str, list[Entry]] = {}
        self._rest: list[Entry] = []  # those that have not even three letters
        for entry in entries:
            suffix, needle = entry[1].suffix, entry[1].needle
            if suffix:
                self._by_suffix.setdefault(suffix, []).append(entry)
            elif len(needle) < _LETTERS:
                self._rest.append(entry)
            else:  # the letters that the fewest others have
                key = min(sorted(_pieces(needle)), key=lambda each: len(self._by_letters.get(each, ())))
                self._by_letters.setdefault(key, []).append(entry)
        self._lengths = sorted({len(suffix) for suffix in self._by_suffix})

    def near(self, path: str) -> Sequence[Entry]:
        """The patterns that may match."""
        if not self._lengths and not self._by_letters:
            return self._rest
        near = list(self._rest)
        for length in self._lengths:
            near += self._by_suffix.get(path[-length:], ())
        for letters in self._by_letters.keys() & _pieces(path) if self._by_letters else ():
            near += self._by_letters[letters]
        return near


def _pieces(text: str) -> set[str]:
    return {text[start : start + _LETTERS] for start in range(len(text) - _LETTERS + 1)}
