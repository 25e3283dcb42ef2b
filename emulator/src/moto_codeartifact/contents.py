"""The bytes of files: small ones in memory, large ones on disk."""

import hashlib
import shutil
import weakref
from collections.abc import Iterator
from functools import cache, cached_property
from io import BytesIO
from itertools import chain
from pathlib import Path
from tempfile import NamedTemporaryFile, mkdtemp
from typing import BinaryIO

IN_MEMORY = 1 << 20
"""Larger files live on disk."""
CHUNK = 1 << 18
DIGESTS = {"MD5": "md5", "SHA-1": "sha1", "SHA-256": "sha256", "SHA-512": "sha512"}


class TooLargeError(ValueError):
    """More bytes came than are allowed."""


class Content:
    """Bytes that do not change, with the four digests that the API shows."""

    def __init__(self, data: bytes | None, file: Path | None, size: int) -> None:
        self._data = data
        self._file = file
        self.size = size
        if file is not None:
            weakref.finalize(self, file.unlink, missing_ok=True)

    @property
    def is_on_disk(self) -> bool:
        """True if the bytes are in a file."""
        return self._file is not None

    def read(self) -> bytes:
        """Return the bytes."""
        return self._file.read_bytes() if self._file is not None else self._data or b""

    def open(self) -> BinaryIO:
        """Open the bytes for reading."""
        return (
            self._file.open("rb")
            if self._file is not None
            else BytesIO(self._data or b"")
        )

    @cached_property
    def hashes(self) -> dict[str, str]:
        """The four digests."""
        digests = {
            name: hashlib.new(algorithm, usedforsecurity=False)
            for name, algorithm in DIGESTS.items()
        }
        with self.open() as stream:
            for chunk in _chunks(stream):
                for digest in digests.values():
                    digest.update(chunk)
        return {name: digest.hexdigest() for name, digest in digests.items()}

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Content):
            return NotImplemented
        return self is other or (
            self.size == other.size and self.hashes == other.hashes
        )

    def __hash__(self) -> int:
        return hash(self.hashes["SHA-256"])

    def __repr__(self) -> str:
        return f"<{self.size} bytes>"


def content_of(data: bytes) -> Content:
    """Keep bytes that are in memory already."""
    if len(data) <= IN_MEMORY:
        return Content(data, None, len(data))
    return read_content(BytesIO(data))


def read_content(stream: BinaryIO, limit: int | None = None) -> Content:
    """Read a stream to its end.

    Raises:
        TooLargeError: the stream has more bytes than the limit.

    """
    head = _read_head(stream)
    if limit is not None and len(head) > limit:
        raise TooLargeError
    if len(head) <= IN_MEMORY:
        return Content(head, None, len(head))
    return _write(head, stream, limit)


def _read_head(stream: BinaryIO) -> bytes:
    head = b""
    while len(head) <= IN_MEMORY and (chunk := stream.read(CHUNK)):
        head += chunk
    return head


def _write(head: bytes, stream: BinaryIO, limit: int | None) -> Content:
    with NamedTemporaryFile(dir=_folder(), delete=False) as file:
        path, size = Path(file.name), 0
        for chunk in chain((head,), _chunks(stream)):
            size += len(chunk)
            if limit is not None and size > limit:
                path.unlink()
                raise TooLargeError
            file.write(chunk)
    return Content(None, path, size)


def _chunks(stream: BinaryIO) -> Iterator[bytes]:
    while chunk := stream.read(CHUNK):
        yield chunk


@cache
def _folder() -> Path:
    """Create a folder that is removed when the process ends."""
    folder = Path(mkdtemp(prefix="codeartifact-"))
    weakref.finalize(_folder, shutil.rmtree, folder, ignore_errors=True)
    return folder
