"""Cuts botocore's own data to the services that the function calls, in the very botocore that will read it.

Every partition and region stays; what goes are 400 services, documentation, and compression, which a cold start
would pay for. Nothing in the function knows of it: an artifact of `sam build` alone has the data in full.
"""

import gzip
import json
import shutil
from pathlib import Path
from typing import Any

SERVICES = ("codeartifact", "sns", "sqs")
MODELS = ("service-2", "endpoint-rule-set-1")  # what makes a client


def cut(data: Path) -> None:
    """Cut botocore's `data` directory in place."""
    for service in data.iterdir():
        if service.is_dir() and service.name not in SERVICES:
            shutil.rmtree(service)
    for name in SERVICES:
        for file in sorted(data.glob(f"{name}/*/*")):
            _rewrite(file) if file.name.startswith(MODELS) else file.unlink()
    endpoints = data / "endpoints.json"
    _write(endpoints, _of_services(json.loads(endpoints.read_bytes())))


def _rewrite(file: Path) -> None:
    """Replace a model by the same without compression and documentation."""
    content = file.read_bytes()
    if file.suffix == ".gz":
        file.unlink()
        content = gzip.decompress(content)
    _write(file.with_name(file.name.removesuffix(".gz")), undocumented(json.loads(content)))


def undocumented(model: Any) -> Any:
    """A service's model without the texts that only people read."""
    if isinstance(model, dict):
        return {
            key: undocumented(value)
            for key, value in model.items()
            if not (key == "documentation" and isinstance(value, str))
        }
    return [undocumented(each) for each in model] if isinstance(model, list) else model


def _of_services(endpoints: dict[str, Any]) -> dict[str, Any]:
    partitions = [
        {**each, "services": {name: each["services"][name] for name in SERVICES if name in each["services"]}}
        for each in endpoints["partitions"]
    ]
    return {**endpoints, "partitions": partitions}


def _write(file: Path, content: Any) -> None:
    file.write_text(json.dumps(content, separators=(",", ":")), encoding="ascii")
