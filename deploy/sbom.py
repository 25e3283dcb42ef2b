"""Writes the software bill of materials of the artifact: the libraries in it, in CycloneDX JSON.

The metadata of the installed libraries is the only source. There is no time and no random number, so the same
artifact always gets the same bytes. There are no hashes: an index has several files of one version, and the metadata
does not say which of them was installed.
Source: CycloneDX 1.6, bom-1.6.schema.json; purl-spec, types/pypi-definition.
"""

import json
import re
import tomllib
import uuid
from collections.abc import Iterable, Mapping
from importlib.metadata import Distribution, distributions
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement

NAME = "sbom.cdx.json"
_ROOT = Path(__file__).parent.parent
_NAMESPACE = uuid.uuid5(uuid.NAMESPACE_OID, "codeartifact-promoter")
_CLASSIFIER = "License :: "
_ENVIRONMENT = {"python_version": "3.13", "python_full_version": "3.13.0", "extra": ""}


def write(directory: Path) -> None:
    """Write the bill of a function's directory into it. Run it after `sam build` and before the zip file is made."""
    project = tomllib.loads((_ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    (directory / NAME).write_bytes(encode(describe(directory, project)))


def describe(directory: Path, project: Mapping[str, Any]) -> dict[str, Any]:
    """Return the bill of a directory. `project` is the table of pyproject.toml."""
    libraries = sorted(distributions(path=[str(directory)]), key=_name)
    refs = {_name(each): _purl(each) for each in libraries}
    application = _application(project)
    edges = {_purl(each): _dependencies(each, refs) for each in libraries}
    required = [*project["dependencies"], *project.get("optional-dependencies", {}).get("function", ())]
    edges[application["bom-ref"]] = _required(required, refs)
    content = {
        "metadata": {"component": application},
        "components": [_component(each) for each in libraries],
        "dependencies": [{"ref": ref, "dependsOn": edges[ref]} for ref in sorted(edges)],
    }
    return {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{uuid.uuid5(_NAMESPACE, json.dumps(content, sort_keys=True))}",
        "version": 1,
        **content,
    }


def encode(bill: Mapping[str, Any]) -> bytes:
    """Return the bill as JSON in ASCII."""
    return (json.dumps(bill, indent=2) + "\n").encode("ascii")


def _application(project: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "type": "application",
        "bom-ref": project["name"],
        "name": project["name"],
        "version": project["version"],
        "licenses": [{"expression": project["license"]}],
    }


def _component(library: Distribution) -> dict[str, Any]:
    component = {
        "type": "library",
        "bom-ref": _purl(library),
        "name": _name(library),
        "version": library.version,
        "purl": _purl(library),
    }
    licences = _licences(library)
    return component | ({"licenses": licences} if licences else {})


def _licences(library: Distribution) -> list[dict[str, Any]]:
    """Return the licences that a library declares: an SPDX expression, else classifiers, else free text."""
    declared = {"acknowledgement": "declared"}
    if expression := library.metadata.get("License-Expression"):
        return [{"expression": expression, **declared}]
    classifiers = library.metadata.get_all("Classifier", [])
    names = [each.rpartition(" :: ")[2] for each in classifiers if each.startswith(_CLASSIFIER)]
    names = names or [each for each in (library.metadata.get("License", ""),) if each]
    return [{"license": {"name": name, **declared}} for name in names]


def _dependencies(library: Distribution, refs: Mapping[str, str]) -> list[str]:
    return _required(library.metadata.get_all("Requires-Dist", []), refs)


def _required(requirements: Iterable[str], refs: Mapping[str, str]) -> list[str]:
    """Return the references of those requirements that apply to the function and are in the artifact."""
    parsed = [Requirement(each) for each in requirements]
    names = {
        _canonical(each.name) for each in parsed if not each.marker or each.marker.evaluate(_ENVIRONMENT)
    }
    return sorted(refs[name] for name in names if name in refs)


def _purl(library: Distribution) -> str:
    return f"pkg:pypi/{_name(library)}@{library.version}"


def _name(library: Distribution) -> str:
    return _canonical(library.name)


def _canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()  # PEP 503
