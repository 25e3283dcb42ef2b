"""Prints a step of a version: the promotion that decides, every condition, and what to do next."""

from msgspec import Struct

from promoter.cli.terminal import show_line, show_table
from promoter.copying.results import AssetDifference, Outcome, Result
from promoter.inspection.explain import Step
from promoter.packages.candidate import Delivery
from promoter.reporting.next_steps import (
    DESTINATION_STATUS,
    decisive_code,
    docs_link,
    next_step,
    next_step_of,
    next_step_of_conflict,
)
from promoter.rules.decision import Decision
from promoter.rules.reasons import Reason
from promoter.rules.rule_set import Promotion, RuleSet
from promoter.rules.vocabulary import ReasonCode
from promoter.rules_file.diagnostics import line_of
from promoter.times import format_time

# publishedTime is not a reliable age (User Guide: package-version-age-gating); the pipeline uses its event's time
SOAK_FROM_AWS = "counts from AWS's publishedTime, which may differ from the arrival of the revision"
SOAK_FROM_NOW = "counts from now"


STATUS_EFFECTS = {
    "Unlisted": "package managers do not list it, but install it by its exact version",
    "Archived": "package managers cannot install it",
}


class RulesFile(Struct, frozen=True):
    """A rule set, with the text and the name of its file."""

    rule_set: RuleSet
    source: str
    name: str

    def location(self, promotion: Promotion) -> str:
        """The line of a promotion and the ruleset: `functions/rules.toml:41, ruleset 4f1c9e02`."""
        index = self.rule_set.promotions.index(promotion)
        return f"{self.name}:{line_of(('promotion', index), self.source)}, ruleset {self.rule_set.digest}"


def show_step(step: Step, rules: RulesFile, soak_note: str = "", *, live: bool = False) -> None:
    """Print a step. `soak_note` says what a soak counts from; `live` is True if AWS was asked."""
    show_line(f"  {step.hop}   {_headline(step, rules)}")
    if step.arrived:
        _show_destination_status(step)
        return
    if step.decision is None:
        _show_unsure(step)
        if not step.unsure:
            _show_next_step(next_step(step.verdict), step.verdict)
        return
    _show_reasons(step, step.decision, "" if step.entry else soak_note)
    _show_entry(step)
    if step.outcome is not None:
        _show_conflict(step, step.decision, step.outcome, rules.rule_set.domain)
        return
    pending = step.entry is not None
    text = next_step_of(step.decision, rules.rule_set.domain, live=live, pending=pending)
    _show_next_step(text, step.decision.decisive_code or "")


def short_hash(sha256: str) -> str:
    """The beginning of a hash; `missing` if there is none."""
    return f"{sha256[:8]}.." if sha256 else "missing"


def _headline(step: Step, rules: RulesFile) -> str:
    if step.decision is None:
        return f"{step.verdict}{_arrival(step)}"
    promotion = step.decision.promotion
    head = f"{promotion.name}  ({rules.location(promotion)})"
    if step.arrived:
        return head + _arrival(step)
    return f"{head}  {step.verdict.upper()}{', only observed' if promotion.mode == 'observe' else ''}"


def _arrival(step: Step) -> str:
    return f"  already in {step.hop.destination}" if step.arrived else ""


def _show_destination_status(step: Step) -> None:
    """Say what follows from the status of a version that has arrived."""
    effect = STATUS_EFFECTS.get(step.destination_status)
    if effect is not None:
        show_line(
            f"  {step.destination_status} in {step.hop.destination}: {effect}. The pipeline never changes a status."
        )
        _show_next_step(next_step(DESTINATION_STATUS), DESTINATION_STATUS)


def _show_conflict(step: Step, decision: Decision, outcome: Outcome, domain: str) -> None:
    """Show what the destination has under the same version."""
    show_line(f"  {outcome.text}{':' if outcome.differences else ''}")
    show_table([_difference_row(step, each) for each in outcome.differences])
    result = Result.of(decision, Delivery(), outcome)
    _show_next_step(next_step_of_conflict(result, step.destination_status, domain), decisive_code(result))


def _show_reasons(step: Step, decision: Decision, soak_note: str) -> None:
    show_table([_reason_row(reason) for reason in decision.reasons])
    if soak_note and any(reason.code == ReasonCode.SOAK for reason in decision.reasons):
        show_line(f"  the soak {soak_note}; use --since to give the exact time")
    if step.later:
        names = ", ".join(promotion.name for promotion in step.later)
        show_line(f"  also match, but come later in the file: {names}")
    _show_unsure(step)


def _show_entry(step: Step) -> None:
    """Say when the pipeline decides again."""
    if step.forgotten:
        show_line(
            "  no pending entry: its event is still to come, or came before the pipeline or these rules were deployed"
        )
    if step.entry is not None:
        since, fires = format_time(step.candidate.available_since), format_time(step.entry.fires)
        show_line(f"  in {step.hop.source} since {since}; the pending entry fires at {fires}")


def _reason_row(reason: Reason) -> tuple[str, str, str]:
    text = reason.marked_text.removeprefix(f"{reason.code} ")  # the column before has the code
    seen = "" if reason.seen in text else f"seen {reason.seen}, "
    wanted = "" if reason.wanted in text else f"  ({seen}wanted {reason.wanted})"
    return "ok" if reason.met else "no", reason.code, text + wanted


def _show_unsure(step: Step) -> None:
    for promotion in step.unsure:
        show_line(
            f"  {promotion.name} decides if the package is {promotion.origin}: "
            f"use --origin {promotion.origin}, or omit --in to ask AWS"
        )


def _difference_row(step: Step, difference: AssetDifference) -> tuple[str, str, str, str]:
    destination = f"{step.hop.destination} {short_hash(difference.destination)}"
    return "!", difference.name, destination, f"/ {step.hop.source} {short_hash(difference.source)}"


def _show_next_step(text: str, code: str) -> None:
    show_line(f"  Next: {text}")
    if code:
        show_line(f"  About this code: {docs_link(code)}")
