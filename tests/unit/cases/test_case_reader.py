"""case_reader: a table becomes a case."""

from datetime import UTC, datetime

import pytest

from promoter.packages.package import Package
from promoter.rules.evidence import Evidence
from tests.support.samples import promotion, rules
from tests.unit.cases.support import INSIDE, case_text, mistakes, read, read_one

NOON = datetime(2026, 1, 2, 12, tzinfo=UTC).timestamp()


def test_a_case_has_a_version_in_a_repository() -> None:
    candidate = read_one('revision = "r9"').candidate

    assert candidate.package == Package("npm", "acme", "widget")
    assert (candidate.version, candidate.revision, candidate.repository) == ("1.0.0", "r9", "dev")


def test_a_case_without_a_repository_is_in_the_only_source() -> None:
    text = case_text('repository = "dev"').replace('repository = "dev"\n', "")

    [case] = read(text, rules(promotion()))

    assert case.candidate.repository == "dev"


def test_a_case_without_times_is_decided_at_a_fixed_time() -> None:
    case = read_one()

    assert (case.now, case.candidate.available_since) == (NOON, NOON)


def test_the_time_of_arrival_is_now_unless_it_is_given() -> None:
    now = read_one("now = 2026-06-01T00:00:00Z")
    both = read_one("now = 2026-06-01T00:00:00Z", "since = 2026-05-31T22:00:00Z")

    assert now.candidate.available_since == now.now
    assert both.now - both.candidate.available_since == 7200


def test_the_origin_and_the_status_are_evidence() -> None:
    assert read_one('origin = "external"', 'status = "Archived"').evidence == Evidence("external", "Archived")


@pytest.mark.parametrize(
    ("lines", "problem", "fix"),
    [
        (['origin = "public"'], 'origin "public" of case "one" is not one of', "known: external, internal"),
        (['status = "archived"'], 'status "archived" of case "one" is not one of', 'did you mean "Archived"'),
        (["now = 2026-06-01"], "now 2026-06-01", "write a date and a time with its zone"),
        (
            ["since = 2026-06-01T00:00:00"],
            "since 2026-06-01T00:00:00",
            "write a date and a time with its zone",
        ),
        (["now = 0001-01-01T00:00:00+14:00"], 'now of case "one" is outside the calendar', ""),
        (
            ['repository = "qa"'],
            'no promotion starts or ends in repository "qa"',
            "known: dev, prod, staging",
        ),
        (
            ['rules = "npm"'],
            'case "one" names rules "npm", which the file does not have',
            "leave `rules` out",
        ),
        (["met = 1"], 'met 1 of case "one" must be an array, not an integer', ""),
    ],
)
def test_a_wrong_value_names_the_fix(lines: list[str], problem: str, fix: str) -> None:
    found = mistakes(case_text(*lines))

    assert problem in found
    assert fix in found
    assert "  --> rules.cases.toml:" in found


@pytest.mark.parametrize(
    ("version", "problem", "fix"),
    [
        ("pkg:npm/@acme/widget", 'version "pkg:npm/@acme/widget" of case "one" has no version', "@1.2.3"),
        ("@acme/widget@1.0.0", "is not a Package URL", "write "),
        ("pkg:npm/@acme/*@1.0.0", "is a pattern", "name one package"),
    ],
)
def test_a_wrong_version_names_the_fix(version: str, problem: str, fix: str) -> None:
    found = mistakes(case_text(version=f'version = "{version}"'))

    assert problem in found
    assert fix in found


def test_a_case_without_a_repository_names_the_sources_if_there_are_several() -> None:
    found = mistakes(case_text().replace('repository = "dev"\n', ""))

    assert 'case "one" has no repository, and the rules promote from dev, staging' in found
    assert 'write repository = "dev"' in found


def test_a_case_names_its_rules_if_the_file_has_several() -> None:
    two = INSIDE + INSIDE.partition("\n")[2].replace("npm = '''", "other = '''")

    assert "name one of npm, other" in mistakes(two + case_text())
    assert read(two + case_text('rules = "other"'))[0].name == "one"
    assert 'did you mean "other"?' in mistakes(two + case_text('rules = "othr"'))


def test_rules_without_a_text_are_an_error() -> None:
    assert "give [rules] a text, or remove [rules]" in mistakes("[rules]\n" + case_text())
