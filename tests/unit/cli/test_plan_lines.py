"""plan_lines: the comparison of a hop as people read it."""

import pytest
from msgspec.structs import replace

from promoter.cli.plan_groups import counts_to_json
from promoter.cli.plan_lines import show_comparison, show_next_step, show_summary, show_upstreams
from promoter.copying.ports import ApiError
from promoter.copying.results import AssetDifference, Outcome, OutcomeKind
from promoter.inspection.comparison import Comparison
from promoter.inspection.upstream_check import UpstreamCheck
from promoter.inspection.upstreams import UpstreamProblems
from promoter.rules.rule_set import RuleSet
from tests.support.samples import decision, promotion, result, rules

REJECTED = rules(promotion(exclude=["pkg:npm/@acme/w*"]))
HELD = rules(promotion(approval=True))
WAITING = rules(promotion(soak="24h"))
PROMOTED = rules()
OBSERVED = rules(promotion(mode="observe"))
DIFFERENCE = AssetDifference("package.tgz", "1a" * 32, "")
DIFFERS = Outcome(OutcomeKind.FAILED, "ALREADY_EXISTS", "exists", differences=(DIFFERENCE,))


ADDED = replace(DIFFERS, only_added=True)
GONE = replace(DIFFERS, text="the version is Disposed in staging", differences=())


def comparison(
    *rule_sets: RuleSet, differs: bool = False, present: int = 0, uncompared: int = 0
) -> Comparison:
    """One version is missing for each rule set."""
    missing = tuple(decision(each, version=f"1.{number}.0") for number, each in enumerate(rule_sets))
    diverged = (result(DIFFERS, version="0.9.0"),) if differs else ()
    [hop_rules] = rules().all_hops
    return Comparison(hop_rules, missing, diverged, present, uncompared)


def shown(capsys: pytest.CaptureFixture[str], comparison: Comparison) -> list[str]:
    show_comparison(comparison)
    return capsys.readouterr().out.splitlines()


def test_a_hop_has_its_counts_and_a_line_for_each_version_with_its_reason(
    capsys: pytest.CaptureFixture[str],
) -> None:
    head, *lines = shown(
        capsys, comparison(REJECTED, HELD, WAITING, PROMOTED, OBSERVED, differs=True, present=7)
    )

    assert head == (
        "dev -> staging   1 copy now, 1 only observed, 1 wait, 1 need a person, 1 rejected; "
        "5 of 12 never promoted, 1 with different files"
    )
    assert lines == [
        "  +  npm  @acme/widget 1.3.0",
        "  +  npm  @acme/widget 1.4.0  only observed",
        "  ?  npm  @acme/widget 1.2.0  soak: 0s of 24h",
        "  ?  npm  @acme/widget 1.1.0  approval: not looked up",
        '  x  npm  @acme/widget 1.0.0  exclude "pkg:npm/@acme/w*"',
        "  !  npm  @acme/widget 0.9.0  package.tgz: staging missing / dev 1a1a1a1a..",
    ]


def test_more_versions_than_the_limit_are_counted_by_reason(capsys: pytest.CaptureFixture[str]) -> None:
    found = comparison(REJECTED, REJECTED, REJECTED, HELD, PROMOTED, PROMOTED)

    show_comparison(found, limit=1)

    _, *lines = capsys.readouterr().out.splitlines()
    assert lines == [
        "  +  npm  @acme/widget 1.4.0",
        "          \u2026 and 1 more        copy now; --limit shows more, --summary counts",
        "  ?  npm  @acme/widget 1.3.0  approval: not looked up",
        '  x  npm  @acme/widget 1.0.0  exclude "pkg:npm/@acme/w*"',
        "          \u2026 and 2 more        exclude; --limit shows more, --summary counts",
    ]


def test_a_summary_has_a_line_for_each_reason(capsys: pytest.CaptureFixture[str]) -> None:
    show_summary(comparison(*[REJECTED] * 10, HELD, PROMOTED, OBSERVED, differs=True, present=7))

    head, *lines = capsys.readouterr().out.splitlines()
    assert head.startswith("dev -> staging   1 copy now, 1 only observed, 1 need a person, 10 rejected; ")
    assert lines == [
        "  +   1  copy now       such as npm @acme/widget 1.11.0",
        "  +   1  only observed  such as npm @acme/widget 1.12.0",
        "  ?   1  approval       such as npm @acme/widget 1.10.0",
        "  x  10  exclude        such as npm @acme/widget 1.0.0",
        "  !   1  files          such as npm @acme/widget 0.9.0",
    ]


