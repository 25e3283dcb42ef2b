"""A step of a version, as people read it: the promotion that decides, every condition, and who has to act."""

import click
from msgspec import Struct

from promoter.cli.terminal import show_table
from promoter.inspection.explain import Step
from promoter.packages.candidate import Candidate
from promoter.reporting.next_steps import decisive_code, docs_link, next_step
from promoter.rules.conditions import Reason
from promoter.rules.rule_set import Promotion, RuleSet
from promoter.rules_file.diagnostics import line_of
from promoter.times import format_time

# publishedTime is no age (User Guide: package-version-age-gating); the pipeline goes by the time of its event
SOAK_FROM_AWS = "counted from AWS' publishedTime, which need not be when the revision came"
SOAK_FROM_NOW = "counted from now"


class Rules(Struct, frozen=True):
    """The rule set with the text and the name of its file."""

    rule_set: RuleSet
    source: str
    file: str

    def place(self, promotion: Promotion) -> str:
        """Where a promotion stands: `functions/rules.toml:41, ruleset 4f1c9e02`."""
        index = self.rule_set.promotions.index(promotion)
        return f"{self.file}:{line_of(('promotion', index), self.source)}, ruleset {self.rule_set.digest}"


def since_of(candidate: Candidate, now: float) -> str:
    """Since when it stands there, where that is not now."""
    return f" since {format_time(candidate.since)}" if candidate.since < now else ""


def show_step(step: Step, rules: Rules, soak_note: str = "", *, live: bool = False) -> None:
    """Print a step; `soak_note` says where the time comes from since when it stands there.

    `live` says that AWS was asked, so that a version that may move has not moved yet.
    """
    hop = f"  {step.hop.source} -> {step.hop.destination}   "
    if step.decision is None:
        click.echo(f"{hop}not-selected{'  there already' if step.arrived else ''}")
        _show_unsure(step)
        if not step.unsure and not step.arrived:
            click.echo("  Next: whoever owns the rules adds it to a promotion, if it is meant to move.")
        return
    head = f"{step.decision.promotion.name}  ({rules.place(step.decision.promotion)})"
    if step.arrived:
        click.echo(f"{hop}{head}  there already")
        return
    observed = ", only observed" if step.decision.promotion.mode == "observe" else ""
    click.echo(f"{hop}{head}  {step.verdict.upper()}{observed}")
    show_table([_row(reason) for reason in step.decision.reasons])
    if soak_note and any(reason.code == "soak" for reason in step.decision.reasons):
        click.echo(f"  the soak is {soak_note}; --since TIME says it better")
    if step.later:
        names = ", ".join(promotion.name for promotion in step.later)
        click.echo(f"  later in the file, so not asked: {names}")
    _show_unsure(step)
    if step.diverged:
        _show_differences(step)
        return
    click.echo(f"  Next: {next_step(step.decision, rules.rule_set.domain, live=live)}")
    _show_anchor(decisive_code(step.decision))


def _row(reason: Reason) -> tuple[str, str, str]:
    text = reason.text.removeprefix(f"{reason.code} ")  # the column before it says so
    seen = "" if reason.seen in text else f"seen {reason.seen}, "
    more = "" if reason.wanted in text else f"  ({seen}wanted {reason.wanted})"
    return "ok" if reason.met else "no", reason.code, text + more


def _show_unsure(step: Step) -> None:
    for promotion in step.unsure:
        click.echo(
            f"  {promotion.name} comes first, if the package is {promotion.origin}: "
            f"say --origin {promotion.origin}, or leave out --in"
        )


def _show_differences(step: Step) -> None:
    assert step.outcome is not None
    rows = [
        ("!", each.name, f"{step.hop.destination} {short(each.destination)}", f"here {short(each.source)}")
        for each in step.outcome.differences
    ]
    click.echo(f"  {step.hop.destination} already holds this version with other contents:")
    show_table(rows)
    click.echo(f"  Next: {next_step(step.outcome.code)}")
    _show_anchor(step.outcome.code)


def _show_anchor(code: str) -> None:
    if code:
        click.echo(f"  What this code means: {docs_link(code)}")


def short(digest: str) -> str:
    """The beginning of a hash, for people."""
    return f"{digest[:8]}.." if digest else "has none"
