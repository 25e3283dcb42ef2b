"""The package versions that the demo publishes, and the files that they are made of."""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from local.demo.package_managers import PackageManagers

_BUILD = "from setuptools import build_meta as b; b.build_sdist('dist'); b.build_wheel('dist')"


End = Literal["promoted", "rejected", "failed", "held", "waiting", "observed", "not selected"]


@dataclass(frozen=True, slots=True)
class SampleVersion:
    """A package version, and what the pipeline must do with it."""

    format: str
    namespace: str | None
    package: str
    version: str
    name: str
    """The package's name as its own package manager writes it."""
    end: End
    """How it ends by the project's own rules. failed: prod has it already, with other files."""

    def __str__(self) -> str:
        return f"{self.name} {self.version}"

    @property
    def purl(self) -> str:
        """The Package URL."""
        return f"pkg:{self.format}/{self.name}@{self.version}"

    def is_subject_of(self, record: dict[str, Any]) -> bool:
        """Return True if a record of the decision log is about this version."""
        keys = ("format", "namespace", "package", "version")
        return all(record[key] == getattr(self, key) for key in keys)


WIDGET = SampleVersion("npm", "acme", "widget", "1.4.0", "@acme/widget", "promoted")
UI = SampleVersion("npm", None, "acme-ui", "3.1.0", "acme-ui", "promoted")
SECRET = SampleVersion("npm", "acme", "internal-keys", "1.0.0", "@acme/internal-keys", "rejected")
TOOLS = SampleVersion("pypi", None, "acme-tools", "2.0", "acme-tools", "promoted")
MODEL = SampleVersion("generic", "acme", "model", "1.0", "acme/model", "promoted")
DRAFT = SampleVersion("generic", "acme", "internal-draft", "0.1", "acme/internal-draft", "rejected")
SOAKED = SampleVersion("generic", "acme", "soaked", "1.0.0", "acme/soaked", "promoted")
RELEASE = SampleVersion("generic", "acme", "release", "1.1", "acme/release", "promoted")
LEGACY = SampleVersion("generic", "acme", "legacy", "2.0.0", "acme/legacy", "failed")


def write_npm_package(directory: Path, sample: SampleVersion) -> Path:
    """Write an npm package that exports its version. Return its directory."""
    package = directory / sample.package
    package.mkdir()
    manifest = {
        "name": sample.name,
        "version": sample.version,
        "main": "index.js",
        "license": "Apache-2.0",
    }
    (package / "package.json").write_text(json.dumps(manifest, indent=2))
    (package / "index.js").write_text(f"module.exports = {sample.version!r};\n")
    return package


def build_python_distributions(
    managers: PackageManagers, directory: Path, sample: SampleVersion
) -> list[Path]:
    """Build the source distribution and the wheel of a Python package."""
    project = directory / sample.package
    module = sample.package.replace("-", "_")
    project.mkdir()
    (project / "pyproject.toml").write_text(
        '[build-system]\nrequires = ["setuptools"]\nbuild-backend = "setuptools.build_meta"\n'
        f'[project]\nname = "{sample.name}"\nversion = "{sample.version}"\n'
        f'[tool.setuptools]\npy-modules = ["{module}"]\n'
    )
    (project / f"{module}.py").write_text(f'__version__ = "{sample.version}"\n')
    managers.python("-c", _BUILD, cwd=project)
    return sorted((project / "dist").iterdir())


def write_generic_asset(directory: Path, sample: SampleVersion, content: str) -> Path:
    """Write the only asset of a generic package version."""
    directory.mkdir(exist_ok=True)
    path = directory / f"{sample.package}.bin"
    path.write_text(content)
    return path


def sha256(path: Path) -> str:
    """Return the SHA-256 of a file, in hex."""
    return hashlib.sha256(path.read_bytes()).hexdigest()
