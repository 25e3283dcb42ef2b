"""Turns the output of `sam build` into the artifact: less data, with bytecode and a bill of materials.

No code of a library is changed or removed. What goes is data of the SDK and of the time zones,
installers' records, and what only our command line uses.
"""

import hashlib
import os
import shutil
import subprocess
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from deploy import sbom, sdk

TASK_ROOT = "/var/task"  # where Lambda mounts the artifact; tracebacks show it
UNUSED = (
    *("requirements.*", "rules.schema.json", "rules.cases.toml", "**/__pycache__"),
    *("promoter/cases", "promoter/cli"),
    *("tzdata/zoneinfo/*.tab", "tzdata/zoneinfo/*.zi", "tzdata/zoneinfo/leapseconds"),  # no time zones
    "dateutil/zoneinfo/*.tar.gz",  # a second copy of the time zones, which neither the SDK nor the function reads
)
KEPT_METADATA = ("METADATA", "LICEN[CS]E*", "NOTICE*", "licenses")  # scanners read METADATA
EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest time that a zip file can store


@dataclass(frozen=True, slots=True)
class ZipFile:
    """A written zip file. `size` is in bytes, `digest` is the SHA-256 of its content."""

    path: Path
    size: int
    modules: int
    digest: str

    def __str__(self) -> str:
        size = f"{self.size / 1e6:.1f} MB zipped"
        return f"{size}, {self.modules} modules, all compiled, sha256 {self.digest[:16]}\n{self.path}"


def finish(directory: Path, python: str) -> None:
    """Reduce and compile a function's directory in place. `python` is the interpreter that will run it."""
    remove_unused(directory)
    remove_install_records(directory)
    sbom.write(directory)
    sdk.reduce_data(directory)
    compile_all(directory, python)
    normalise(directory)


def remove_unused(directory: Path) -> None:
    """Delete files that no handler needs."""
    for pattern in UNUSED:
        for path in sorted(directory.glob(pattern)):
            _remove(path)


def remove_install_records(directory: Path) -> None:
    """Delete everything from `*.dist-info` except the metadata and the licences."""
    for path in directory.glob("*.dist-info/*"):
        if not any(path.match(pattern) for pattern in KEPT_METADATA):
            _remove(path)


def compile_all(directory: Path, python: str) -> None:
    """Put bytecode beside every module.

    The bytecode is never compared with its source: a zip file keeps no usable times, and Lambda's directory is
    read-only. Source: PEP 552, unchecked hash-based pycs.
    """
    mode = ("--invalidation-mode", "unchecked-hash")
    names = ("-s", str(directory), "-p", TASK_ROOT)
    subprocess.run([python, "-I", "-m", "compileall", "-q", *mode, *names, str(directory)], check=True)


def normalise(directory: Path) -> None:
    """Give all files the same permissions and time: `sam deploy` uploads both."""
    moment = datetime(*EPOCH, tzinfo=UTC).timestamp()
    for path in directory.rglob("*"):
        path.chmod(0o755 if path.is_dir() else 0o644)
        os.utime(path, (moment, moment))


def write_zip(directory: Path, target: Path) -> ZipFile:
    """Zip a directory. The same content always gives the same bytes."""
    files = list(_files(directory))
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for file in files:
            entry = zipfile.ZipInfo(file.relative_to(directory).as_posix(), EPOCH)
            entry.external_attr = 0o100644 << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, file.read_bytes())
    content = target.read_bytes()
    modules = sum(file.suffix == ".py" for file in files)
    return ZipFile(target, len(content), modules, hashlib.sha256(content).hexdigest())


def _files(directory: Path) -> Iterator[Path]:
    return (path for path in sorted(directory.rglob("*")) if path.is_file())


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink()
