"""The upstreams of destinations as people and programs read them."""

from typing import Any

from promoter.cli.errors import unknown_text
from promoter.inspection.ports import Unknown
from promoter.inspection.upstream_check import UpstreamCheck
from promoter.inspection.upstreams import Chain


def fault_text(chain: Chain) -> str:
    """A destination that has one of its sources among its upstreams."""
    return f"{_chain(chain)}: clients of {chain[0]} get every version of {chain[-1]}, promoted or not"


def warning_text(chain: Chain) -> str:
    """A destination that has an external connection among its upstreams."""
    return f"{_chain(chain)}: clients of {chain[0]} get public packages that were not promoted"


def unread_texts(check: UpstreamCheck) -> dict[str, str]:
    """Why the upstreams of a repository are unknown, by the repository."""
    return {
        name: unknown_text(Unknown(f"read the upstreams of {name}", error))
        for name, error in check.unread.items()
    }


def check_to_json(check: UpstreamCheck) -> dict[str, Any]:
    """A check for programs. A chain begins with the destination."""
    return {
        "faults": [list(chain) for chain in check.problems.faults],
        "warnings": [list(chain) for chain in check.problems.warnings],
        "unknown": unread_texts(check),
    }


def _chain(chain: Chain) -> str:
    return " <- ".join(chain)
