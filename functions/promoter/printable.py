"""Text from outside, made safe to print. Names of packages are data and may be hostile."""

import re

# control characters but tab, line separators, surrogates, and characters that change the direction of text
_CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\u202a-\u202e\u2066-\u2069]")


def escape_unprintable(text: str, keep: str = "") -> str:
    """Escape everything but printable ASCII and the characters in `keep`. For mails and logs."""
    return "".join(
        each if " " <= each <= "~" or each in keep else each.encode("unicode_escape").decode()
        for each in text
    )


def escape_control(text: str) -> str:
    """Escape what a terminal would interpret, and keep letters of every alphabet. For terminals."""
    return _CONTROL.sub(lambda match: ascii(match[0])[1:-1], text)
