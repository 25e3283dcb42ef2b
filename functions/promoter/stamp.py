"""Says that a rules file has been checked, so that a cold start need not parse every version range in it.

The build, which refuses a file with mistakes, writes beside it which one it has checked: its length, its CRC and
its SHA-256. A file that was changed since, or that has no stamp, is checked in full. The CRC is against mistakes, not
against malice: whoever can change the file can change its stamp.
"""

from pathlib import Path
from zlib import crc32


def write(rules: Path, digest: str) -> None:
    """Stamp a file that was found valid; `digest` is the hash of its rule set."""
    _beside(rules).write_text(f"{_mark(rules)} {digest}", encoding="ascii")


def read(rules: Path) -> str | None:
    """The digest of a file that is one that was found valid; None if that is not known."""
    stamp = _beside(rules)
    mark, _, digest = stamp.read_text(encoding="ascii").rpartition(" ") if stamp.is_file() else ("", "", "")
    return digest if digest and mark == _mark(rules) else None


def _beside(rules: Path) -> Path:
    return rules.with_name(rules.name + ".checked")


def _mark(rules: Path) -> str:
    content = rules.read_bytes()
    return f"{len(content)} {crc32(content):08x}"
