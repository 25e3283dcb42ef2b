"""The way of a version to a repository."""

import json

from promoter.copying.ports import Description
from promoter.inspection.arrival import Way, find_way, hops_to
from promoter.inspection.history import LoggedDecision
from promoter.inspection.recorded import Recorded, parse_line
from promoter.packages.package import Package
from promoter.rules.vocabulary import Hop
from promoter.rules_file.reader import load
from tests.support.in_memory_reader import InMemoryReader
from tests.support.samples import promotion, rules_text

CHAIN = load(
    rules_text(
        promotion("one")
        + promotion("two", "staging -> prod")
        + promotion("shortcut", "hotfix -> prod")
        + promotion("aside", "dev -> lab")
    )
).rule_set
FIRST, SECOND, SHORTCUT = Hop("dev", "staging"), Hop("staging", "prod"), Hop("hotfix", "prod")


def there(revision: str = "r1", status: str = "Published") -> Description:
    return Description(revision, status, 0.0)


def way(**found: Description) -> Way:
    return Way("prod", (FIRST, SECOND, SHORTCUT), found)


def decided(hop: Hop, verdict: str, revision: str = "r1", outcome: str = "") -> LoggedDecision:
    line = json.dumps(
        {
            "message": "decision",
            "purl": "pkg:npm/widget@1.0.0",
            "format": "npm",
            "namespace": None,
            "package": "widget",
            "version": "1.0.0",
            "revision": revision,
            "hop": {"from": hop.source, "to": hop.destination},
            "promotion": "one",
            "verdict": verdict,
            "reasons": [],
            "ruleset": "abc",
            "published": "2026-01-01T00:00:00Z",
            "outcome": outcome,
        }
    )
    recorded = parse_line(line.encode())
    assert isinstance(recorded, Recorded)
    return LoggedDecision(recorded, line)


def test_the_hops_to_a_repository_leave_out_those_beside_it() -> None:
    assert set(hops_to(CHAIN, "prod")) == {FIRST, SECOND, SHORTCUT}
    assert hops_to(CHAIN, "staging") == (FIRST,)


def test_the_version_is_looked_up_in_every_repository_on_the_way() -> None:
    reader = InMemoryReader({"dev": {}, "staging": {}, "prod": {}, "hotfix": {}, "lab": {}})
    reader.put("dev", "1.0.0", Package("npm", "", "widget"))

    found = find_way(reader, CHAIN, Package("npm", "", "widget"), "1.0.0", "prod")

    assert (list(found.found), found.installable, found.open_hops) == (["dev"], False, [FIRST])


def test_a_rejection_on_the_only_open_hop_blocks() -> None:
    now = way(dev=there())
    last = now.last_decisions([decided(FIRST, "wait"), decided(FIRST, "reject")])

    assert [each.recorded.verdict for each in last] == ["reject"]
    assert now.is_blocked(last)


def test_a_decision_about_another_revision_does_not_count() -> None:
    now = way(dev=there("r2"))

    assert now.last_decisions([decided(FIRST, "reject", "r1")]) == []
    assert not now.is_blocked([])


def test_another_open_hop_without_a_no_leaves_hope() -> None:
    now = way(dev=there(), hotfix=there())

    assert not now.is_blocked(now.last_decisions([decided(FIRST, "reject")]))
    assert not now.is_blocked(now.last_decisions([decided(FIRST, "reject"), decided(SHORTCUT, "hold")]))
    assert now.is_blocked(now.last_decisions([decided(FIRST, "reject"), decided(SHORTCUT, "reject")]))


def test_other_files_under_the_same_number_block_although_the_version_is_there() -> None:
    now = way(dev=there(), staging=there("other"), prod=there("other"))
    last = now.last_decisions([decided(FIRST, "promote", outcome="failed")])

    assert now.installable
    assert now.is_blocked(last)


def test_what_was_removed_there_does_not_come_back() -> None:
    assert way(prod=there(status="Archived")).is_blocked([])
    assert not way(prod=there(status="Unlisted")).is_blocked([])
    assert not way(prod=there(status="Unfinished")).installable
