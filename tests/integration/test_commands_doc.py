"""docs/commands.md shows the real output of each command."""

from collections.abc import Iterator

import pytest

from tests.support.docs_runner import (
    DOCUMENT,
    DocumentedCommand,
    ReaderShell,
    documented_aws,
    documented_commands,
    normalise,
)

COMMANDS = documented_commands(DOCUMENT.read_text("utf-8"))


@pytest.fixture(scope="module")
def shell() -> Iterator[ReaderShell]:
    with documented_aws() as shell:
        yield shell


def test_every_command_prints_the_documented_output(shell: ReaderShell) -> None:
    printed = {each.command: normalise(shell.run(each.command)) for each in COMMANDS}
    assert printed == {each.command: normalise(each.output) for each in COMMANDS}


def test_no_command_ends_in_a_traceback() -> None:
    assert COMMANDS
    assert not any("Traceback" in each.output for each in COMMANDS)


def test_a_block_is_split_into_commands() -> None:
    text = "```console\n$ promoter a\none\n$ promoter b\n```\n\n```toml\nx = 1\n```\n```\n$ promoter c\ntwo\n\n```\n"
    assert documented_commands(text) == [
        DocumentedCommand("promoter a", "one\n"),
        DocumentedCommand("promoter b", ""),
        DocumentedCommand("promoter c", "two\n\n"),
    ]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("since 2026-01-02T03:04:05Z", "since 2027-11-12T13:14:15.123Z"),
        ("dev * just now", "dev * 3h 5m ago"),
        ("ruleset 4f1c9e02)", "ruleset 00000000)"),
        ("soak  0m of 24h", "soak  2m of 24h"),
        ("soak: 9s of 24h        since 9s  a", "soak: 10s of 24h   since 1m 10s  a"),
        ("evidence 20261126T070044.092Z", "evidence 20261127T080044.092Z"),
        ("published npm.a.6ff7d4cce7b6a37145e4-fc8de81e", "published npm.a.00f7d4cce7b6a37145e4-fc8de81e"),
        ("--queue-url http://127.0.0.1:1/a", "--queue-url http://127.0.0.1:4566/a"),
    ],
)
def test_text_that_differs_between_runs_is_not_compared(one: str, other: str) -> None:
    assert normalise(one) == normalise(other)


@pytest.mark.parametrize(
    ("one", "other"), [("ok  soak", "no  soak"), ("exit 1", "exit 2"), ("1.5.0", "1.5.1")]
)
def test_all_other_text_is_compared(one: str, other: str) -> None:
    assert normalise(one) != normalise(other)
