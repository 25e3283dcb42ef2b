"""Translation of ranges between languages: npm's `^1.4` is `~=1.4` in PyPI and `[1.4,2)` in Maven.

It knows the common forms (caret, tilde, `~=`, `~>`, intervals, wildcards, lists of comparisons), not whole languages.
Its results are suggestions; the caller parses them before it shows them.
"""

import re
from collections.abc import Iterator
from typing import Final

# only a wrong range needs these patterns, so they are compiled at their first use
_NUMBERS: Final = r"[0-9]+(?:\.[0-9]+)*"
_SINGLE: Final = rf"(\^|~>|~=|~|===?|=)?\s*v?({_NUMBERS})(\.[xX*+])?"
_INTERVAL: Final = rf"([\[(])\s*({_NUMBERS}|)\s*(,?)\s*({_NUMBERS}|)\s*([\])])"
_COMPARISON: Final = rf"([<>]=?)\s*v?({_NUMBERS})(?:\s*(?:,|&&?|and)\s*|\s+|$)"

_COMPATIBLE: Final = {"pypi": "~=", "ruby": "~> "}  # signs that keep all parts but the last

Comparisons = list[tuple[str, str]]  # each with its sign and its version


def translate(language: str, text: str) -> Iterator[str]:
    """Translate a range into `language` (npm, cargo, pypi, maven, nuget, ruby), the shortest form first."""
    comparisons = _read(text.strip())
    if comparisons:
        yield from _short_form(language, comparisons)
        yield _long_form(language, comparisons)


def _read(text: str) -> Comparisons:
    if single := re.fullmatch(_SINGLE, text):
        return _read_single(single[1] or "", single[2], wildcard=bool(single[3]))
    if interval := re.fullmatch(_INTERVAL, text):
        return _read_interval(*interval.groups())
    found = [(match[1], match[2]) for match in re.finditer(_COMPARISON, text)]
    return found if re.sub(_COMPARISON, "", text) == "" else []


def _read_single(sign: str, version: str, *, wildcard: bool) -> Comparisons:
    parts = [int(part) for part in version.split(".")]
    growing = len(parts) - 1 if wildcard else _growing_part(sign, parts)
    if growing is None:
        return [("=", version)]
    return [(">=", version), ("<", ".".join(map(str, [*parts[:growing], parts[growing] + 1])))]


def _growing_part(sign: str, parts: list[int]) -> int | None:
    """The position of the part whose increase leaves the range; None if the sign allows one version only."""
    match sign:
        case "^":
            return next((index for index, part in enumerate(parts) if part), len(parts) - 1)
        case "~":
            return min(len(parts), 2) - 1
        case "~>" | "~=":
            return max(len(parts) - 2, 0)
        case _:
            return None


def _read_interval(opening: str, low: str, comma: str, high: str, closing: str) -> Comparisons:
    if not comma:
        return [("=", low)] if low else []
    lower = [(">=" if opening == "[" else ">", low)] if low else []
    upper = [("<=" if closing == "]" else "<", high)] if high else []
    return lower + upper


def _short_form(language: str, comparisons: Comparisons) -> Iterator[str]:
    if language not in _COMPATIBLE or [sign for sign, _ in comparisons] != [">=", "<"]:
        return
    low, high = comparisons[0][1].split("."), comparisons[1][1].split(".")
    kept = low[: len(high)]
    if len(low) == len(high) + 1 and [*kept[:-1], str(int(kept[-1]) + 1)] == high:
        yield f"{_COMPATIBLE[language]}{comparisons[0][1]}"


def _long_form(language: str, comparisons: Comparisons) -> str:
    if language in ("maven", "nuget"):
        return _as_interval(comparisons)
    equals = {"pypi": "==", "ruby": "= "}.get(language, "=")
    space = " " if language == "ruby" else ""
    written = [f"{equals if sign == '=' else sign + space}{version}" for sign, version in comparisons]
    return {"npm": " ", "pypi": ","}.get(language, ", ").join(written)


def _as_interval(comparisons: Comparisons) -> str:
    if comparisons[0][0] == "=":
        return f"[{comparisons[0][1]}]"
    ends = {sign[0]: (sign, version) for sign, version in comparisons}
    low, high = ends.get(">", (">", "")), ends.get("<", ("<", ""))
    return f"{'[' if low[0] == '>=' else '('}{low[1]},{high[1]}{']' if high[0] == '<=' else ')'}"
