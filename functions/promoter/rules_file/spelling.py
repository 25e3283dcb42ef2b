"""Suggestions for a misspelled word."""

from collections.abc import Iterable
from difflib import get_close_matches

_SYNONYMS = {"rubygems": "ruby", "python": "pypi", "java": "maven", "crates": "cargo"}
_LONGEST = 100  # comparing takes time quadratic in the length


def closest(word: str, known: Iterable[str]) -> str:
    """The known word that the author probably meant; "" if none is close."""
    known = sorted(known)
    close = get_close_matches(word[:_LONGEST], known, n=1)
    if close:
        return close[0]
    synonym = _SYNONYMS.get(word, "")
    return synonym if synonym in known else ""


def suggest(word: str, known: Iterable[str]) -> str:
    """A hint with the word that the author probably meant, or with all known words."""
    known = sorted(known)
    close = closest(word, known)
    return did_you_mean(close) if close else f"known: {', '.join(known)}"


def did_you_mean(word: str) -> str:
    """The hint for one close word."""
    return f'did you mean "{word}"?'
