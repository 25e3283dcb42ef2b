"""text_files: the text of a file, or one sentence."""

from pathlib import Path

import pytest

from promoter.rules_file.reader import load
from promoter.text_files import UnreadableFileError, read_source
from tests.support.samples import promotion

TEXT = 'domain = "acme"\n' + promotion()


def test_a_byte_order_mark_is_read(tmp_path: Path) -> None:
    file = tmp_path / "rules.toml"
    file.write_bytes(b"\xef\xbb\xbf" + TEXT.encode())

    assert read_source(file) == TEXT
    assert load(read_source(file)).rule_set.domain == "acme"


@pytest.mark.parametrize("text", ['domain = "acm\u00e9"', "# \u00fcber", "\u00df"])
def test_another_encoding_names_the_byte_and_the_fix(tmp_path: Path, text: str) -> None:
    file = tmp_path / "rules.toml"
    file.write_bytes(text.encode("latin-1"))

    with pytest.raises(
        UnreadableFileError, match=r"rules\.toml is not UTF-8 \(byte \d+ is 0x\w\w\); save the file"
    ):
        read_source(file)


def test_a_directory_and_a_missing_file_say_so(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFileError, match=r" is a directory; name a file$"):
        read_source(tmp_path)
    with pytest.raises(UnreadableFileError, match=r"there is no file .*; `promoter init` writes one"):
        read_source(tmp_path / "rules.toml")
    with pytest.raises(UnreadableFileError, match=r"there is no file \S+event\.json$"):
        read_source(tmp_path / "event.json")


def test_whatever_the_system_says_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFileError, match=r"^cannot read .*: File name too long$"):
        read_source(tmp_path / ("x" * 300))
