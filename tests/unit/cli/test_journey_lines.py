"""journey_lines: the repositories of a version and the arrows between them."""

from typing import Any

from promoter.cli.journey_lines import journey_lines
from promoter.inspection.journey import trace_version
from promoter.rules.rule_set import RuleSet
from tests.support.in_memory_reader import InMemoryReader
from tests.support.in_memory_waiting import InMemoryAnswers
from tests.support.samples import MORNING, WIDGET, promotion, rules

CHAIN = rules(promotion("one"), promotion("two", "staging -> prod"))
DAY = 86_400.0


def lines(domain: InMemoryReader, rule_set: RuleSet = CHAIN) -> list[str]:
    now = MORNING + 3 * DAY
    return journey_lines(
        trace_version(domain, InMemoryAnswers(), rule_set, WIDGET, "1.0.0", now), rule_set, now
    )


def domain(*repositories: str) -> InMemoryReader:
    """A domain in which these repositories have the version."""
    made = InMemoryReader.of("dev", "staging", "prod", "test")
    for repository in repositories:
        made.put(repository)
    return made


def test_a_version_on_its_way() -> None:
    assert lines(domain("dev")) == ["dev * 3d ago -> staging .. prod   ON ITS WAY"]


def test_a_version_that_is_everywhere_has_no_state() -> None:
    assert lines(domain("dev", "staging", "prod")) == ["dev * 3d ago -- staging * 3d ago -- prod * 3d ago"]


def test_a_version_that_somebody_copied_past_a_repository() -> None:
    assert lines(domain("dev", "prod")) == ["dev * 3d ago -> staging .. prod * 3d ago   ON ITS WAY"]


def test_the_reason_why_it_stops_is_the_state() -> None:
    def state(**keys: Any) -> str:
        [line] = lines(domain("dev"), rules(promotion(**keys)))
        assert "--|" in line or "->" in line
        return line.partition("   ")[2]

    assert state(approval=True) == "WAITS FOR A PERSON"
    assert state(exclude=["pkg:npm/@acme/*"]) == "REJECTED"
    assert state(soak="5d") == "WAITS UNTIL 2026-01-07T03:04:05Z"
    assert state(mode="observe") == "ONLY OBSERVED"
    assert state(packages=["pkg:npm/other"]) == "NOT SELECTED"


def test_different_files_stop_it() -> None:
    made = domain("dev")
    made.put("staging", revision="r2", content="bb")

    [line] = lines(made, rules())

    assert line == "dev * 3d ago --| staging * 3d ago   FILES DIFFER"


def test_added_files_stop_it() -> None:
    made = domain("dev")
    made.put("dev", revision="r2", wheel="bb")
    made.put("staging")

    [line] = lines(made, rules())

    assert line == "dev * 3d ago --| staging * 3d ago   FILES ADDED"


def test_a_version_that_was_disposed_in_the_destination_stops_it() -> None:
    made = domain("dev")
    made.put("staging", status="Disposed")

    [line] = lines(made, rules())

    assert line == "dev * 3d ago --| staging * Disposed 3d ago   DISPOSED in staging"


def test_a_status_other_than_published_is_shown() -> None:
    made = domain()
    made.put("dev", status="Archived", published=MORNING + 3 * DAY)

    assert lines(made, rules()) == ["dev * Archived just now --| staging   REJECTED"]


def test_each_hop_is_shown_once_and_sources_come_first() -> None:
    hops = ("staging -> prod", "dev -> staging", "dev -> test", "test -> prod")
    rule_set = rules(*(promotion(hop, hop) for hop in hops))

    assert lines(domain("dev"), rule_set) == [
        "dev * 3d ago -> staging .. prod   ON ITS WAY",
        "dev * 3d ago -> test .. prod   ON ITS WAY",
    ]
