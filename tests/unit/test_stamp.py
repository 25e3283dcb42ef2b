"""stamp: a rules file that was checked is known by its bytes."""

from pathlib import Path

import pytest

from promoter import stamp


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    file = tmp_path / "rules.toml"
    file.write_text('domain = "acme"\n')
    return file


def test_a_stamped_file_is_known(rules: Path) -> None:
    stamp.write(rules, "4f1c9e00")

    assert stamp.read(rules) == "4f1c9e00"


def test_a_file_without_a_stamp_is_not(rules: Path) -> None:
    assert stamp.read(rules) is None


def test_a_file_that_was_changed_since_is_not(rules: Path) -> None:
    stamp.write(rules, "4f1c9e00")
    rules.write_text('domain = "acme" \n')

    assert stamp.read(rules) is None


def test_another_file_beside_it_is_not(rules: Path) -> None:
    stamp.write(rules, "4f1c9e00")
    other = rules.with_name("other.toml")
    other.write_bytes(rules.read_bytes())

    assert stamp.read(other) is None
