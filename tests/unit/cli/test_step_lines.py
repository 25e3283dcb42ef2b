"""step_lines: a step as people read it, with the same next step as in mails and chat."""

import pytest
from msgspec.structs import replace

from promoter.cli.step_lines import RulesFile, short_hash, show_step
from promoter.copying.results import AssetDifference, Outcome, OutcomeKind, Result
from promoter.inspection.explain import Step, explain_hops
from promoter.packages.candidate import Delivery
from promoter.reporting.chat import chat_notification
from promoter.reporting.email import Letter, text
from promoter.reporting.next_steps import NEXT_STEPS, decisive_code, next_step
from promoter.reporting.notifications import Notification
from promoter.reporting.place import Place
from promoter.reporting.plain_text import wrap
from promoter.rules.evidence import Evidence
from promoter.rules.rule_set import RuleSet
from promoter.rules.vocabulary import ReasonCode
from tests.support.samples import MORNING, candidate, promotion, rules

HOLD = '[[hold]]\npackage = "pkg:npm/@acme/widget"\nreason = "leaks"\n'
DIFFERS = Outcome(
    OutcomeKind.FAILED,
    "ALREADY_EXISTS",
    "staging already has this version with different files",
    differences=(
        AssetDifference("package.tgz", "1a" * 32, "77" * 32),
        AssetDifference("new.js", "2b" * 32, ""),
    ),
)


def step(rule_set: RuleSet, outcome: Outcome | None = None) -> Step:
    [only] = explain_hops(candidate("1.0.0-rc.1"), Evidence("internal"), rule_set, MORNING)
    return Step(only.hop, only.candidate, only.decision, outcome=outcome)


def shown(
    capsys: pytest.CaptureFixture[str], step: Step, rule_set: RuleSet, note: str = "", *, live: bool = False
) -> list[str]:
    show_step(step, RulesFile(rule_set, "", "rules.toml"), note, live=live)
    return capsys.readouterr().out.splitlines()


def test_a_version_that_arrived_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    rule_set = rules(promotion(exclude=["pkg:npm/@acme/*"]))

    [line] = shown(capsys, step(rule_set, Outcome(OutcomeKind.UNCHANGED)), rule_set)

    assert line.startswith("  dev -> staging   npm-to-staging  (rules.toml:")
    assert line.endswith(")  already in staging")


def test_a_version_that_arrived_without_a_promotion_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    rule_set = rules(promotion(packages=["pkg:pypi/x"]))

    lines = shown(capsys, step(rule_set, Outcome(OutcomeKind.UNCHANGED)), rule_set)

    assert lines == ["  dev -> staging   not-selected  already in staging"]


def test_different_files_are_shown_with_both_hashes(capsys: pytest.CaptureFixture[str]) -> None:
    lines = shown(capsys, step(rules(), DIFFERS), rules())

    assert lines[1:] == [
        "  staging already has this version with different files:",
        "  !  package.tgz  staging 77777777..  / dev 1a1a1a1a..",
        "  !  new.js       staging missing     / dev 2b2b2b2b..",
        f"  Next: {next_step('ALREADY_EXISTS')}",
        "  About this code: docs/reasons.md#already-exists",
    ]


ADDED = Outcome(
    OutcomeKind.FAILED,
    "ALREADY_EXISTS",
    "files were added in dev after the version was promoted to staging",
    differences=(AssetDifference("a.whl", "1a" * 32, ""),),
    only_added=True,
)
GONE = Outcome(
    OutcomeKind.FAILED, "ALREADY_EXISTS", "the version is Disposed in staging; it is never changed there"
)


def test_files_that_were_only_added_are_told_as_added(capsys: pytest.CaptureFixture[str]) -> None:
    lines = shown(capsys, step(rules(), ADDED), rules())

    assert lines[1:] == [
        "  files were added in dev after the version was promoted to staging:",
        "  !  a.whl  staging missing  / dev 1a1a1a1a..",
        f"  Next: {next_step('files-added')}",
        "  About this code: docs/reasons.md#files-added",
    ]


def test_a_version_that_was_disposed_in_the_destination_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    lines = shown(capsys, replace(step(rules(), GONE), destination_status="Disposed"), rules())

    assert lines[1:] == [
        "  the version is Disposed in staging; it is never changed there",
        f"  Next: {next_step('ALREADY_EXISTS')}",
        "  About this code: docs/reasons.md#already-exists",
    ]


@pytest.mark.parametrize(
    ("status", "effect"),
    [
        ("Archived", "package managers cannot install it"),
        ("Unlisted", "package managers do not list it, but install it by its exact version"),
    ],
)
def test_a_version_that_arrived_but_is_not_published_there_says_what_follows(
    capsys: pytest.CaptureFixture[str], status: str, effect: str
) -> None:
    arrived = replace(step(rules(), Outcome(OutcomeKind.UNCHANGED)), destination_status=status)

    head, *lines = shown(capsys, arrived, rules())

    assert head.endswith("already in staging")
    assert lines == [
        f"  {status} in staging: {effect}. The pipeline never changes a status.",
        f"  Next: {next_step('destination-status')}",
        "  About this code: docs/reasons.md#destination-status",
    ]


def test_a_version_that_arrived_and_is_published_there_needs_nothing(
    capsys: pytest.CaptureFixture[str],
) -> None:
    arrived = replace(step(rules(), Outcome(OutcomeKind.UNCHANGED)), destination_status="Published")

    assert len(shown(capsys, arrived, rules())) == 1


