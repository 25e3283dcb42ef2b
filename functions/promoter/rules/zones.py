"""Time zones, read from the `tzdata` library alone, so that the same rules mean the same on every machine."""

import pkgutil
from functools import cache
from io import BytesIO
from zoneinfo import ZoneInfo


@cache
def zone_names() -> frozenset[str]:
    """The names of all time zones, as `Europe/Berlin`."""
    return frozenset(_read("zones").decode().split())


@cache
def find_zone(name: str) -> ZoneInfo | None:
    """The time zone of this name, None if there is none."""
    if name not in zone_names():
        return None
    return ZoneInfo.from_file(BytesIO(_read(f"zoneinfo/{name}")), key=name)


def _read(file: str) -> bytes:
    found = pkgutil.get_data("tzdata", file)
    assert found is not None  # the library's loader reads files
    return found
