"""`promoter graph`: the hops as text, as a valid Mermaid flowchart, in DOT and in SVG."""

import re
from html import unescape
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from promoter.cli.graph_mermaid import escaped
from tests.support.command_line import promoter
from tests.support.samples import promotion, rules_text

# the labels that Mermaid's grammar accepts without further quoting: text and entities
TEXT = r"(?:[\w .,@/^~=+()\[\]:-]|#\d+;|<br/>)*"
LINE = re.compile(rf'    r\d+\["{TEXT}"\]|    r\d+ -->\|"{TEXT}"\| r\d+')


def graph(tmp_path: Path, *tables: str, format_: str = "mermaid") -> list[str]:
    rules = tmp_path / "rules.toml"
    rules.write_text(rules_text(*tables))
    ran = promoter("graph", "--format", format_, "--rules", str(rules))
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
    assert re.fullmatch(TEXT.replace("|<br/>", "").replace(":-]", "-]"), escaped(name))


@given(st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=40))
def test_a_label_is_shown_as_it_was_written(name: str) -> None:
    assert shown(escaped(name)) == name


@pytest.mark.parametrize("name", ['"', "|", "`a`", "style:#x;", "%%{init}", "<b>", "#quot;"])
def test_every_line_is_valid_whatever_the_name_of_a_promotion(tmp_path: Path, name: str) -> None:
    lines = graph(tmp_path, promotion().replace("npm-to-staging", name.replace('"', '\\"')))

    assert len(lines) == 4
    assert all(LINE.fullmatch(line) for line in lines[1:])


FORK = (
    promotion("web", "dev -> staging", prereleases=False, soak="24h"),
    promotion("python", "dev -> staging", ["pkg:pypi/acme-*"], prereleases=False),
    promotion("all", "staging -> prod", prereleases=False),
    promotion("early", "dev -> canary", prereleases=False, mode="observe"),
    promotion("late", "canary -> staging", prereleases=False),
)


def test_the_terminal_gets_a_tree(tmp_path: Path) -> None:
    assert graph(tmp_path, *FORK, format_="text") == [
        "dev",
        "\u251c\u2500> staging               web: soak 24h",
        "\u2502   \u2502                     python",
        "\u2502   \u2514\u2500> prod              all",
        "\u2514\u2500> canary                early: observe",
        "    \u2514\u2500> staging (above)   late",
    ]


def test_dot_quotes_every_name(tmp_path: Path) -> None:
    lines = graph(
        tmp_path,
        promotion("NAME", "dev -> end", prereleases=False).replace("NAME", r"a \"b\" \\l"),
        format_="dot",
    )

    assert lines == [
        "digraph promotions {",
        "    rankdir=LR",
        "    node [shape=box, style=rounded]",
        '    "dev"',
        '    "end"',
        r"""    "dev" -> "end" [label="a \"b\" \\l\l"]""",
        "}",
    ]


@pytest.mark.parametrize("name", ["web", "<b>&amp;", "a & b", "]]>"])
def test_svg_is_well_formed_and_has_every_repository_and_promotion(tmp_path: Path, name: str) -> None:
    lines = graph(tmp_path, promotion(name, "dev -> staging", prereleases=False), *FORK[2:], format_="svg")

    root = ET.fromstring("\n".join(lines))  # our own output
    texts = [each.text for each in root.iter("{http://www.w3.org/2000/svg}text")]
    assert {"dev", "staging", "prod", "canary", name, "all", "early: observe", "late"} == set(texts)


def test_in_svg_a_destination_is_right_of_its_source_and_boxes_do_not_overlap(tmp_path: Path) -> None:
    root = ET.fromstring("\n".join(graph(tmp_path, *FORK, format_="svg")))

    boxes = [
        tuple(int(each.attrib[key]) for key in ("x", "y", "width", "height"))
        for each in root.iter("{http://www.w3.org/2000/svg}rect")
    ]
    names = [each.text for each in root.iter("{http://www.w3.org/2000/svg}text")][-len(boxes) :]
    by_name = dict(zip(names, boxes, strict=True))
    assert by_name["dev"][0] < by_name["canary"][0] < by_name["staging"][0] < by_name["prod"][0]
    assert max(x + width for x, _, width, _ in boxes) < int(root.attrib["width"])
    assert max(y + height for _, y, _, height in boxes) < int(root.attrib["height"])


def test_rules_with_errors_are_refused(tmp_path: Path) -> None:
    rules = tmp_path / "rules.toml"
    rules.write_text('domain = "Acme"\n' + promotion())

    ran = promoter("graph", "--rules", str(rules))

    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith('error: domain "Acme" is not a valid domain name')
