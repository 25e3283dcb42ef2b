"""The journey of a version: the repositories that have it, and the decision on each hop between them."""

from msgspec import Struct
from msgspec.structs import replace

from promoter.copying.ports import Answers, Description
from promoter.copying.results import Outcome, OutcomeKind
from promoter.inspection.differences import DISPOSED, compare_files
from promoter.inspection.entries import find_entry
from promoter.inspection.explain import Step, explain_hops
from promoter.inspection.live_evidence import look_up
from promoter.inspection.ports import EntryReader, Reader, Unknown
from promoter.packages.candidate import Candidate
from promoter.packages.package import Package
from promoter.rules.evidence import Evidence
from promoter.rules.rule_set import RuleSet
from promoter.rules.vocabulary import ReasonCode, Verdict


class Journey(Struct, frozen=True):
    """The repositories that have a version, and a step for each hop that leaves one of them.

    `evidence` is by repository. `unread` are the answers that could not be read.
    """

    found: dict[str, Description]
    steps: tuple[Step, ...]
    evidence: dict[str, Evidence] = {}
    unread: tuple[Unknown, ...] = ()


def trace_version(
    reader: Reader,
    answers: Answers,
    rule_set: RuleSet,
    package: Package,
    version: str,
    now: float,
    available_since: float | None = None,
) -> Journey:
    """Look the version and the answers about it up in every repository, and decide at `now`; raises ApiError.

    `available_since` replaces publishedTime. Both are in UTC seconds since the epoch.
    """
    looked_up = {name: reader.find(name, package, version) for name in rule_set.repositories}
    found = {name: description for name, description in looked_up.items() if description is not None}
    steps: list[Step] = []
    evidence: dict[str, Evidence] = {}
    unread: list[Unknown] = []
    for repository, description in found.items():
        start = description.published if available_since is None else available_since
        candidate = Candidate(package, version, description.revision, repository, start)
        live = look_up(candidate, description, rule_set, answers, now)
        evidence[repository] = live.evidence
        unread += live.unread
        for step in explain_hops(candidate, live.evidence, rule_set, now):
            steps.append(_compared(step, description, found.get(step.hop.destination), reader))
    return Journey(found, tuple(steps), evidence, tuple(unread))


def may_have_entry(step: Step) -> bool:
    """True if the pipeline may keep a pending entry for this step."""
    decided = step.decision is not None and step.decision.verdict is not Verdict.REJECT
    return decided and step.outcome is None


def with_entries(
    journey: Journey, rule_set: RuleSet, entries: EntryReader, now: float, *, keep_time: bool
) -> Journey:
    """The journey with the pending entries of its steps; raises ApiError.

    An entry knows when the revision arrived, so its step is decided again at `now` (UTC seconds since the epoch). With
    `keep_time` the steps keep their times.
    """
    steps = (
        _with_entry(step, journey, rule_set, entries, now, keep_time) if may_have_entry(step) else step
        for step in journey.steps
    )
    return replace(journey, steps=tuple(steps))


def _with_entry(
    step: Step, journey: Journey, rule_set: RuleSet, entries: EntryReader, now: float, keep_time: bool
) -> Step:
    entry = find_entry(entries, step.candidate, step.hop, rule_set.domain)
    if entry is None:
        return replace(step, forgotten=_needs_entry(step))
    if keep_time:
        return replace(step, entry=entry)
    candidate = replace(step.candidate, available_since=entry.candidate.available_since)
    again = explain_hops(candidate, journey.evidence[candidate.repository], rule_set, now)
    decided = next(each for each in again if each.hop == step.hop)
    return replace(decided, entry=entry)


def _needs_entry(step: Step) -> bool:
    """True if the version waits. The pipeline keeps no entry of what nobody has requested."""
    if step.decision is None or step.decision.verdict is Verdict.PROMOTE:
        return False
    return step.decision.decisive_code is not ReasonCode.MANUAL


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
