"""No text says that something that waits is forgotten."""

import re
from pathlib import Path

import pytest

from tests.support.paths import ROOT

PROMOTER = ROOT / "functions" / "promoter"
TEXTS = [
    ROOT / "README.md",
    ROOT / "CHANGELOG.md",
    *sorted(ROOT.glob("docs/*.md")),
    *sorted(PROMOTER.rglob("*.py")),
]
FORGOTTEN = re.compile(
    r"not promoted automatically|(nothing|not|nobody|never)\b[^.|\n]{0,30} promoted\s+later|forgets it",
    re.IGNORECASE,
)
NEXT_STEPS = PROMOTER / "reporting" / "next_steps.py"


def test_the_texts_are_found() -> None:
    assert NEXT_STEPS in TEXTS
    assert FORGOTTEN.search("It is not promoted automatically.")
    assert FORGOTTEN.search("**Nothing is promoted later.**")


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_nothing_that_waits_is_forgotten(path: Path) -> None:
    assert FORGOTTEN.findall(path.read_text("utf-8")) == []


def test_the_code_speaks_of_a_copy_by_hand_in_one_place() -> None:
    speaking = [
        path
        for path in PROMOTER.rglob("*.py")
        if re.search(r"(copy|copied)\b.* by hand", path.read_text("utf-8"))
    ]
    assert speaking == [NEXT_STEPS]
