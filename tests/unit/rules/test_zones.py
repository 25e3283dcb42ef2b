"""zones: time zones come from the `tzdata` library alone."""

import os
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import pytest

from promoter.rules.zones import find_zone, zone_names
from tests.support.paths import ROOT

PROGRAM = """
import zoneinfo
from datetime import datetime
from promoter.rules.zones import find_zone
assert zoneinfo.TZPATH == tuple(filter(None, [__import__("os").environ["PYTHONTZPATH"]]))
print(datetime(2026, 7, 1, tzinfo=find_zone("Europe/Berlin")).utcoffset())
"""


def test_a_zone_has_its_name_and_its_time() -> None:
    zone = find_zone("Europe/Berlin")

    assert zone is not None
    assert zone.key == "Europe/Berlin"
    assert str(datetime(2026, 7, 1, tzinfo=zone).utcoffset()) == "2:00:00"
    assert find_zone("Europe/Berlin") is zone


@pytest.mark.parametrize(
    "name", ["Europe/Atlantis", "", "europe/berlin", "../zones", "zones", "__init__.py", "Europe"]
)
def test_other_names_have_no_zone(name: str) -> None:
    assert find_zone(name) is None


def test_every_zone_can_be_read() -> None:
    assert len(zone_names()) > 400
    assert {"UTC", "Europe/Berlin", "America/Argentina/Buenos_Aires"} <= zone_names()
    for name in zone_names():
        assert find_zone(name) is not None


def offset(zones: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        env={**os.environ, "PYTHONTZPATH": zones, "PYTHONPATH": str(ROOT / "functions")},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()


def test_a_machine_needs_no_zones_of_its_own() -> None:
    assert offset("") == "2:00:00"


def test_other_zones_of_a_machine_are_not_used(tmp_path: Path) -> None:
    (tmp_path / "Europe").mkdir()
    (tmp_path / "Europe" / "Berlin").write_bytes(Path(_tzdata("Etc/GMT-9")).read_bytes())

    assert offset(str(tmp_path)) == "2:00:00"


def _tzdata(name: str) -> str:
    import tzdata

    return f"{tzdata.__path__[0]}/zoneinfo/{name}"
