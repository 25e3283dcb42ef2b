"""Build the wheel of the command line: `python -m deploy.wheel [FOLDER]`. The same checkout gives the same bytes."""

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).parent.parent
DIST = ROOT / "dist"
_FILES = ("pyproject.toml", "README.md", "LICENSE")
_PACKAGE = Path("functions") / "promoter"
_EPOCH = "315532800"  # 1980-01-01, the earliest time that a zip file can store
_PROGRAM = "import sys; from setuptools import build_meta; print(build_meta.build_wheel(sys.argv[1]))"


class WheelError(Exception):
    """The wheel cannot be built. The message says why."""


def main(arguments: Sequence[str]) -> int:
    """Build and print the result. Return the exit code."""
    try:
        wheel = build_wheel(Path(arguments[0]) if arguments else DIST)
    except WheelError as error:
        print(error, file=sys.stderr)
        return 1
    digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
    print(f"{wheel}\n{wheel.stat().st_size / 1e3:.0f} kB, sha256 {digest[:16]}")
    return 0


def build_wheel(folder: Path) -> Path:
    """Build the wheel into a folder, without a network, and return its path. Raises WheelError.

    It is built from a copy, so that the checkout stays clean, and the permissions of the checkout do not matter.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as temporary:
        source = Path(temporary) / "source"
        _copy_source(source)
        name = _run_backend(source, Path(temporary))
        return shutil.copyfile(Path(temporary) / name, folder / name)


def _copy_source(source: Path) -> None:
    ignored = shutil.ignore_patterns("__pycache__", "*.egg-info")
    shutil.copytree(ROOT / _PACKAGE, source / _PACKAGE, ignore=ignored)
    for name in _FILES:
        shutil.copyfile(ROOT / name, source / name)
    for path in source.rglob("*"):
        path.chmod(0o755 if path.is_dir() else 0o644)


def _run_backend(source: Path, folder: Path) -> str:
    """Build with the installed setuptools, and return the name of the wheel."""
    done = subprocess.run(
        [sys.executable, "-c", _PROGRAM, str(folder)],
        cwd=source,
        env=os.environ | {"SOURCE_DATE_EPOCH": _EPOCH},
        umask=0o022,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise WheelError(f"the wheel cannot be built:\n{done.stdout}{done.stderr}".rstrip())
    return done.stdout.splitlines()[-1]


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
