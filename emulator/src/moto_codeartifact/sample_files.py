"""Small files that package managers can install, for versions that a test publishes without one."""

import io
import json
import tarfile
import zipfile
from collections.abc import Mapping

from .formats import normalised_pypi
from .packages import Metadata, PackageKey


def write_files(key: PackageKey, version: str) -> dict[str, bytes]:
    """Return the files of a version: an npm package, a wheel, a POM, or a text in a file."""
    text = f"{key.display_name} {version}\n".encode()
    match key.format:
        case "npm":
            document = json.dumps(_manifest(key, version)).encode()
            return {"package.tgz": _tarball({"package/package.json": document})}
        case "pypi":
            name = normalised_pypi(key.name).replace("-", "_")
            return {f"{name}-{version}-py3-none-any.whl": _wheel(name, version)}
        case "maven":
            stem = f"{key.name}-{version}"
            return {f"{stem}.jar": text, f"{stem}.pom": _pom(key, version)}
        case _:
            return {f"{key.name}-{version}.bin": text}


def write_metadata(key: PackageKey, version: str) -> Metadata:
    """Return the metadata of a version."""
    manifest = json.dumps(_manifest(key, version)) if key.format == "npm" else None
    return Metadata(display_name=key.display_name, manifest=manifest)


def _manifest(key: PackageKey, version: str) -> dict[str, str]:
    return {"name": key.display_name, "version": version}


def _tarball(files: Mapping[str, bytes]) -> bytes:
    written = io.BytesIO()
    with tarfile.open(fileobj=written, mode="w:gz") as archive:
        for name, content in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return written.getvalue()


def _wheel(name: str, version: str) -> bytes:
    info = f"{name}-{version}.dist-info"
    files = {
        f"{name}.py": f"VERSION = {version!r}\n",
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: moto-codeartifact\n"
        "Root-Is-Purelib: true\nTag: py3-none-any\n",
    }
    record = "".join(f"{file},,\n" for file in [*files, f"{info}/RECORD"])
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        for file, text in {**files, f"{info}/RECORD": record}.items():
            archive.writestr(file, text)
    return written.getvalue()


def _pom(key: PackageKey, version: str) -> bytes:
    return (
        "<project><modelVersion>4.0.0</modelVersion>"
        f"<groupId>{key.namespace}</groupId><artifactId>{key.name}</artifactId>"
        f"<version>{version}</version></project>"
    ).encode()
