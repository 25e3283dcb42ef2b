"""docs/commands.md: every command prints what it says."""

from collections.abc import Iterator

import pytest

from tests.support.docs_runner import DOCUMENT, Shell, Shown, commands, normalised, world

SHOWN = commands(DOCUMENT.read_text("utf-8"))


@pytest.fixture(scope="module")
def shell() -> Iterator[Shell]:
    with world() as shell:
        yield shell


def test_every_command_prints_what_it_says(shell: Shell) -> None:
    printed = {each.command: normalised(shell.run(each.command)) for each in SHOWN}
    assert printed == {each.command: normalised(each.output) for each in SHOWN}


def test_no_command_ends_in_a_traceback() -> None:
    assert SHOWN
    assert not any("Traceback" in each.output for each in SHOWN)


def test_blocks_are_read_command_by_command() -> None:
    text = "```console\n$ promoter a\none\n$ promoter b\n```\n\n```toml\nx = 1\n```\n```\n$ promoter c\ntwo\n\n```\n"
    assert commands(text) == [
        Shown("promoter a", "one\n"),
        Shown("promoter b", ""),
        Shown("promoter c", "two\n\n"),
    ]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("since 2026-01-02T03:04:05Z", "since 2027-11-12T13:14:15.123Z"),
        ("dev * just now", "dev * 3h 5m ago"),
        ("ruleset 4f1c9e02)", "ruleset 00000000)"),
        ("soak  0m of 24h", "soak  2m of 24h"),
        ("--queue-url http://127.0.0.1:1/a", "--queue-url http://127.0.0.1:4566/a"),
    ],
)
def test_what_passes_is_not_compared(one: str, other: str) -> None:
    assert normalised(one) == normalised(other)


@pytest.mark.parametrize(
    ("one", "other"), [("ok  soak", "no  soak"), ("exit 1", "exit 2"), ("1.5.0", "1.5.1")]
)
def test_all_else_is_compared(one: str, other: str) -> None:
    assert normalised(one) != normalised(other)
