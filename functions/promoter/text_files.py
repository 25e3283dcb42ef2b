"""Reads the text of a file, or says in one sentence why it cannot be read."""

from pathlib import Path


class UnreadableFileError(Exception):
    """A file that cannot be read. The message is one sentence with its name and the fix."""


def read_source(path: Path) -> str:
    """The text of a file in UTF-8, without a byte order mark. Raises UnreadableFileError."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        hint = "; `promoter init` writes one, --rules names another" if path.suffix == ".toml" else ""
        raise UnreadableFileError(f"there is no file {path}{hint}") from None
    except IsADirectoryError:
        raise UnreadableFileError(f"{path} is a directory; name a file") from None
    except UnicodeDecodeError as error:
        wrong = f"byte {error.start + 1} is 0x{error.object[error.start]:02X}"
        raise UnreadableFileError(f"{path} is not UTF-8 ({wrong}); save the file as UTF-8") from None
    except OSError as error:
        raise UnreadableFileError(f"cannot read {path}: {error.strerror or error}") from None
