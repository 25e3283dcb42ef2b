"""Make the files of a release: `python -m deploy.release`.

The artifact for each architecture, the wheel of the command line, the bills of materials, and `SHA256SUMS`. The same
commit always gives the same bytes.
"""

import argparse
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterable, Sequence
from pathlib import Path

from deploy import artifact, sbom
from deploy.build import FUNCTION, ROOT, BuildError, architecture, build
from promoter.rules_file.diagnostics import RulesError
from promoter.text_files import UnreadableFileError

DIST = ROOT / "dist"
SUMS = "SHA256SUMS"
WHEEL_SOURCES = ("pyproject.toml", "README.md", "LICENSE")
EPOCH = "315532800"  # 1980-01-01, the earliest time that a zip file can store


def main(arguments: Sequence[str]) -> int:
    """Make a release and print its files. Return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m deploy.release", description=__doc__)
    parser.add_argument("--arch", nargs="+", default=["arm64", "x86_64"], help='arm64, x86_64, or "host"')
    parser.add_argument(
        "--dist", type=Path, default=DIST, help="the folder of the files; it is emptied first"
    )
    options = parser.parse_args(arguments)
    try:
        files = release([architecture(each) for each in options.arch], options.dist)
    except (BuildError, RulesError, UnreadableFileError) as error:
        print(error, file=sys.stderr)
        return 1
    print("\n".join(f"{digest(file)}  {file}" for file in files))
    return 0


def release(architectures: Sequence[str], dist: Path) -> list[Path]:
    """Empty `dist`, and write all files of the release into it. Return their paths."""
    shutil.rmtree(dist, ignore_errors=True)
    dist.mkdir(parents=True)
    files = [file for each in architectures for file in release_artifact(each, dist)]
    files.append(release_wheel(dist))
    sums = dist / SUMS
    sums.write_text("".join(f"{digest(each)}  {each.name}\n" for each in files), "utf-8")
    return [*files, sums]


def release_artifact(architecture: str, dist: Path) -> Iterable[Path]:
    """Build the artifact of one architecture. Return its zip file and its bill of materials."""
    name = f"{project_name()}-{project_version()}-{architecture}"
    with tempfile.TemporaryDirectory() as folder:
        directory = build(architecture, Path(folder) / "build")
        zip_file = artifact.write_zip(directory, dist / f"{name}.zip")
        bill = shutil.copyfile(directory / sbom.NAME, dist / f"{name}.{sbom.NAME}")
    return zip_file.path, bill


def release_wheel(dist: Path) -> Path:
    """Build the wheel from a copy of its sources, so that files of earlier builds cannot get into it."""
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder)
        for name in WHEEL_SOURCES:
            shutil.copyfile(ROOT / name, source / name)
        ignored = shutil.ignore_patterns("__pycache__", "*.egg-info")
        shutil.copytree(ROOT / "functions" / "promoter", source / "functions" / "promoter", ignore=ignored)
        _normalise(source)
        _build_wheel(source, dist)
    (wheel,) = dist.glob("*.whl")
    return wheel


def digest(file: Path) -> str:
    """Return the SHA-256 of a file."""
    return hashlib.sha256(file.read_bytes()).hexdigest()


def project_name() -> str:
    """Return the name of pyproject.toml."""
    return str(_project()["name"])


def project_version() -> str:
    """Return the version of pyproject.toml."""
    return str(_project()["version"])


def _project() -> dict[str, object]:
    project: dict[str, object] = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    return project


def _normalise(folder: Path) -> None:
    """Give all files the same permissions: a wheel stores them."""
    for path in folder.rglob("*"):
        path.chmod(0o755 if path.is_dir() else 0o644)


def _build_wheel(source: Path, dist: Path) -> None:
    program = f"import setuptools.build_meta as backend; backend.build_wheel({str(dist.resolve())!r})"
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=source,
        env=os.environ | {"SOURCE_DATE_EPOCH": EPOCH},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise BuildError(f"the wheel cannot be built:\n{done.stdout}{done.stderr}".rstrip())


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
