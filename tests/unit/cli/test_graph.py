"""`promoter graph`: a valid Mermaid flowchart of any valid rules."""

import re
from html import unescape
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from promoter.cli.graph import _label
from tests.support.command_line import promoter
from tests.support.samples import promotion, rules_text

# the labels that Mermaid's grammar accepts without further quoting: text and entities
TEXT = r"(?:[\w .,@/^~=+()\[\]:-]|#\d+;|<br/>)*"
LINE = re.compile(rf'    r\d+\["{TEXT}"\]|    r\d+ -->\|"{TEXT}"\| r\d+')


def graph(tmp_path: Path, *tables: str) -> list[str]:
    rules = tmp_path / "rules.toml"
    rules.write_text(rules_text(*tables))
    ran = promoter("graph", "--rules", str(rules))
    assert (ran.code, ran.err) == (0, "")
    return ran.out.splitlines()


def shown(label: str) -> str:
    """The label as Mermaid shows it."""
    return unescape(re.sub(r"#(\d+);", r"&#\1;", label))


def test_repositories_are_nodes_and_hops_are_arrows(tmp_path: Path) -> None:
    lines = graph(
        tmp_path,
        promotion("web", "dev -> staging", prereleases=False),
        promotion("python", "dev -> staging", ["pkg:pypi/acme-*"], prereleases=False),
        promotion("all", "staging -> prod", prereleases=False),
    )

    assert lines == [
        "flowchart LR",
        '    r1["dev"]',
        '    r2["staging"]',
        '    r3["prod"]',
        '    r1 -->|"web<br/>python"| r2',
        '    r2 -->|"all"| r3',
    ]


@pytest.mark.parametrize(
    ("keys", "text"),
    [
        ({}, "web: prereleases too"),
        ({"prereleases": False}, "web"),
        ({"prereleases": False, "versions": "^1.4 || ^2"}, "web: npm ^1.4 || ^2"),
        ({"prereleases": False, "versions": {"npm": ">=1 <3"}}, "web: npm >=1 <3"),
        ({"prereleases": False, "soak": "1d12h"}, "web: soak 36h"),
        ({"prereleases": False, "soak": "90s"}, "web: soak 1m 30s"),
        ({"prereleases": False, "approval": True}, "web: approval"),
        (
            {"prereleases": False, "checks": ["sca", "qa"], "approval": "leads"},
            "web: check sca, check qa, approval",
        ),
        ({"prereleases": False, "mode": "observe"}, "web: observe"),
        ({"prereleases": False, "mode": "manual"}, "web: manual"),
        ({"prereleases": False, "origin": "internal"}, "web: internal only"),
    ],
    ids=str,
)
def test_an_arrow_has_the_requirements_of_its_promotions(
    tmp_path: Path, keys: dict[str, object], text: str
) -> None:
    versions = keys.pop("versions", None)
    table = promotion("web", **keys)
    if isinstance(versions, dict):
        table += 'versions = { npm = ">=1 <3" }\n'
    elif versions:
        table += f'versions = "{versions}"\n'

    *_, arrow = graph(tmp_path, table)

    label = re.fullmatch(r'    r1 -->\|"(.*)"\| r2', arrow)
    assert label is not None
    assert shown(label[1]) == text


def test_a_repository_may_have_the_name_of_a_mermaid_keyword(tmp_path: Path) -> None:
    lines = graph(tmp_path, promotion("web", "end -> subgraph", prereleases=False))

    assert lines[1:] == ['    r1["end"]', '    r2["subgraph"]', '    r1 -->|"web"| r2']


@given(st.text(st.characters(codec="utf-8"), min_size=1, max_size=40))
def test_a_label_has_no_character_with_a_meaning_in_mermaid(name: str) -> None:
    assert re.fullmatch(TEXT.replace("|<br/>", "").replace(":-]", "-]"), _label(name))


@given(st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=40))
def test_a_label_is_shown_as_it_was_written(name: str) -> None:
    assert shown(_label(name)) == name


@pytest.mark.parametrize("name", ['"', "|", "`a`", "style:#x;", "%%{init}", "<b>", "#quot;"])
def test_every_line_is_valid_whatever_the_name_of_a_promotion(tmp_path: Path, name: str) -> None:
    lines = graph(tmp_path, promotion().replace("npm-to-staging", name.replace('"', '\\"')))

    assert len(lines) == 4
    assert all(LINE.fullmatch(line) for line in lines[1:])


def test_rules_with_errors_are_refused(tmp_path: Path) -> None:
    rules = tmp_path / "rules.toml"
    rules.write_text('domain = "Acme"\n' + promotion())

    ran = promoter("graph", "--rules", str(rules))

    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith('error: domain "Acme" is not a valid domain name')
