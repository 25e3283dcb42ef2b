"""`promoter parameters | python -m local.overrides`: what `make deploy` proposes for the template's parameters.

What the rules say wins; the rest is what samconfig.toml keeps of an earlier `sam deploy --guided`, since
overrides on sam's command line replace all of those in the file.
"""

import shlex
import sys
import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

CONFIGURATION = Path(__file__).parent.parent / "samconfig.toml"


def merge(configuration: str, derived: Iterable[str]) -> list[str]:
    """Each parameter once, as `Name=value`; `derived` has one a line."""
    environment = tomllib.loads(configuration).get("default", {})
    kept = _kept(environment, "global") | _kept(environment, "deploy")
    # sam refuses an empty value, and whatever may be empty is so by default
    return [f"{name}={value}" for name, value in (kept | _pairs(derived)).items() if value]


def _kept(environment: dict[str, Any], command: str) -> dict[str, str]:
    # we write a list; sam itself saves one string, each value in quotes
    overrides = environment.get(command, {}).get("parameters", {}).get("parameter_overrides", [])
    return _pairs(shlex.split(overrides) if isinstance(overrides, str) else overrides)


def _pairs(entries: Iterable[str]) -> dict[str, str]:
    split = (entry.strip().partition("=") for entry in entries if "=" in entry)
    return {name: value for name, _, value in split}


if __name__ == "__main__":
    print(" ".join(merge(CONFIGURATION.read_text("utf-8"), sys.stdin)))
