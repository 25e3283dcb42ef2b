"""The journey of a version: the repositories that have it, and the decision on each hop between them."""

from msgspec import Struct
from msgspec.structs import replace

from promoter.copying.outcome import compare_assets
from promoter.copying.ports import Description
from promoter.copying.results import Outcome, OutcomeKind
from promoter.inspection.explain import Step, explain_hops, with_reason
from promoter.inspection.ports import Reader
from promoter.packages.candidate import Candidate
from promoter.packages.package import Package
from promoter.rules.conditions import Reason
from promoter.rules.evidence import Evidence
from promoter.rules.rule_set import RuleSet
from promoter.rules.vocabulary import ReasonCode, Verdict

PUBLISHED = "Published"


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
        for step in explain_hops(candidate, Evidence(description.origin), rule_set, now):
            steps.append(_compared(step, description, found.get(step.hop.destination), reader))
    return Journey(found, tuple(steps))


def _compared(step: Step, here: Description, there: Description | None, reader: Reader) -> Step:
    """The step with what the destination has, or with the status that keeps the version in the source."""
    if there is not None:
        return replace(step, outcome=_comparison(step, here, there, reader))
    if here.status == PUBLISHED:
        return step
    text = f"{here.status} in {step.hop.source}; only {PUBLISHED} versions are promoted"
    reason = Reason(ReasonCode.SOURCE_STATUS, False, here.status, PUBLISHED, text, Verdict.REJECT)
    return with_reason(step, reason)


def _comparison(step: Step, here: Description, there: Description, reader: Reader) -> Outcome:
    """Equal revisions are the same version. AWS does not say what others mean, so their files are compared."""
    candidate = step.candidate
    if here.revision == there.revision:
        return Outcome(OutcomeKind.UNCHANGED)
    source = reader.list_assets(step.hop.source, candidate.package, candidate.version)
    destination = reader.list_assets(step.hop.destination, candidate.package, candidate.version)
    outcome = compare_assets(source, destination, source.revision, step.hop, "fail")
    assert outcome is not None  # only "extend" leaves it open
    return outcome