@pytest.mark.parametrize(
    ("mode", "outcome", "status", "copies"),
    [
        ("extend", ADDED, "Published", True),
        ("extend", DIFFERS, "Published", False),
        ("overwrite", DIFFERS, "Published", True),
        ("overwrite", DIFFERS, "Unlisted", True),
        ("overwrite", DIFFERS, "Archived", False),
        ("overwrite", GONE, "Disposed", False),
        ("fail", ADDED, "Published", False),
        ("fail", DIFFERS, "Published", False),
    ],
)
def test_a_conflict_that_the_rules_resolve_is_not_sent_to_the_publisher(
    capsys: pytest.CaptureFixture[str], mode: str, outcome: Outcome, status: str, copies: bool
) -> None:
    rule_set = rules(promotion(on_conflict=mode))

    lines = shown(capsys, replace(step(rule_set, outcome), destination_status=status), rule_set)

    [next_line] = [line for line in lines if "Next:" in line]
    assert (f'on-conflict = "{mode}" copies it' in next_line) is copies
    assert any(line.endswith("--allow-overwrite") for line in lines) is copies


def test_a_conflict_of_a_version_that_is_rejected_anyway_is_not_resolved(
    capsys: pytest.CaptureFixture[str],
) -> None:
    rule_set = rules(promotion(on_conflict="extend", exclude=["pkg:npm/@acme/*"]))

    assert not any("--allow-overwrite" in line for line in shown(capsys, step(rule_set, ADDED), rule_set))


def test_the_note_about_a_soak_is_shown_only_with_a_soak(capsys: pytest.CaptureFixture[str]) -> None:
    soaking = rules(promotion(soak="1h"))
    note = "  the soak counts from lunch; use --since to give the exact time"

    assert note in shown(capsys, step(soaking), soaking, "counts from lunch")
    assert note not in shown(capsys, step(rules()), rules(), "counts from lunch")


def test_a_version_to_promote_shows_the_command_if_aws_was_asked(capsys: pytest.CaptureFixture[str]) -> None:
    assert any("  $ aws codeartifact" in line for line in shown(capsys, step(rules()), rules(), live=True))
    assert not any("$" in line for line in shown(capsys, step(rules()), rules()))


def test_a_short_hash_is_the_beginning() -> None:
    assert (short_hash("1a" * 32), short_hash("")) == ("1a1a1a1a..", "missing")


def test_a_waived_reason_is_marked_with_the_end_and_the_reason_of_the_waiver(
    capsys: pytest.CaptureFixture[str],
) -> None:
    waiver = (
        '[[waive]]\npackage = "pkg:npm/@acme/*"\nconditions = ["soak"]\nreason = "fix"\n'
        "until = 2026-12-01T08:00:00Z\n"
    )
    rule_set = rules(promotion(soak="1h"), waiver)

    lines = shown(capsys, step(rule_set), rule_set)

    assert '  no  soak  0s of 1h (waived until 2026-12-01T08:00:00Z: "fix")' in lines


STOPPED = {
    "exclude": rules(promotion(exclude=["pkg:npm/@acme/*"])),
    "versions": rules(promotion(versions="^2")),
    "prerelease": rules(promotion(prereleases=False)),
    "soak": rules(promotion(soak="1h")),
    "window": rules(promotion(), '[[window]]\nallow = "Sat 00:00-24:00 UTC"'),
    "check": rules(promotion(checks=["sca"])),
    "approval": rules(promotion(approval=True)),
    "manual": rules(promotion(mode="manual")),
    "hold": rules(promotion(), HOLD),
}


@pytest.mark.parametrize(("code", "rule_set"), STOPPED.items(), ids=STOPPED)
def test_mail_chat_and_command_line_say_the_same_next_step(
    code: str, rule_set: RuleSet, capsys: pytest.CaptureFixture[str]
) -> None:
    say_the_same(code, step(rule_set), rule_set, capsys)


def test_a_version_without_approval_and_under_a_hold_is_held_everywhere(
    capsys: pytest.CaptureFixture[str],
) -> None:
    both = rules(promotion(approval=True), HOLD)

    say_the_same("hold", step(both), both, capsys)


@pytest.mark.parametrize(
    ("code", "outcome"), [("ALREADY_EXISTS", DIFFERS), ("ALREADY_EXISTS", GONE), ("files-added", ADDED)]
)
def test_a_conflict_has_the_same_next_step_everywhere(
    capsys: pytest.CaptureFixture[str], code: str, outcome: Outcome
) -> None:
    say_the_same(code, step(rules(), outcome), rules(), capsys)


def say_the_same(code: str, step: Step, rule_set: RuleSet, capsys: pytest.CaptureFixture[str]) -> None:
    assert step.decision is not None
    result = Result.of(step.decision, Delivery("m1"), step.outcome)
    notification = [Notification("failed" if step.outcome else "approval", result)]
    mail = text(Letter(notification, [result], "acme", "4f1c9e02", "request-1", Place(), 0.0))
    chat = chat_notification(notification, "subject", "text", Place())["content"]["nextSteps"]
    lines = shown(capsys, step, rule_set)

    assert decisive_code(result) == code
    assert f"\n\n{wrap(NEXT_STEPS[code])}\n" in mail
    assert [each.startswith(NEXT_STEPS[code]) for each in chat] == [True]
    assert [line.startswith(f"  Next: {NEXT_STEPS[code]}") for line in lines if "Next:" in line] == [True]


def test_every_code_of_a_decision_is_compared() -> None:
    """`source-status` and `not-selected` have no notification."""
    assert STOPPED.keys() | {"source-status", "not-selected"} == set(ReasonCode)
