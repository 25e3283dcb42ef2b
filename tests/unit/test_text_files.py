"""text_files: the text of a file, or one sentence."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from promoter.rules_file.reader import load
from promoter.text_files import UnreadableFileError, decode, read_source
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
        UnreadableFileError,
        match=r"rules\.toml is not UTF-8 \(byte 0x\w\w at line 1, column \d+\); save the file",
    ):
        read_source(file)


def test_a_directory_and_a_missing_file_say_so(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFileError, match=r" is a directory; name a file$"):
        read_source(tmp_path)
    with pytest.raises(UnreadableFileError, match=r"there is no file .*; `promoter init` writes one"):
        read_source(tmp_path / "rules.toml")
    with pytest.raises(UnreadableFileError, match=r"there is no file \S+event\.json; check its name$"):
        read_source(tmp_path / "event.json")


def test_whatever_the_system_says_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(
        UnreadableFileError,
        match=r"^cannot read .*: File name too long; check its name and your permissions$",
    ):
        read_source(tmp_path / ("x" * 300))


@given(st.text())
def test_text_is_the_same_with_and_without_a_byte_order_mark(text: str) -> None:
    text = text.removeprefix("\ufeff")

    assert decode(text.encode(), "") == decode(text.encode("utf-8-sig"), "")
    assert decode(text.encode(), "") == text.replace("\r\n", "\n").replace("\r", "\n")


@pytest.mark.parametrize(
    ("content", "byte", "line", "column"),
    [
        ('name = "café"\n'.encode("latin-1"), "E9", 1, 12),
        (b'a = 1\r\nb = "\x80"\r\n', "80", 2, 6),
        ("日本".encode() + b"\xfc", "FC", 1, 3),
        (b"\xef\xbb\xbf\n\xe9", "E9", 2, 1),
        ("a = 1".encode("utf-16"), "FF", 1, 1),
        (b"a\n\xe6\x97", "E6", 2, 1),
    ],
    ids=["Latin-1", "Windows-1252", "after other letters", "after a mark", "UTF-16", "cut off"],
)
def test_another_encoding_has_the_line_and_column(content: bytes, byte: str, line: int, column: int) -> None:
    with pytest.raises(UnreadableFileError) as error:
        decode(content, "rules.toml")

    assert str(error.value) == (
        f"rules.toml is not UTF-8 (byte 0x{byte} at line {line}, column {column}); save the file as UTF-8"
    )


@given(st.binary())
def test_any_bytes_are_text_or_one_sentence(content: bytes) -> None:
    found = ""
    try:
        decode(content, "rules.toml")
    except UnreadableFileError as error:
        found = str(error)

    place = r"byte 0x[89A-F][0-9A-F] at line \d+, column \d+"
    assert not found or re.fullmatch(rf"rules\.toml is not UTF-8 \({place}\); save the file as UTF-8", found)
