"""next_steps: what to do next, by the code that decides."""

import pytest

from promoter.copying.results import Outcome, OutcomeKind
from promoter.packages.package import Package
from promoter.reporting.next_steps import copy_command, decisive_code, docs_link, next_step, next_step_of
from tests.support.samples import decision, promotion, result, rules

HOLD = '[[hold]]\npackage = "pkg:npm/@acme/widget"\nreason = "freeze"\n'
FAILED = Outcome(OutcomeKind.FAILED, "NOT_ALLOWED")
COPIED = Outcome(OutcomeKind.COPIED)


def test_the_code_is_that_of_the_outcome_or_of_the_reason_that_weighs_most() -> None:
    held_and_excluded = rules(promotion(exclude=["pkg:npm/@acme/*"]), HOLD)

    assert decisive_code(result(FAILED)) == "NOT_ALLOWED"
    assert decisive_code(result(COPIED)) == ""
    assert decisive_code(result(rule_set=held_and_excluded)) == "exclude"
    assert decisive_code(result(rule_set=rules(promotion(exclude=["pkg:npm/x"])))) == ""


def test_every_code_has_a_next_step_and_a_heading() -> None:
    assert (
        next_step("hold")
        == "To release the version, remove the [[hold]] entry from the rules and deploy them. "
        "The version is decided again within seven days."
    )
    assert next_step("unheard-of") == "Look the code up in the documentation."
    assert next_step("") == ""
    assert docs_link("ALREADY_EXISTS") == "docs/reasons.md#already-exists"


def test_a_version_without_approval_and_under_a_hold_is_held_wherever_it_is_asked() -> None:
    both = rules(promotion(approval=True), HOLD)

    assert decisive_code(result(rule_set=both)) == "hold"
    assert next_step_of(decision(both), "acme", live=True) == next_step("hold")


def test_a_version_that_needs_a_person_shows_the_commands_that_answer() -> None:
    text = next_step_of(decision(rules(promotion(approval=True))), "acme", live=True)

    assert text == (
        "Approve or refuse the version.\n"
        '  $ promoter approve pkg:npm/@acme/widget@1.0.0 --promotion npm-to-staging --reason "..."\n'
        '  $ promoter refuse pkg:npm/@acme/widget@1.0.0 --promotion npm-to-staging --reason "..."'
    )


def test_a_person_is_told_when_a_wait_ends() -> None:
    waiting = rules(promotion(), f"{HOLD}until = 2030-01-01T00:00:00Z\n")
    also_held = rules(promotion(approval=True), f"{HOLD}until = 2030-01-01T00:00:00Z\n")

    waits = next_step_of(decision(waiting), "acme", live=True)
    held = next_step_of(decision(also_held), "acme", live=True)

    assert waits == (
        "Nothing: the version is decided again when the hold ends. Not before 2030-01-01T00:00:00Z."
    )
    assert held.startswith(f"{next_step('approval')} Not before 2030-01-01T00:00:00Z.\n")


def test_a_version_that_may_be_promoted_shows_the_command_only_if_aws_was_asked() -> None:
    assert next_step_of(decision(), "acme", live=True).startswith(
        "Nothing, if the version is only minutes old. Otherwise its event was lost, or it was decided by other "
        "rules: copy the version by hand.\n  $ aws codeartifact copy-package-versions "
    )
    assert "$" not in next_step_of(decision(), "acme", live=False)


@pytest.mark.parametrize("code", ["soak", "window", "check", "approval", "manual", "hold", "bad-answer"])
def test_who_waits_is_never_asked_to_copy_by_hand(code: str) -> None:
    assert "copy" not in next_step(code)


def test_the_copy_command_pins_the_revision_if_it_is_known_and_quotes_for_the_shell() -> None:
    odd = decision(package=Package("npm", "", "it's"), revision="")

    assert copy_command(odd, "acme").endswith("""--format npm --package 'it'"'"'s' --versions 1.0.0""")


def test_what_is_observed_says_so() -> None:
    observed = decision(rules(promotion(mode="observe")))

    assert "only logs and counts" in next_step_of(observed, "acme", live=True)
    assert "when its event arrives" in next_step_of(decision(), "acme", live=False)
