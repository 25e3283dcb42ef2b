"""text_files: each failure to read a file is one sentence with the place, the value and the fix."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from promoter.text_files import UnreadableFileError, decode, read_text


def wrong(content: bytes) -> str:
    with pytest.raises(UnreadableFileError) as error:
        decode(content, "rules.toml")
    return str(error.value)


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
def test_another_encoding_is_one_sentence_with_the_place(
    content: bytes, byte: str, line: int, column: int
) -> None:
    assert wrong(content) == (
        f"cannot read rules.toml: byte 0x{byte} at line {line}, column {column} is not UTF-8; "
        "save the file as UTF-8"
    )


@given(st.binary())
def test_any_bytes_are_text_or_one_sentence(content: bytes) -> None:
    found = ""
    try:
        decode(content, "rules.toml")
    except UnreadableFileError as error:
        found = str(error)

    assert not found or re.fullmatch(
        r"cannot read rules\.toml: byte 0x[89A-F][0-9A-F] at line \d+, column \d+ is not UTF-8; save the file as UTF-8",
        found,
    )


def test_a_missing_file_has_its_fix(tmp_path: Path) -> None:
    file = tmp_path / "rules.toml"

    with pytest.raises(UnreadableFileError) as error:
        read_text(file, if_missing="write one")
    assert str(error.value) == f"there is no file {file}; write one"


def test_a_directory_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFileError) as error:
        read_text(tmp_path)
    assert str(error.value) == f"cannot read {tmp_path}: it is a directory; name a file in it"


@pytest.mark.parametrize("name", ["loop", "rules.toml/x", "x" * 300])
def test_another_failure_of_the_system_is_one_sentence(tmp_path: Path, name: str) -> None:
    (tmp_path / "loop").symlink_to("loop")
    (tmp_path / "rules.toml").write_text("")

    with pytest.raises(UnreadableFileError) as error:
        read_text(tmp_path / name)
    assert str(error.value).startswith(f"cannot read {tmp_path / name}: ")
    assert str(error.value).endswith("; make it a readable file")
