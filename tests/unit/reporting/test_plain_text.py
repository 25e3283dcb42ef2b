"""plain_text: 72 columns, commands that can be pasted, and tables."""

import shlex

from hypothesis import given
from hypothesis import strategies as st

from promoter.reporting.plain_text import WIDTH, table, wrap

WORDS = st.lists(st.text("abc-/:", min_size=1, max_size=30), min_size=1, max_size=30)


@given(WORDS, st.sampled_from(["", "  ", "    "]))
def test_a_text_keeps_its_words_and_fits(words: list[str], indent: str) -> None:
    text = indent + " ".join(words)

    assert wrap(text).split() == words
    assert all(len(line) <= WIDTH for line in wrap(text).splitlines())


@given(WORDS)
def test_a_command_means_the_same_after_it_was_wrapped(words: list[str]) -> None:
    command = shlex.join(["promoter", *words, "--reason", "a b c"])

    lines = wrap(f"  $ {command}").splitlines()

    pasted = "\n".join([lines[0].removeprefix("  $ "), *lines[1:]])
    assert shlex.split(pasted.replace("\\\n", "")) == shlex.split(command)


def test_an_option_stays_with_its_value() -> None:
    assert wrap(
        "  $ promoter approve pkg:npm/@acme/widget@1.5.0 --promotion everything-to-prod --revision r1 --reason '...'"
    ).splitlines() == [
        "  $ promoter approve pkg:npm/@acme/widget@1.5.0 \\",
        "      --promotion everything-to-prod --revision r1 --reason '...'",
    ]


def test_a_row_that_is_too_wide_has_two_lines() -> None:
    name = "com.acme.platform.payments:settlement-batch-processor"

    assert table(
        [("npm", "a 1.0", "dev -> prod", "check sca"), ("maven", name, "dev -> prod", "ALREADY_EXISTS")]
    ) == [
        "  npm  a 1.0  dev -> prod  check sca",
        f"  maven  {name}",
        "      dev -> prod  ALREADY_EXISTS",
    ]
