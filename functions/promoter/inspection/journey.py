"""The journey of a version: the repositories that have it, and the decision on each hop between them."""

from msgspec import Struct
from msgspec.structs import replace

from promoter.copying.ports import Description
from promoter.copying.results import Outcome, OutcomeKind
from promoter.inspection.differences import DISPOSED, compare_files
from promoter.inspection.explain import Step, explain_hops
from promoter.inspection.ports import Reader
from promoter.packages.candidate import Candidate
from promoter.packages.package import Package
from promoter.rules.evidence import Evidence
from promoter.rules.rule_set import RuleSet


class Journey(Struct, frozen=True):
    """The repositories that have a version, and a step for each hop that leaves one of them."""

    found: dict[str, Description]
    steps: tuple[Step, ...]


def trace_version(
    reader: Reader,
    rule_set: RuleSet,
    package: Package,
    version: str,
    now: float,
    available_since: float | None = None,
) -> Journey:
    """Look the version up in every repository, and decide at `now`.

    `available_since` replaces publishedTime. Both are in UTC seconds since the epoch.
    """
    looked_up = {name: reader.find(name, package, version) for name in rule_set.repositories}
    found = {name: description for name, description in looked_up.items() if description is not None}
    steps = []
    for repository, description in found.items():
        start = description.published if available_since is None else available_since
        candidate = Candidate(package, version, description.revision, repository, start)
        evidence = Evidence(description.origin, description.status)
        for step in explain_hops(candidate, evidence, rule_set, now):
            steps.append(_compared(step, description, found.get(step.hop.destination), reader))
    return Journey(found, tuple(steps))


def _compared(step: Step, here: Description, there: Description | None, reader: Reader) -> Step:
    """The step with what the destination has."""
    if there is None:
        return step
    return replace(step, outcome=_outcome(step, here, there, reader), destination_status=there.status)


def _outcome(step: Step, here: Description, there: Description, reader: Reader) -> Outcome | None:
    """Equal revisions are the same version. AWS does not say what others mean, so their files are compared.

    A version that was disposed keeps its revision, but has no files to compare (API reference:
    DisposePackageVersions).
    """
    if here.revision == there.revision and there.status != DISPOSED:
        return Outcome(OutcomeKind.UNCHANGED)
    if here.status == DISPOSED:
        return None
    return compare_files(reader, step.candidate, step.hop, there.status)
