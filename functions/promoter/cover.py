"""Whether all that a pattern means is meant by another; what is not seen to be is taken not to be."""

from collections.abc import Iterable, Iterator

from promoter.patterns import Pattern, ends_word
from promoter.selection import Entry, Index


class Cover:
    """Patterns, to ask which of them, one at a time, cover another."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        """Sort them in, in the order of their positions."""
        self._same: dict[Pattern, int] = {}
        self._open: dict[str, int] = {}  # all that begins with this
        self._words: dict[str, int] = {}  # all that begins with this word
        globs: list[Entry] = []
        for position, pattern in entries:
            self._same.setdefault(_bare(pattern), position)
            if _is_open(pattern):
                self._open.setdefault(pattern.prefix, position)
            elif pattern.word:
                self._words.setdefault(pattern.prefix, position)
            elif pattern.glob:
                globs.append((position, pattern))
        self._globs = Index(globs)
        self._any_names = Index(entry for entry in globs if entry[1].text.endswith(("/*", "/**")))

    def first(self, pattern: Pattern) -> int | None:
        """The first position of a pattern that covers all of this one; None if none is known to."""
        found = [self._same.get(_bare(pattern)), *self._by_prefix(pattern), *self._by_glob(pattern)]
        return min((position for position in found if position is not None), default=None)

    def _by_prefix(self, pattern: Pattern) -> Iterator[int]:
        prefix = pattern.prefix
        for end in range(len(prefix) + 1):
            if prefix[:end] in self._open:
                yield self._open[prefix[:end]]
            if prefix[:end] in self._words and _ends_word(pattern, end):
                yield self._words[prefix[:end]]

    def _by_glob(self, pattern: Pattern) -> Iterator[int]:
        path = pattern.prefix
        if pattern.whole:
            yield from self._globs.positions(path)
        elif path.count("/") == 2:  # its namespace is given: any name of it stands for all
            yield from self._any_names.positions(path[: path.rindex("/")] + "/any")


def _ends_word(pattern: Pattern, end: int) -> bool:
    """Whether a word ends there in all that the pattern means."""
    if end == len(pattern.prefix):
        return pattern.whole or pattern.word
    return ends_word(pattern.prefix, end)


def _is_open(pattern: Pattern) -> bool:
    """Whether it means all that begins with its prefix: a star that ends the name, and no other."""
    if not pattern.glob:
        return not (pattern.whole or pattern.word)
    return pattern.text.count("*") == 1 and pattern.text.endswith("*") and pattern.prefix.count("/") == 2


def _bare(pattern: Pattern) -> Pattern:
    """The pattern without what does not say what it means."""
    return Pattern(
        "",
        pattern.prefix,
        pattern.suffix,
        pattern.needle,
        pattern.glob,
        whole=pattern.whole,
        word=pattern.word,
    )
