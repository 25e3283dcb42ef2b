"""The packages that the demo publishes, built from nothing in a temporary directory."""

import hashlib
import json
from pathlib import Path

from local.demo.package_managers import Clients

_BUILD = "from setuptools import build_meta as b; b.build_sdist('dist'); b.build_wheel('dist')"


def npm_package(directory: Path, name: str, version: str, text: str = "") -> Path:
    """An npm package that exports its version; its directory."""
    directory.mkdir(parents=True)
    manifest = {"name": name, "version": version, "main": "index.js", "license": "Apache-2.0"}
    (directory / "package.json").write_text(json.dumps(manifest, indent=2))
    (directory / "index.js").write_text(f"module.exports = {version!r};\n{text}")
    return directory


def python_distributions(clients: Clients, directory: Path, name: str, version: str) -> Path:
    """A source distribution and a wheel of a Python package; the directory that they are in."""
    module = name.replace("-", "_")
    directory.mkdir(parents=True)
    (directory / "pyproject.toml").write_text(
        '[build-system]\nrequires = ["setuptools"]\nbuild-backend = "setuptools.build_meta"\n'
        f'[project]\nname = "{name}"\nversion = "{version}"\n[tool.setuptools]\npy-modules = ["{module}"]\n'
    )
    (directory / f"{module}.py").write_text(f'__version__ = "{version}"\n')
    clients.python("-c", _BUILD, cwd=directory)
    return directory / "dist"


def generic_asset(directory: Path, name: str, content: str) -> Path:
    """A file to publish as an asset of a generic package version."""
    directory.mkdir(parents=True, exist_ok=True)
    path = directory / name
    path.write_text(content)
    return path


def sha256(path: Path) -> str:
    """The SHA-256 of a file, in hex."""
    return hashlib.sha256(path.read_bytes()).hexdigest()
