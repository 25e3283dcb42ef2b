"""What happens next to a version, and who has to act."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

from promoter.rules.vocabulary import Verdict
from promoter.times import format_time

if TYPE_CHECKING:
    from promoter.rules.decision import Decision

_REJECTED = {
    "exclude": "Whoever owns the rules takes it out of `exclude`, if that is not meant.",
    "versions": "The publisher publishes a version in the range, or whoever owns the rules widens it.",
    "prerelease": "The publisher publishes the release; or the rules let prereleases in.",
    "source-status": "Whoever owns the repository sets it to Published again, if that is meant.",
}


def next_step(decision: Decision, domain: str, *, live: bool) -> str:
    """What happens next, in a sentence; `live` says that the version is known not to have moved yet."""
    code = decisive_code(decision)
    if decision.verdict is Verdict.PROMOTE:
        return _of_promotion(decision, domain, live=live)
    if decision.verdict is Verdict.WAIT:
        assert decision.until is not None
        return f"Nobody has to act before {format_time(decision.until)}."
    if code == "hold":
        return "Whoever wrote the [[hold]] entry takes it out of the rules and deploys them."
    if decision.verdict is Verdict.HOLD:
        until = max((each.until for each in decision.reasons if each.until is not None), default=None)
        whoever = (
            "A person who may do so"
            if until is None
            else f"From {format_time(until)} on a person who may do so"
        )
        return f"{whoever} copies it: {copy_command(decision, domain)}"
    return _REJECTED.get(code, "See what the code means.")


def decisive_code(decision: Decision) -> str:
    """The code of the first reason that weighs as much as the verdict; "" where nothing stands in the way.

    A `[[hold]]` comes before all others: nobody should be led past it.
    """
    if decision.verdict is Verdict.PROMOTE:
        return ""
    weighty = [reason.code for reason in decision.reasons if reason.verdict is decision.verdict]
    return "hold" if "hold" in weighty else weighty[0]


def copy_command(decision: Decision, domain: str) -> str:
    """What a person types to copy the version by hand, pinned to the revision where that is known."""
    candidate, promotion = decision.candidate, decision.promotion
    package = candidate.package
    pinned = f"{candidate.version}={candidate.revision}"
    words = [
        *("aws", "codeartifact", "copy-package-versions", "--domain", domain),
        *("--source-repository", promotion.source, "--destination-repository", promotion.destination),
        *("--format", package.format),
        *(("--namespace", package.namespace) if package.namespace else ()),
        *("--package", package.name),
        *(("--version-revisions", pinned) if candidate.revision else ("--versions", candidate.version)),
    ]
    return shlex.join(words)


def _of_promotion(decision: Decision, domain: str, *, live: bool) -> str:
    destination = decision.promotion.destination
    if decision.promotion.mode == "observe":
        return (
            f'Nothing is copied: mode = "observe" only logs and counts. "enforce" copies it to {destination}.'
        )
    if not live:
        return f"Nobody has to act: the pipeline copies it to {destination} when its event comes."
    by_hand = copy_command(decision, domain)
    return f"Its event takes minutes at most. If it was missed, a person who may do so copies it: {by_hand}"
