"""Runs the real package managers, and writes the packages that they publish."""

import io
import json
import os
import subprocess
import sys
import tarfile
import zipfile
from dataclasses import dataclass
from pathlib import Path

from moto_codeartifact.server import Server

BINARIES = Path(sys.executable).parent


@dataclass(frozen=True)
class Shell:
    """Runs commands whose only configuration is the one that `aws codeartifact login` writes into `home`."""

    home: Path
    server: Server

    def run(self, *command: str, cwd: Path | None = None, ok: bool = True) -> str:
        """Run a command that must succeed, or fail if `ok` is false. Return both outputs."""
        environment = {
            "HOME": str(self.home),
            "PATH": f"{BINARIES}{os.pathsep}{os.environ['PATH']}",
            "AWS_ACCESS_KEY_ID": "testing",
            "AWS_SECRET_ACCESS_KEY": "testing",
            "AWS_DEFAULT_REGION": "eu-west-1",
            "AWS_ENDPOINT_URL": self.server.url,
            "NO_PROXY": "127.0.0.1",
            "PIP_DISABLE_PIP_VERSION_CHECK": "1",
            "NPM_CONFIG_UPDATE_NOTIFIER": "false",
        }
        done = subprocess.run(
            command,
            cwd=cwd or self.home,
            env=environment,
            capture_output=True,
            text=True,
            timeout=90,
            check=False,
        )
        output = done.stdout + done.stderr
        assert (done.returncode == 0) == ok, output
        return output

    def login(self, tool: str, repository: str = "dev") -> str:
        """Configure a package manager as the User Guide describes."""
        target = [
            "--domain",
            "acme",
            "--domain-owner",
            "123456789012",
            "--repository",
            repository,
        ]
        return self.run("aws", "codeartifact", "login", "--tool", tool, *target)


def npm_package(folder: Path, name: str, version: str, text: str = "1") -> Path:
    """Write a package with one module that exports `text`. Return its folder."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "package.json").write_text(
        json.dumps({"name": name, "version": version, "main": "index.js"})
    )
    (folder / "index.js").write_text(f"module.exports = {text};\n")
    return folder


def core_metadata(name: str, version: str) -> str:
    """Return the core metadata of a Python package."""
    return (
        f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"
        "Summary: A gadget\nRequires-Python: >=3.8\n"
    )


def wheel(folder: Path, name: str, version: str, body: str = "") -> Path:
    """Write a wheel with one module. Return its path."""
    path = folder / f"{name}-{version}-py3-none-any.whl"
    info = f"{name}-{version}.dist-info"
    files = {
        f"{name}.py": f"VERSION = {version!r}\n{body}",
        f"{info}/METADATA": core_metadata(name, version),
        f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: hand\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    record = "".join(f"{file},,\n" for file in [*files, f"{info}/RECORD"])
    with zipfile.ZipFile(path, "w") as archive:
        for file, text in {**files, f"{info}/RECORD": record}.items():
            archive.writestr(file, text)
    return path


def sdist(folder: Path, name: str, version: str) -> Path:
    """Write a minimal source distribution. Return its path."""
    path = folder / f"{name}-{version}.tar.gz"
    files = {
        "PKG-INFO": core_metadata(name, version),
        f"{name}.py": f"VERSION = {version!r}\n",
    }
    with tarfile.open(path, "w:gz") as archive:
        for file, text in files.items():
            member = tarfile.TarInfo(f"{name}-{version}/{file}")
            member.size = len(text)
            archive.addfile(member, io.BytesIO(text.encode()))
    return path
