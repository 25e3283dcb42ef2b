"""What to write instead of another ecosystem's range: `^1.4` is `~=1.4` to PyPI and `[1.4,2)` to Maven.

Loaded only when a range is refused. It knows the common shapes (caret, tilde, `~=`, `~>`, intervals,
wildcards, lists of comparisons), not whole languages; what it proposes is parsed before it is shown.
"""

import re
from collections.abc import Iterator
from typing import Final

_NUMBERS: Final = r"[0-9]+(?:\.[0-9]+)*"
_SINGLE: Final = re.compile(rf"(\^|~>|~=|~|===?|=)?\s*v?({_NUMBERS})(\.[xX*+])?")
_INTERVAL: Final = re.compile(rf"([\[(])\s*({_NUMBERS}|)\s*(,?)\s*({_NUMBERS}|)\s*([\])])")
_COMPARISON: Final = re.compile(rf"([<>]=?)\s*v?({_NUMBERS})(?:\s*(?:,|&&?|and)\s*|\s+|$)")

Comparisons = list[tuple[str, str]]


def translate(language: str, text: str) -> Iterator[str]:
    """Ways to say `text` in `language` (npm, cargo, pypi, maven, nuget, ruby), the shortest first."""
    comparisons = _read(text.strip())
    if comparisons:
        yield from _short(language, comparisons)
        yield _in_full(language, comparisons)


def _read(text: str) -> Comparisons:
    if single := _SINGLE.fullmatch(text):
        return _read_single(single[1] or "", single[2], wildcard=bool(single[3]))
    if interval := _INTERVAL.fullmatch(text):
        return _read_interval(*interval.groups())
    found = [(match[1], match[2]) for match in _COMPARISON.finditer(text)]
    return found if _COMPARISON.sub("", text) == "" else []


def _read_single(sign: str, version: str, *, wildcard: bool) -> Comparisons:
    parts = [int(part) for part in version.split(".")]
    if wildcard:
        growing = len(parts) - 1
    elif sign == "^":
        growing = next((index for index, part in enumerate(parts) if part), len(parts) - 1)
    elif sign == "~":
        growing = min(len(parts), 2) - 1
    elif sign in ("~>", "~="):
        growing = max(len(parts) - 2, 0)
    else:
        return [("=", version)]
    return [(">=", version), ("<", ".".join(map(str, [*parts[:growing], parts[growing] + 1])))]


def _read_interval(opening: str, low: str, comma: str, high: str, closing: str) -> Comparisons:
    if not comma:
        return [("=", low)] if low else []
    lower = [(">=" if opening == "[" else ">", low)] if low else []
    return lower + ([("<=" if closing == "]" else "<", high)] if high else [])


def _short(language: str, comparisons: Comparisons) -> Iterator[str]:
    if [sign for sign, _ in comparisons] != [">=", "<"]:
        return
    low, high = comparisons[0][1].split("."), comparisons[1][1].split(".")
    if len(low) == len(high) + 1 and [*low[: len(high) - 1], str(int(low[len(high) - 1]) + 1)] == high:
        yield from {"pypi": [f"~={comparisons[0][1]}"], "ruby": [f"~> {comparisons[0][1]}"]}.get(language, [])


def _in_full(language: str, comparisons: Comparisons) -> str:
    if language in ("maven", "nuget"):
        return _as_interval(comparisons)
    equals = {"pypi": "==", "ruby": "= "}.get(language, "=")
    space = " " if language == "ruby" else ""
    said = [f"{equals if sign == '=' else sign + space}{version}" for sign, version in comparisons]
    return {"npm": " ", "pypi": ","}.get(language, ", ").join(said)


def _as_interval(comparisons: Comparisons) -> str:
    if comparisons[0][0] == "=":
        return f"[{comparisons[0][1]}]"
    ends = {sign[0]: (sign, version) for sign, version in comparisons}
    low, high = ends.get(">", (">", "")), ends.get("<", ("<", ""))
    return f"{'[' if low[0] == '>=' else '('}{low[1]},{high[1]}{']' if high[0] == '<=' else ')'}"
