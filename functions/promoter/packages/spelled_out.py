"""Patterns in the syntax of a shell or of npm, spelled out in ours: `{a,b}`, `[ab]`, `?` and `@scope`.

No name of a package has these characters, so a pattern with one of them matches nothing.
"""

import re

_MOST = 8  # more lines than this are no help
_BRACES = re.compile(r"\{([^{}]*)\}")
_CLASS = re.compile(r"\[([!^]?)([^\[\]]+)\]")
_SINGLE_BRACKET = re.compile(r"[{}\[\]]")
_SPAN = re.compile(r"(.)-(.)")
_NEW_STAR = "\0"
_STARS = re.compile(rf"[*{_NEW_STAR}]*{_NEW_STAR}[*{_NEW_STAR}]*")
_EXTRA_SIGN = re.compile(r"(?<=/)@|@[^/]*(?=[$~*]\Z)|@\Z")


def spell_out(text: str) -> tuple[str, ...]:
    """The patterns that together match what the author of a pattern meant; empty if there are too many.

    It is empty, too, if a bracket is left over.
    """
    texts = _expand(text)
    return tuple(dict.fromkeys(_STARS.sub("*", each.replace("?", _NEW_STAR)) for each in texts))


def without_sign(text: str) -> tuple[str, ...]:
    """The pattern without `@`: `/npm/acme/*` for `/npm/@acme/*`; empty if it would still have one."""
    plain = _EXTRA_SIGN.sub("", text)
    return () if "@" in plain else (plain,)


def _expand(text: str) -> list[str]:
    """Expand the braces and character classes of a text; at most `_MOST` texts, or none."""
    found = [text]
    while any(_BRACES.search(each) or _CLASS.search(each) for each in found):
        found = [expanded for each in found for expanded in _expand_first(each)]
        if len(found) > _MOST:
            return []
    return [] if any(_SINGLE_BRACKET.search(each) for each in found) else found


def _expand_first(text: str) -> list[str]:
    match = _BRACES.search(text) or _CLASS.search(text)
    if match is None:
        return [text]
    choices = match[1].split(",") if match.re is _BRACES else _members(match[1], match[2])
    return [text[: match.start()] + choice + text[match.end() :] for choice in choices]


def _members(negation: str, members: str) -> list[str]:
    """The characters of a class such as `ab` or `a-c`; one star if there are too many to list."""
    listed = _SPAN.sub(lambda span: "".join(map(chr, range(ord(span[1]), ord(span[2]) + 1))), members)
    return [_NEW_STAR] if negation or len(listed) > _MOST else list(listed)
