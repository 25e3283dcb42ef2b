"""docs/rules.md: every example loads, and every key has a section."""

import re

import msgspec
import pytest

from promoter.packages.package import FORMATS
from promoter.packages.patterns import parse, parse_versioned
from promoter.rules_file.advice import advise
from promoter.rules_file.file_format import (
    HoldEntry,
    PromotionEntry,
    RulesFile,
    TeamEntry,
    WaiveEntry,
    WindowEntry,
)
from promoter.rules_file.reader import load
from promoter.versions import parse as parse_range
from tests.support.paths import ROOT

TEXT = (ROOT / "docs" / "rules.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```toml\n(.*?)^```", TEXT, re.DOTALL | re.MULTILINE)
HEADINGS = re.findall(r"^### (.+)$", TEXT, re.MULTILINE)
KEYS = {
    field.encode_name
    for struct in (RulesFile, TeamEntry, PromotionEntry, HoldEntry, WaiveEntry, WindowEntry)
    for field in msgspec.structs.fields(struct)
}


@pytest.mark.parametrize("block", BLOCKS, ids=range(len(BLOCKS)))
def test_every_example_loads_without_a_warning(block: str) -> None:
    assert load(block).warnings == ()


@pytest.mark.parametrize("block", BLOCKS, ids=range(len(BLOCKS)))
def test_no_example_has_a_mistake_that_only_validate_finds(block: str) -> None:
    warnings = advise(block, load(block).rule_set, 1_700_000_000.0)

    assert [each.message for each in warnings if "npm-latest" not in each.message] == []


def test_every_key_has_a_section_and_every_section_has_a_key() -> None:
    assert set(HEADINGS) == KEYS
    assert len(HEADINGS) == len(KEYS)


def test_every_key_is_in_an_example() -> None:
    assert {
        key for key in KEYS if not any(re.search(rf"(?<![\w-]){key}(?![\w-])", block) for block in BLOCKS)
    } == set()


def test_every_pattern_in_the_tables_is_valid() -> None:
    rows = re.findall(r"^\| (`(?:pkg:|/)[^|]*) \|", TEXT, re.MULTILINE)
    patterns = [pattern for row in rows for pattern in re.findall(r"`([^`]+)`", row)]

    assert len(patterns) >= 15
    for pattern in patterns:
        assert parse(pattern).text == pattern
        assert parse_versioned(pattern)


def test_every_format_has_a_valid_range_in_the_table() -> None:
    rows = re.findall(r"^\| ([a-z, ]+) \| [^|]+ \| (.+?) \| ", TEXT.replace(r"\|", "¦"), re.MULTILINE)
    examples = {
        format_: cell for formats, cell in rows for format_ in formats.split(", ") if format_ in FORMATS
    }

    assert examples.keys() == set(FORMATS)
    for format_, cell in examples.items():
        for text in re.findall(r"`([^`]+)`", cell):
            assert parse_range(format_, text.replace("¦", "|"))
