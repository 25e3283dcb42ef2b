"""Reads the domain and the repositories from a rules file, for the parameters of the deployment.

It shares no code with the promoter and reports no errors: the deployed function checks the file when it starts.
"""

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

UNREADABLE = "unreadable"  # replaces a name that the file does not contain


@dataclass(frozen=True, slots=True)
class RulesSummary:
    """The domain and the repositories that promotions copy from and to, in file order.

    `evidence` is the repository of answers, "" if there is none. `npm_latest` has the destinations whose tags move.
    """

    domain: str
    sources: tuple[str, ...]
    destinations: tuple[str, ...]
    evidence: str = ""
    npm_latest: tuple[str, ...] = ()

    @classmethod
    def from_file(cls, rules_file: Path) -> Self:
        """Read a rules file. A missing or malformed name becomes `unreadable`.

        Raises:
            OSError: the file cannot be read.

        """
        try:
            document = tomllib.loads(rules_file.read_text("utf-8-sig"))
        except ValueError:
            document = {}
        domain, evidence = document.get("domain"), document.get("evidence", "")
        return cls(
            domain if isinstance(domain, str) else UNREADABLE,
            _repository_names(document, "from"),
            _repository_names(document, "to"),
            evidence if isinstance(evidence, str) else UNREADABLE,
            _npm_latest(document),
        )

    @property
    def stages(self) -> tuple[str, ...]:
        """Every repository that versions are promoted from or to, once."""
        return tuple(dict.fromkeys(self.sources + self.destinations))

    @property
    def repositories(self) -> tuple[str, ...]:
        """Every repository once."""
        answers = (self.evidence,) if self.evidence else ()
        return tuple(dict.fromkeys(self.stages + answers))

    @property
    def parameters(self) -> dict[str, str]:
        """The template's parameters that are derived from the rules."""
        return {
            "Domain": self.domain,
            "SourceRepositories": ",".join(self.sources),
            "DestinationRepositories": ",".join(self.destinations),
            **({"EvidenceRepository": self.evidence} if self.evidence else {}),
            **({"NpmLatestRepositories": ",".join(self.npm_latest)} if self.npm_latest else {}),
        }


def _repository_names(document: dict[str, Any], key: str) -> tuple[str, ...]:
    names = (name for name in _promotion_values(document, key) if isinstance(name, str))
    return tuple(dict.fromkeys(names)) or (UNREADABLE,)


def _npm_latest(document: dict[str, Any]) -> tuple[str, ...]:
    """Return the destinations of the promotions that move npm's tag `latest`."""
    moves, destinations = _promotion_values(document, "npm-latest"), _promotion_values(document, "to")
    found = (to for to, value in zip(destinations, moves, strict=True) if value == "highest")
    return tuple(dict.fromkeys(to for to in found if isinstance(to, str)))


def _promotion_values(document: dict[str, Any], key: str) -> list[Any]:
    """Return each promotion's value of this key, or the default value."""
    promotions, defaults = document.get("promotion"), document.get("defaults")
    tables = promotions if isinstance(promotions, list) else []
    default = defaults.get(key) if isinstance(defaults, dict) else None
    return [table.get(key, default) for table in tables if isinstance(table, dict)]
