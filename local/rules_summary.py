"""What a rules file says of the domain and its repositories, for the deployment's parameters.

Read here without the promoter's own code, and without judging: the function says what is wrong with the file.
"""

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class Hops:
    """A domain, and the repositories that something is promoted from and to, in the file's order."""

    domain: str
    sources: tuple[str, ...]
    destinations: tuple[str, ...]

    @property
    def repositories(self) -> tuple[str, ...]:
        """Every repository once."""
        return tuple(dict.fromkeys(self.sources + self.destinations))

    @property
    def parameters(self) -> dict[str, str]:
        """The template's parameters that follow from the rules."""
        return {
            "Domain": self.domain,
            "SourceRepositories": ",".join(self.sources),
            "DestinationRepositories": ",".join(self.destinations),
        }


def read(rules: Path) -> Hops:
    """Read a rules file; what it does not say properly becomes a name that stands for nothing.

    Raises:
        OSError: there is no such file.

    """
    try:
        document = tomllib.loads(rules.read_text("utf-8"))
    except ValueError:
        document = {}
    domain = document.get("domain")
    return Hops(
        domain if isinstance(domain, str) else UNREADABLE,
        _names(document, "from"),
        _names(document, "to"),
    )


def _names(document: dict[str, Any], key: str) -> tuple[str, ...]:
    names = (name for name in _values(document, key) if isinstance(name, str))
    return tuple(dict.fromkeys(names)) or (UNREADABLE,)


def _values(document: dict[str, Any], key: str) -> list[Any]:
    """What each promotion says of this key, or else the defaults."""
    promotions, defaults = document.get("promotion"), document.get("defaults")
    tables = promotions if isinstance(promotions, list) else []
    otherwise = defaults if isinstance(defaults, dict) else {}
    return [table.get(key, otherwise.get(key)) for table in tables if isinstance(table, dict)]
