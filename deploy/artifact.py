"""From what `sam build` made to what is deployed: less, compiled, and the same bytes every time."""

import hashlib
import os
import shutil
import subprocess
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from deploy import imports, sdk
from promoter import stamp
from promoter.rules_file.reader import digest_of

LAMBDA = "/var/task"  # where the directory stands when it runs; tracebacks say so
NEVER_RUN = (
    *("*.dist-info", "*.data", "requirements.*", "promoter/cli", "**/__pycache__", "**/tests"),
    *(
        "aws_lambda_powertools/event_handler",
        "aws_lambda_powertools/utilities/[a-ik-z]*",
    ),  # j: jmespath_utils
)
EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest time that a zip file knows


@dataclass(frozen=True, slots=True)
class Zipped:
    """A zip file: its size in bytes, the modules in it, and the SHA-256 of its bytes."""

    path: Path
    size: int
    modules: int
    digest: str

    def __str__(self) -> str:
        size = f"{self.size / 1e6:.1f} MB zipped"
        return f"{size}, {self.modules} modules, all compiled, sha256 {self.digest[:16]}\n{self.path}"


def finish(directory: Path, python: str) -> None:
    """Cut, stamp and compile a function's directory in place; `python` is the one that will run it."""
    leave_out(directory)
    sdk.cut(directory / "botocore" / "data")
    imports.cut(directory, python)
    rules = directory / "rules.toml"
    stamp.write(rules, digest_of(rules.read_text(encoding="utf-8")))
    compile_all(directory, python)
    normalise(directory)


def leave_out(directory: Path) -> None:
    """Delete what no handler imports."""
    for pattern in NEVER_RUN:
        for path in sorted(directory.glob(pattern)):
            if path.is_dir():
                shutil.rmtree(path)
            else:
                path.unlink()


def compile_all(directory: Path, python: str) -> None:
    """Put bytecode beside every module.

    Unchecked, since a zip file keeps no time that could be compared, and Lambda could not write a newer one.
    """
    mode = ("--invalidation-mode", "unchecked-hash")
    place = ("-s", str(directory), "-p", LAMBDA)
    subprocess.run([python, "-I", "-m", "compileall", "-q", *mode, *place, str(directory)], check=True)


def normalise(directory: Path) -> None:
    """Give everything the same permissions and time, whoever built it and when: `sam deploy` uploads them."""
    moment = datetime(*EPOCH, tzinfo=UTC).timestamp()
    for path in directory.rglob("*"):
        path.chmod(0o755 if path.is_dir() else 0o644)
        os.utime(path, (moment, moment))


def zip_up(directory: Path, target: Path) -> Zipped:
    """Zip a directory so that the same content gives the same bytes, whenever and by whomever it is done."""
    files = list(_files(directory))
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for file in files:
            entry = zipfile.ZipInfo(file.relative_to(directory).as_posix(), EPOCH)
            entry.external_attr = 0o100644 << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, file.read_bytes())
    content = target.read_bytes()
    modules = sum(file.suffix == ".py" for file in files)
    return Zipped(target, len(content), modules, hashlib.sha256(content).hexdigest())


def _files(directory: Path) -> Iterator[Path]:
    return (path for path in sorted(directory.rglob("*")) if path.is_file())
