"""Reduces the SDK's data to the services that the function calls.

Models of 400 other services, documentation and compression go; every partition and region stays. The code of
the SDK is not changed, and the function does not depend on the reduction: `sam build` alone works too.
"""

import gzip
import json
import shutil
from pathlib import Path
from typing import Any

SERVICES = ("codeartifact", "scheduler", "sns", "sqs")
_MODELS = ("service-2", "endpoint-rule-set-1", "paginators-1")  # what a client and its paginators need
_RESOURCES = ("boto3/data", "boto3/examples")  # boto3.resource() is not called


def reduce_data(directory: Path) -> None:
    """Reduce the data of botocore and boto3 in a directory that both are installed in."""
    for name in _RESOURCES:
        shutil.rmtree(directory / name)
    data = directory / "botocore" / "data"
    for service in data.iterdir():
        if service.is_dir() and service.name not in SERVICES:
            shutil.rmtree(service)
    for file in list(data.glob("*/*/*")):
        if file.name.startswith(_MODELS):
            _rewrite(file)
        else:
            file.unlink()
    endpoints = data / "endpoints.json"
    _write(endpoints, _of_services(json.loads(endpoints.read_bytes())))


def without_documentation(model: Any) -> Any:
    """Return a service's model without its documentation strings."""
    if isinstance(model, dict):
        return {
            key: without_documentation(value)
            for key, value in model.items()
            if not (key == "documentation" and isinstance(value, str))
        }
    return [without_documentation(each) for each in model] if isinstance(model, list) else model


def _rewrite(file: Path) -> None:
    """Replace a model by the same model, uncompressed and without documentation."""
    content = file.read_bytes()
    if file.suffix == ".gz":
        file.unlink()
        content = gzip.decompress(content)
    _write(file.with_name(file.name.removesuffix(".gz")), without_documentation(json.loads(content)))


def _of_services(endpoints: dict[str, Any]) -> dict[str, Any]:
    partitions = [
        {**each, "services": {name: each["services"][name] for name in SERVICES if name in each["services"]}}
        for each in endpoints["partitions"]
    ]
    return {**endpoints, "partitions": partitions}


def _write(file: Path, content: Any) -> None:
    file.write_text(json.dumps(content, separators=(",", ":")), encoding="ascii")
