"""history: the recorded decisions about a version."""

from promoter.inspection.history import search_term, select_decisions
from promoter.packages.package import Package
from tests.support.samples import MORNING, WIDGET, promotion, rules
from tests.unit.inspection.test_replay import recorded_lines

RULES = rules(promotion("a"), promotion("b", "staging -> prod"))
OTHER = Package("npm", "acme", "widget-core")


def lines(
    *versions: str, package: Package = WIDGET, now: float = MORNING, repository: str = "dev"
) -> list[str]:
    return [
        line.decode()
        for version in versions
        for line in recorded_lines(RULES, now=now, version=version, package=package, repository=repository)
    ]


def test_only_the_decisions_about_the_version_are_selected_oldest_first() -> None:
    log = [
        *lines("1.0.0", now=MORNING + 60, repository="staging"),
        *lines("1.0.0", "1.0.0-rc.1", "11.0.0"),
        *lines("1.0.0", package=OTHER),
        '{"level":"INFO","message":"counts","about":"pkg:npm/%40acme/widget@1.0.0"}',
    ]

    found = select_decisions(log, WIDGET, "1.0.0")

    assert [each.recorded.promotion for each in found.decisions] == ["a", "b"]
    assert [each.line for each in found.decisions] == [log[1], log[0]]
    assert found.unreadable == 0


def test_without_a_version_every_version_of_the_package_is_selected() -> None:
    found = select_decisions([*lines("1.0.0", "2.0.0"), *lines("1.0.0", package=OTHER)], WIDGET, "")

    assert [each.recorded.version for each in found.decisions] == ["1.0.0", "2.0.0"]


def test_a_line_of_an_older_version_has_the_time_of_its_event() -> None:
    [line] = lines("1.0.0", now=MORNING + 60)

    [found] = select_decisions([line.replace('"decided"', '"at"')], WIDGET, "1.0.0").decisions

    assert found.decided_at.timestamp() == MORNING


def test_a_line_that_is_cut_off_is_counted_if_it_is_about_the_version() -> None:
    cut = [line[:-9] for line in lines("1.0.0", "2.0.0")]

    found = select_decisions(cut, WIDGET, "1.0.0")

    assert (found.decisions, found.unreadable) == ([], 1)


def test_the_term_is_in_every_line_about_the_version_and_has_no_quote() -> None:
    package = Package("npm", "acme", "we\"ird'\\name")
    for version in ("1.0.0", "", "1+b \u00fc"):
        term = search_term(package, version)
        assert '"' not in term
        assert all(term in line for line in lines(version or "2.0.0", package=package))


def test_a_term_that_is_too_long_is_not_searched_for() -> None:
    assert search_term(Package("generic", "\u00fc" * 200, "name"), "1.0") == ""
