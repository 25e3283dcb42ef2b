"""Reading text files. Each failure is one sentence with the place, the value and the fix."""

from codecs import BOM_UTF8
from pathlib import Path


class UnreadableFileError(Exception):
    """A file that cannot be read as text. The message is one sentence with the fix."""


def read_text(path: Path, *, if_missing: str = "check its name") -> str:
    """Read a file in UTF-8, with or without a byte order mark. Raises UnreadableFileError.

    `if_missing` is the fix if there is no such file.
    """
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        raise UnreadableFileError(f"there is no file {path}; {if_missing}") from None
    except IsADirectoryError:
        raise UnreadableFileError(f"cannot read {path}: it is a directory; name a file in it") from None
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise UnreadableFileError(f"cannot read {path}: {reason}; make it a readable file") from None
    return decode(content, str(path))


def decode(content: bytes, name: str) -> str:
    """Decode UTF-8, with or without a byte order mark. Line breaks become "\\n".

    Raises UnreadableFileError; `name` is the file's name.
    """
    text = content.removeprefix(BOM_UTF8)
    try:
        return text.decode().replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError as error:
        before = text[: error.start].decode()
        line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
        problem = f"byte 0x{text[error.start]:02X} at line {line}, column {column} is not UTF-8"
        raise UnreadableFileError(f"cannot read {name}: {problem}; save the file as UTF-8") from None
