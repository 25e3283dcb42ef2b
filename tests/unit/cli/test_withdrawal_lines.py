"""The lines of a withdrawal: before the question, and after the change."""

from typing import Any

import pytest
from msgspec.structs import replace

from promoter.cli.withdrawal_lines import Withdrawal, show_done, show_plan, withdrawal_to_json
from promoter.copying.ports import Description
from promoter.inspection.withdrawal import LatestMove
from tests.support.samples import MORNING, WIDGET

HOLD = '[[hold]]\npackage = "pkg:npm/@acme/widget@1.5.0"\nto = "prod"\nreason = "x"\n'
PLAN = Withdrawal(
    "prod",
    WIDGET,
    "1.5.0",
    Description("r1", "Published", MORNING),
    status="Unlisted",
    latest=LatestMove("1.4.2"),
    hold=HOLD,
    rules_name="rules.toml",
)
ALREADY = replace(PLAN, found=Description("r1", "Archived", MORNING), status=None, latest=None)


@pytest.fixture
def printed(capsys: pytest.CaptureFixture[str]) -> Any:
    def lines() -> list[str]:
        return capsys.readouterr().out.splitlines()

    return lines


def test_before_the_question_every_change_is_named(printed: Any) -> None:
    show_plan(PLAN)

    assert printed() == [
        "@acme/widget 1.5.0 is Published in prod, revision r1",
        "  status  Published -> Unlisted: package managers do not list it, but install it by its exact version",
        "  latest  1.5.0 -> 1.4.2",
    ]


@pytest.mark.parametrize(
    ("plan", "changes"),
    [
        (PLAN, True),
        (replace(PLAN, latest=None), True),
        (replace(PLAN, status=None), True),
        (replace(PLAN, status=None, latest=LatestMove()), False),
        (ALREADY, False),
    ],
)
def test_without_a_change_there_is_nothing_to_ask(plan: Withdrawal, changes: bool, printed: Any) -> None:
    show_plan(plan)

    assert plan.changes is changes
    assert ("  nothing to change" in printed()) is not changes


def test_the_entry_is_printed_as_it_has_to_be_committed(printed: Any) -> None:
    show_done(PLAN)

    assert printed() == [
        "Unlisted: @acme/widget 1.5.0 in prod",
        "latest is 1.4.2 in prod",
        "Add this to rules.toml and deploy it, so that the pipeline does not bring it back:",
        "",
        *HOLD.splitlines(),
        "",
        "Next: promoter explain pkg:npm/@acme/widget@1.5.0   shows where else it is",
    ]


def test_a_tag_that_was_not_moved_is_not_called_moved(printed: Any) -> None:
    show_done(replace(PLAN, tag_problem="cannot move it"))

    assert not any("latest is" in line for line in printed())


def test_rules_with_the_hold_need_no_entry(printed: Any) -> None:
    show_done(replace(ALREADY, hold=""))

    assert printed()[0] == "rules.toml already holds it"


def test_json_says_what_is_now() -> None:
    shape = withdrawal_to_json(PLAN)
    assert (shape["status"], shape["latest"]) == ({"before": "Published", "now": "Unlisted"}, "1.4.2")
    assert "problem" not in shape
    already = withdrawal_to_json(replace(ALREADY, hold="", tag_problem="denied"))
    assert already["status"] == {"before": "Archived", "now": "Archived"}
    assert (already["hold"], already["latest"], already["problem"]) == (None, None, "denied")
