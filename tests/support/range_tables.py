"""Tables of ranges and versions, one range per line: `range | versions in it | versions not in it`."""


def read_table(table: str) -> list[tuple[str, str, bool]]:
    """Each range with one of its versions, and True if the version is in the range."""
    found = []
    for line in table.strip().splitlines():
        text, inside, outside = (cell.strip() for cell in line.replace(" || ", "\0").split("|"))
        text = text.replace("\0", " || ")
        found += [(text, version, True) for version in inside.split()]
        found += [(text, version, False) for version in outside.split()]
    return found