def test_the_counts_for_programs_add_up() -> None:
    found = comparison(*[REJECTED] * 2, HELD, WAITING, PROMOTED, OBSERVED, differs=True, present=7)

    assert counts_to_json(found) == {
        "copy": 1,
        "observe": 1,
        "wait": 1,
        "hold": 1,
        "reject": 2,
        "differentFiles": 1,
        "addedFiles": 0,
        "selected": 13,
        "byReason": {"soak": 1, "approval": 1, "exclude": 2},
    }


def test_a_hop_without_missing_versions_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    lines = shown(capsys, comparison(present=3))

    assert lines == ["dev -> staging   nothing to copy; 0 of 3 never promoted"]


def test_added_files_are_counted_apart_from_different_ones(capsys: pytest.CaptureFixture[str]) -> None:
    [hop_rules] = rules().all_hops
    diverged = tuple(result(each, version=f"0.{n}") for n, each in enumerate((ADDED, DIFFERS, ADDED)))

    head, *_ = shown(capsys, Comparison(hop_rules, (), diverged, 3))
    only_added, *_ = shown(capsys, Comparison(hop_rules, (), diverged[:1], 3))

    assert head.endswith("0 of 3 never promoted, 1 with different files, 2 with added files")
    assert only_added.endswith("0 of 3 never promoted, 1 with added files")


def test_a_version_that_was_disposed_in_the_destination_has_its_status(
    capsys: pytest.CaptureFixture[str],
) -> None:
    [hop_rules] = rules().all_hops

    lines = shown(capsys, Comparison(hop_rules, (), (result(GONE),), 1))

    assert lines[1:] == ["  !  npm  @acme/widget 1.0.0  the version is Disposed in staging"]


def test_upstreams_have_a_line_for_each_chain(capsys: pytest.CaptureFixture[str]) -> None:
    problems = UpstreamProblems((("prod", "staging"),), (("prod", "public:npmjs"),))
    denied = ApiError("AccessDeniedException", "no permission")

    show_upstreams(UpstreamCheck(problems, {"store": denied}))
    show_upstreams(UpstreamCheck(UpstreamProblems((), ()), {}))

    assert capsys.readouterr().out.splitlines() == [
        "fault: prod <- staging: clients of prod get every version of staging, promoted or not",
        "warning: prod <- public:npmjs: clients of prod get public packages that were not promoted",
        "upstreams unknown: cannot read the upstreams of store: no permission (AccessDeniedException); "
        "ask for the permission that the message names",
    ]


def test_a_hop_that_selects_nothing_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    assert shown(capsys, comparison()) == ["dev -> staging   nothing to copy; nothing is selected"]


def test_files_that_were_not_compared_are_counted(capsys: pytest.CaptureFixture[str]) -> None:
    lines = shown(capsys, comparison(present=3, uncompared=2))

    assert lines[1:] == [
        "  2 more have different revisions, and their files were not compared; raise the number with --compare"
    ]


def test_the_next_step_explains_the_first_version_that_is_stopped(capsys: pytest.CaptureFixture[str]) -> None:
    show_next_step([comparison(PROMOTED), comparison(PROMOTED, WAITING, REJECTED)])

    assert capsys.readouterr().out.splitlines() == [
        "A soak counts from AWS's publishedTime, which may differ from the arrival of the revision.",
        "Next: promoter explain pkg:npm/%40acme/widget@1.1.0   shows why, and what to do",
    ]


def test_different_files_have_a_next_step_too(capsys: pytest.CaptureFixture[str]) -> None:
    show_next_step([comparison(differs=True)])

    assert capsys.readouterr().out == (
        "Next: promoter explain pkg:npm/%40acme/widget@0.9.0   shows why, and what to do\n"
    )


def test_without_anything_to_act_on_there_is_no_next_step(capsys: pytest.CaptureFixture[str]) -> None:
    show_next_step([comparison(PROMOTED, OBSERVED)])

    assert capsys.readouterr().out == ""
