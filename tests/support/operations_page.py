"""The parts of docs/operating.md, upgrade.md and cost.md: sections, blocks of code, policies and tables."""

import json
import re
from typing import Any

from tests.support.paths import ROOT
from tests.support.translated_template import listed

DOCS = ROOT / "docs"
TEXT = "\n".join((DOCS / f"{name}.md").read_text("utf-8") for name in ("operating", "upgrade", "cost"))


def blocks(language: str, text: str = TEXT) -> list[str]:
    found = re.findall(rf"^( *)```{language}\n(.*?)^ *```", text, re.MULTILINE | re.DOTALL)
    return [re.sub(rf"^{indent}", "", block, flags=re.MULTILINE) for indent, block in found]


def section(heading: str) -> str:
    """The text of a section, up to the next heading of the same or a higher level."""
    (level, rest) = re.findall(rf"^(#+) {re.escape(heading)}\n(.*)", TEXT, re.MULTILINE | re.DOTALL)[0]
    return re.split(rf"^#{{1,{len(level)}}} ", rest, maxsplit=1, flags=re.MULTILINE)[0]


def policy(heading: str, number: int = 0) -> list[dict[str, Any]]:
    document = json.loads(blocks("json", section(heading))[number])
    assert document["Version"] == "2012-10-17"
    found: list[dict[str, Any]] = document["Statement"]
    return found


def actions(statements: list[dict[str, Any]]) -> set[str]:
    return {action for each in statements for action in listed(each["Action"])}


def table(text: str) -> list[list[str]]:
    rows = [line.strip("|").split("|") for line in text.splitlines() if line.startswith("|")]
    return [[cell.strip().strip("*").strip() for cell in row] for row in rows[2:]]
