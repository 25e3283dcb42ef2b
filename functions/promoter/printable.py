"""Text from outside, made safe to print. Names of packages are data and may be hostile."""


def escape_unprintable(text: str, keep: str = "") -> str:
    """Escape everything but printable ASCII and the characters in `keep`."""
    return "".join(
        each if " " <= each <= "~" or each in keep else each.encode("unicode_escape").decode()
        for each in text
    )


def escape_control(text: str, keep: str = "\n\t") -> str:
    """Escape characters that a terminal obeys or does not show. Keep letters of all languages, and `keep`."""
    return "".join(
        each if each.isprintable() or each in keep else each.encode("unicode_escape").decode()
        for each in text
    )
