"""Matching: which packages a pattern selects.

Matching takes time linear in the length of the name, whatever the pattern.
"""

import re
from functools import lru_cache
from unicodedata import category

from msgspec import Struct

from promoter.packages.package import Package


class Pattern(Struct, frozen=True):
    """A pattern of packages. `text` is as its author wrote it.

    Every path that matches begins with `prefix`. A `glob` is a regular expression that also matches the path, from
    its beginning. With `whole`, the path is equal to `prefix`. With `word`, a word ends where `prefix` ends.
    `broad` is True if the pattern gives neither a namespace nor the beginning of a name.
    """

    text: str
    prefix: str
    glob: str = ""
    whole: bool = False
    word: bool = False
    broad: bool = False

    @property
    def format(self) -> str:
        """The format that the pattern selects; "" selects every format."""
        head, slash, _ = self.prefix.partition("/")
        return head if slash else ""

    def matches(self, path: str) -> bool:
        """True if the pattern selects the package at this path (see `path_of`)."""
        if self.whole:
            return path == self.prefix
        if not path.startswith(self.prefix):
            return False
        if self.glob:
            return glob_matches(self.glob, path)
        return not self.word or ends_word(path, len(self.prefix))


def path_of(package: Package) -> str:
    """The text that patterns are matched against: `format/namespace/name`, as in the package's ARN."""
    return f"{package.format}/{package.namespace}/{package.name}"


def glob_matches(glob: str, text: str) -> bool:
    """True if the regular expression of a glob matches a text from its beginning."""
    return _regex(glob).match(text) is not None


def ends_word(text: str, position: int) -> bool:
    """True if a word that reaches this position ends there."""
    return position >= len(text) or not is_word_character(text[position])


def is_word_character(character: str) -> bool:
    """True for a letter, a number or a mark: the definition of package groups (see `group_patterns`)."""
    return category(character)[0] in "LNM"


@lru_cache(maxsize=4096)
def _regex(glob: str) -> re.Pattern[str]:
    return re.compile(glob, re.DOTALL)
