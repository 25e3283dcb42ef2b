"""Names of pending entries and of answers: the subject is a revision, the hop is where it may go."""

import hashlib
import re

from promoter.packages.candidate import Candidate
from promoter.rules.vocabulary import Hop

_MAX_READABLE = 225  # with a dot, a subject, a dash and a hop: the 255 characters of a package's name
_UNSAFE = re.compile(
    r"[^A-Za-z0-9._-]"
)  # what AWS may refuse in names of generic packages has not been tried


def subject_id(candidate: Candidate) -> str:
    """The first 20 hex digits of the SHA-256 of the Package URL and the revision."""
    return _digits(f"{candidate.purl}\n{candidate.revision}", 20)


def hop_id(hop: Hop) -> str:
    """The first 8 hex digits of the SHA-256 of the hop's repositories."""
    return _digits(f"{hop.source}\n{hop.destination}", 8)


def entry_prefix(candidate: Candidate, hop: Hop) -> str:
    """The beginning of the names of all pending entries about one revision on one hop."""
    return f"{subject_id(candidate)}-{hop_id(hop)}-"


def answer_package(candidate: Candidate, hop: Hop | None = None) -> str:
    """The name of the package of answers about one revision; with a hop, of approvals for this hop."""
    package = candidate.package
    parts = [package.format, package.namespace, package.name, candidate.version]
    readable = _UNSAFE.sub("-", ".".join(part for part in parts if part))[:_MAX_READABLE]
    suffix = f"-{hop_id(hop)}" if hop else ""
    return f"{readable}.{subject_id(candidate)}{suffix}"


def _digits(text: str, count: int) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:count]
