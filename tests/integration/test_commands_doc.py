"""docs/commands.md: every command prints the output that is shown."""

from collections.abc import Iterator

import pytest

from tests.support.docs_runner import DOCUMENT, Example, Shell, examples, normalize, start_shell

EXAMPLES = examples(DOCUMENT.read_text("utf-8"))


@pytest.fixture(scope="module")
def shell() -> Iterator[Shell]:
    with start_shell() as shell:
        yield shell


def test_every_command_prints_the_output_that_is_shown(shell: Shell) -> None:
    printed = {each.command: normalize(shell.run(each.command)) for each in EXAMPLES}

    assert printed == {each.command: normalize(each.output) for each in EXAMPLES}


def test_no_command_ends_in_a_traceback() -> None:
    assert EXAMPLES
    assert not any("Traceback" in each.output for each in EXAMPLES)


def test_blocks_are_split_into_commands() -> None:
    text = "```console\n$ promoter a\none\n$ promoter b\n```\n\n```toml\nx = 1\n```\n```\n$ promoter c\ntwo\n\n```\n"

    assert examples(text) == [
        Example("promoter a", "one\n"),
        Example("promoter b", ""),
        Example("promoter c", "two\n\n"),
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
def test_texts_that_differ_from_run_to_run_are_not_compared(one: str, other: str) -> None:
    assert normalize(one) == normalize(other)


@pytest.mark.parametrize(
    ("one", "other"), [("ok  soak", "no  soak"), ("exit 1", "exit 2"), ("1.5.0", "1.5.1")]
)
def test_all_other_texts_are_compared(one: str, other: str) -> None:
    assert normalize(one) != normalize(other)
