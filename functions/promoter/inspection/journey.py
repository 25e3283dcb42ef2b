"""Where a version stands, in every repository of the hop graph, and what is decided on the hops between them."""

import msgspec
from msgspec import Struct

from promoter.aws.listing import Description, Listing
from promoter.copying import outcome
from promoter.copying.plan import RevisionAttempt
from promoter.copying.results import Outcome, OutcomeKind
from promoter.inspection.explain import Step, explain_hops, with_reason
from promoter.packages.candidate import Candidate
from promoter.packages.package import Package
from promoter.rules.conditions import Reason
from promoter.rules.rule_set import Hop, RuleSet
from promoter.rules.vocabulary import Verdict
from promoter.times import format_ago, format_time

PUBLISHED = "Published"


class Journey(Struct, frozen=True):
    """A version's way: where it stands, by repository, and a step for each hop that leaves one of these."""

    standing: dict[str, Description]
    explain_hops: tuple[Step, ...]


def repositories_of(rule_set: RuleSet) -> list[str]:
    """Every repository of the graph, sources before what they lead to where the file has them so."""
    named = [name for each in rule_set.promotions for name in (each.source, each.destination)]
    return list(dict.fromkeys(named))


def trace_version(
    listing: Listing,
    rule_set: RuleSet,
    package: Package,
    version: str,
    now: float,
    since: float | None = None,
) -> Journey:
    """Look the version up everywhere, and decide at `now`; `since` (both UTC seconds) stands for publishedTime."""
    looked_up = {name: listing.describe(name, package, version) for name in repositories_of(rule_set)}
    standing = {name: found for name, found in looked_up.items() if found is not None}
    walked = []
    for repository, found in standing.items():
        start = found.published if since is None else since
        candidate = Candidate(package, version, found.revision, repository, start, origin=found.origin)
        for step in explain_hops(candidate, rule_set, now):
            there = standing.get(step.hop.destination)
            walked.append(_against(step, found, there, listing))
    return Journey(standing, tuple(walked))


def _against(step: Step, here: Description, there: Description | None, listing: Listing) -> Step:
    """The step with what stands downstream, or with the status that keeps it where it is."""
    if there is not None:
        return msgspec.structs.replace(step, outcome=_compared(step, here, there, listing))
    if here.status == PUBLISHED:
        return step
    text = f"{here.status} in {step.hop.source}; only what is {PUBLISHED} is promoted"
    return with_reason(step, Reason("source-status", False, here.status, PUBLISHED, text, Verdict.REJECT))


def _compared(step: Step, here: Description, there: Description, listing: Listing) -> Outcome:
    """Equal revisions are the same version; AWS promises nothing about others, so their files are compared."""
    candidate = step.candidate
    if here.revision == there.revision:
        return Outcome(OutcomeKind.UNCHANGED)
    source = listing.assets(step.hop.source, candidate.package, candidate.version)
    destination = listing.assets(step.hop.destination, candidate.package, candidate.version)
    pinned = RevisionAttempt(candidate.version, source.revision, ())
    found = outcome.compare(source, destination, pinned, "fail")
    assert found is not None  # only "extend" leaves it open
    return found


def head_lines(journey: Journey, rule_set: RuleSet, now: float) -> list[str]:
    """The graph in lines, each hop once: `dev * 3d ago -- staging * 2d ago --| prod   WAITS`.

    `*` has it; `--` it went, `->` it goes, `--|` it stops, `..` nothing to decide.
    """
    by_hop = {(step.hop.source, step.hop.destination): step for step in journey.steps}
    every = [hop for hops in rule_set.hops.values() for hop in hops]
    ends = {hop.destination for hop in every}
    left = sorted(every, key=lambda hop: hop.source in ends)  # what nothing leads to comes first
    lines = []
    while left:
        line, last = _repository(left[0].source, journey, now), None
        hop: Hop | None = left[0]
        while hop is not None:
            left.remove(hop)
            step = by_hop.get((hop.source, hop.destination))
            last = step if step is not None and not step.arrived else last
            line += f" {_arrow(step)} {_repository(hop.destination, journey, now)}"
            hop = next((each for each in left if each.source == hop.destination), None)
        lines.append(f"{line}   {_words(last)}".rstrip())
    return lines


def _repository(name: str, journey: Journey, now: float) -> str:
    found = journey.standing.get(name)
    if found is None:
        return name
    status = "" if found.status == PUBLISHED else f" {found.status}"
    return f"{name} *{status} {format_ago(now - found.published)}"


def _arrow(step: Step | None) -> str:
    if step is None:
        return ".."
    if step.arrived:
        return "--"
    return "->" if step.passes else "--|"


def _words(step: Step | None) -> str:
    """What stops it, in capitals."""
    if step is None:
        return ""
    if step.diverged:
        return "OTHER BYTES DOWNSTREAM"
    if step.decision is None:
        return "NOT SELECTED"
    if step.decision.verdict is Verdict.WAIT:
        return f"WAITS until {format_time(step.decision.until or 0)}"
    if step.passes:
        return "ON ITS WAY" if step.decision.promotion.mode == "enforce" else "OBSERVED ONLY"
    return "WAITS FOR A PERSON" if step.decision.verdict is Verdict.HOLD else "REJECTED"
