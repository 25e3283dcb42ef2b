"""Make the files of a release: `python -m deploy.release`.

The artifact for each architecture, the wheel of the command line, the bills of materials, and `SHA256SUMS`. The same
commit always gives the same bytes.
"""

import argparse
import hashlib
import shutil
import sys
import tempfile
import tomllib
from collections.abc import Iterable, Sequence
from pathlib import Path

from deploy import artifact, sbom
from deploy.build import ROOT, BuildError, architecture, build
from deploy.wheel import DIST, WheelError, build_wheel
from promoter.rules_file.diagnostics import RulesError
from promoter.text_files import UnreadableFileError

SUMS = "SHA256SUMS"


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
    except (BuildError, WheelError, RulesError, UnreadableFileError) as error:
        print(error, file=sys.stderr)
        return 1
    print("\n".join(f"{digest(file)}  {file}" for file in files))
    return 0


def release(architectures: Sequence[str], dist: Path) -> list[Path]:
    """Empty `dist`, and write all files of the release into it. Return their paths."""
    shutil.rmtree(dist, ignore_errors=True)
    dist.mkdir(parents=True)
    files = [file for each in architectures for file in release_artifact(each, dist)]
    files.append(build_wheel(dist))
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


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
