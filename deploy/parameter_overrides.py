"""Merge the template's parameters for `make deploy`: `promoter parameters | python -m deploy.parameter_overrides`.

The rules win over samconfig.toml, where `sam deploy --guided` saves its answers. All parameters are repeated,
because overrides on sam's command line replace all those of the file.
"""

import shlex
import sys
import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

CONFIGURATION = Path(__file__).parent.parent / "samconfig.toml"


def merge(configuration: str, derived: Iterable[str]) -> list[str]:
    """Return each parameter once, as `Name=value`. `derived` are lines of the same form."""
    environment = tomllib.loads(configuration).get("default", {})
    saved = _saved(environment, "global") | _saved(environment, "deploy")
    # sam refuses an empty value, and each parameter that may be empty is empty by default
    return [f"{name}={value}" for name, value in (saved | _pairs(derived)).items() if value]


def _saved(environment: dict[str, Any], command: str) -> dict[str, str]:
    # this repository has a list; sam saves one string with each value in quotes
    overrides = environment.get(command, {}).get("parameters", {}).get("parameter_overrides", [])
    return _pairs(shlex.split(overrides) if isinstance(overrides, str) else overrides)


def _pairs(entries: Iterable[str]) -> dict[str, str]:
    split = (entry.strip().partition("=") for entry in entries if "=" in entry)
    return {name: value for name, _, value in split}


if __name__ == "__main__":
    print(" ".join(merge(CONFIGURATION.read_text("utf-8"), sys.stdin)))
