"""Reads the text of a file, or says in one sentence why it cannot be read."""

from codecs import BOM_UTF8
from pathlib import Path


class UnreadableFileError(Exception):
    """A file that cannot be read. The message is one sentence with its name and the fix."""


def read_source(path: Path) -> str:
    """The text of a file in UTF-8, without a byte order mark. Raises UnreadableFileError."""
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        rules = path.suffix == ".toml"
        hint = "`promoter init` writes one, --rules names another" if rules else "check its name"
        raise UnreadableFileError(f"there is no file {path}; {hint}") from None
    except IsADirectoryError:
        raise UnreadableFileError(f"{path} is a directory; name a file") from None
    except OSError as error:
        reason = f"cannot read {path}: {error.strerror or error}"
        raise UnreadableFileError(f"{reason}; check its name and your permissions") from None
    return decode(content, str(path))


def decode(content: bytes, name: str) -> str:
    """Decode UTF-8 with or without a byte order mark; line breaks become "\\n".

    Raises UnreadableFileError; `name` is the file's name.
    """
    text = content.removeprefix(BOM_UTF8)
    try:
        return text.decode().replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError as error:
        before = text[: error.start].decode()
        line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
        wrong = f"byte 0x{text[error.start]:02X} at line {line}, column {column}"
        raise UnreadableFileError(f"{name} is not UTF-8 ({wrong}); save the file as UTF-8") from None
