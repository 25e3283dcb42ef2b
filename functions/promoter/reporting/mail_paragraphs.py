"""What happened to one version, as a paragraph of a mail."""

from collections.abc import Sequence

from promoter.copying.results import NPM_LATEST, AssetDifference, Outcome, OutcomeKind, Result
from promoter.rules.decision import Decision
from promoter.rules.reasons import Reason
from promoter.rules.vocabulary import ReasonCode, Verdict

MAX_SHOWN = 20  # versions, and assets of a version; the rest is counted
_UNNAMED = frozenset({ReasonCode.APPROVAL, ReasonCode.MANUAL, ReasonCode.SOAK})


def paragraph(result: Result) -> str:
    """What happened to a version, and why."""
    candidate, hop = result.candidate, result.promotion.hop
    name = f"{candidate.package.title} {candidate.version} ({candidate.package.format})"
    if result.outcome is not None:
        return _outcome_paragraph(name, result.outcome, hop.destination, hop.source)
    assert result.decision is not None  # a result without an outcome has a decision
    verb = "was rejected" if result.decision.verdict is Verdict.REJECT else "is held"
    return f"{name} {verb} on the way from {hop.source} to {hop.destination}:\n{_unmet(result.decision)}"


def short_reason(result: Result) -> str:
    """Why, in a few words, for a row of a table; "" if the version was copied."""
    if result.outcome is not None:
        if result.outcome.kind is OutcomeKind.COPIED and result.outcome.code != NPM_LATEST:
            return "files were added" if result.outcome.extended else ""
        return "files were added later" if result.outcome.only_added else result.outcome.code
    assert result.decision is not None  # a result without an outcome has a decision
    unmet = [each for each in result.decision.reasons if not each.met and each.counts]
    return ", ".join(dict.fromkeys(_short(each) for each in unmet))


def _short(reason: Reason) -> str:
    return f"{reason.code} {reason.name}" if reason.code == ReasonCode.CHECK else str(reason.code)


def _unmet(decision: Decision) -> str:
    return "\n".join(f"  {_label(each)}{each.marked_text}" for each in decision.reasons if not each.met)


def _label(reason: Reason) -> str:
    """The name of a condition whose sentence does not name it."""
    return f"{reason.code} " if reason.name else f"{reason.code}: " if reason.code in _UNNAMED else ""


def _outcome_paragraph(name: str, outcome: Outcome, destination: str, source: str) -> str:
    if outcome.code == NPM_LATEST:
        return f"{name} is in {destination}, but without the tag latest:\n  {outcome.text}"
    if outcome.kind == "copied":
        verb = "got more files in" if outcome.extended else "was promoted to"
        return f"{name} {verb} {destination}."
    if outcome.kind is OutcomeKind.EXPIRED:
        return f"{name} is no longer decided for {destination}: {outcome.text}."
    if outcome.only_added:
        added = "\n".join(f"  {each.name}" for each in outcome.differences[:MAX_SHOWN])
        return f"Files were added to {name} in {source} after it was promoted:\n{added}\n{destination} keeps its files."
    if outcome.differences:
        files = _differences(outcome.differences, destination, source)
        return f"{destination} already has {name} with different files:\n{files}\nNothing was changed."
    return f"{name} was not copied to {destination}: {outcome.code}\n  {outcome.text}"


def _differences(differences: Sequence[AssetDifference], destination: str, source: str) -> str:
    shown = differences[:MAX_SHOWN]
    width = min(40, max(len(each.name) for each in shown))
    lines = [
        f"  {each.name:<{width}}   {destination} {_hash(each.destination)}   {source} {_hash(each.source)}"
        for each in shown
    ]
    if len(differences) > MAX_SHOWN:
        lines.append(f"  and {len(differences) - MAX_SHOWN} more")
    return "\n".join(lines)


def _hash(sha256: str) -> str:
    return f"sha256 {sha256[:8]}..." if sha256 else "missing"
