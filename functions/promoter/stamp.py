"""Says that a rules file has been checked, so that a cold start need not parse every version range in it.

The build, which refuses a file with mistakes, writes the SHA-256 of the one it has checked beside it. A file that
was changed since, or that has no stamp, is checked in full.
"""

import hashlib
from pathlib import Path


def write(rules: Path) -> None:
    """Stamp a file that was found valid."""
    _beside(rules).write_text(_digest(rules), encoding="ascii")


def fits(rules: Path) -> bool:
    """Whether the file is, byte for byte, one that was found valid."""
    stamp = _beside(rules)
    return stamp.is_file() and stamp.read_bytes() == _digest(rules).encode()


def _beside(rules: Path) -> Path:
    return rules.with_name(rules.name + ".checked")


def _digest(rules: Path) -> str:
    return hashlib.sha256(rules.read_bytes()).hexdigest()
