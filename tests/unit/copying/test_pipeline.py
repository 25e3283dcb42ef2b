"""promote: decide, plan and carry out, against repositories in memory."""

import pytest

from promoter.copying.calls import RESERVE_SECONDS
from promoter.copying.ports import ApiError
from promoter.copying.results import OutcomeKind, Run
from promoter.packages.candidate import Arrival
from promoter.packages.package import Package
from promoter.rules.rule_set import RuleSet
from tests.support.clocks import Budget
from tests.support.in_memory_repositories import Fault, InMemoryRepositories, Stored
from tests.support.in_memory_waiting import run_pipeline
from tests.support.samples import MORNING, WIDGET, arrival, promotion, rules

THROTTLED = ApiError("ThrottlingException", "Rate exceeded")
GADGET = Package("npm", "acme", "gadget")


def repositories() -> InMemoryRepositories:
    return InMemoryRepositories({"dev": {}, "staging": {}, "prod": {}})


def run(
    store: InMemoryRepositories,
    *arrivals: Arrival,
    rule_set: RuleSet | None = None,
    limits: Budget | None = None,
) -> Run:
    return run_pipeline(arrivals, rule_set or rules(), store, limits)


def kinds(came: Run) -> list[str]:
    """The result of each decision, in the order of the arrivals."""
    return [str(result.outcome.kind) if result.outcome else "none" for result in came.results]


def codes(came: Run) -> list[str]:
    return [result.outcome.code if result.outcome else "" for result in came.results]


def test_a_published_version_costs_one_copy_and_no_read() -> None:
    store = repositories()
    store.put("dev", WIDGET, "1.0.0")

    came = run(store, arrival())

    assert (kinds(came), store.copies, store.reads) == (["copied"], [{"1.0.0": "r1"}], [])
    assert store.contents["staging"] == {(WIDGET, "1.0.0"): Stored("r1", {"package.tgz": "aa"})}


def test_what_is_rejected_or_observed_calls_nothing() -> None:
    store = repositories()
    rule_set = rules(
        promotion("a", exclude=["pkg:npm/@acme/w*"]), promotion("b", "dev -> prod", mode="observe")
    )

    came = run(store, arrival(), rule_set=rule_set)

    assert (kinds(came), store.copies) == (["none", "none"], [])
    assert all(result.is_final for result in came.results)


def test_a_hundred_versions_of_one_package_are_one_call() -> None:
    store = repositories()
    for number in range(100):
        store.put("dev", WIDGET, f"1.0.{number}")

    came = run(store, *(arrival(f"1.0.{number}") for number in range(100)))

    assert (set(kinds(came)), len(store.copies)) == ({"copied"}, 1)


def test_healthy_versions_are_copied_in_the_same_invocation_as_their_culprits_fail() -> None:
    store = repositories()
    for version in ("1", "2", "3", "4"):
        store.put("dev", WIDGET, version)
    store.put("dev", WIDGET, "2", "r2")
    del store.contents["dev"][WIDGET, "3"]

    came = run(store, *(arrival(version) for version in ("1", "2", "3", "4")))

    assert kinds(came) == ["copied", "superseded", "retry", "copied"]
    assert store.copies == [dict.fromkeys(("1", "2", "3", "4"), "r1"), {"1": "r1", "4": "r1"}]


def test_of_two_revisions_the_newer_is_copied_and_the_older_superseded_without_a_call() -> None:
    store = repositories()
    store.put("dev", WIDGET, "1.0.0", "r2")

    came = run(store, arrival(revision="r1", sequence_number=1), arrival(revision="r2", sequence_number=2))

    assert (kinds(came), store.copies) == (["superseded", "copied"], [{"1.0.0": "r2"}])


def test_of_two_revisions_the_older_is_tried_where_the_source_no_longer_has_the_newer() -> None:
    """After a deletion and another publish the sequence numbers may begin anew."""
    store = repositories()
    store.put("dev", WIDGET, "1.0.0", "r1")

    came = run(store, arrival(revision="r1", sequence_number=1), arrival(revision="r2", sequence_number=9))

    assert kinds(came) == ["copied", "superseded"]
    assert store.copies == [{"1.0.0": "r2"}, {"1.0.0": "r1"}]


def test_while_the_newer_revision_waits_for_another_try_the_older_does_too() -> None:
    store = repositories()
    store.faults.append(Fault("copy", ApiError("InternalServerException", "lost")))

    came = run(store, arrival(revision="r1", sequence_number=1), arrival(revision="r2", sequence_number=2))

    assert (kinds(came), len(store.copies)) == (["retry", "retry"], 1)
    assert not any(result.is_final for result in came.results)


def test_another_delivery_of_the_event_shares_the_outcome_and_is_marked() -> None:
    store = repositories()
    store.put("dev", WIDGET, "1.0.0")

    came = run(store, arrival(message_id="m1"), arrival(message_id="m2"))

    assert (kinds(came), len(store.copies), len(store.writes)) == (["copied", "copied"], 1, 1)
    assert [result.duplicate for result in came.results] == [False, True]


def test_after_throttling_nothing_is_called_in_this_invocation() -> None:
    store = repositories()
    store.put("dev", WIDGET, "1.0.0")
    store.put("dev", GADGET, "1.0.0")
    store.faults.append(Fault("copy", THROTTLED))

    came = run(store, arrival(), arrival(package=GADGET))

    assert (kinds(came), codes(came)) == (["retry", "retry"], ["ThrottlingException"] * 2)
    assert (len(store.copies), store.writes) == (1, [])


def test_after_throttling_of_a_read_nothing_is_called_in_this_invocation() -> None:
    store = repositories()
    for version in ("1", "2", "3"):
        store.put("dev", WIDGET, version)
        store.put("staging", WIDGET, version, hashes={"package.tgz": "other"})
    store.faults.append(Fault("assets", THROTTLED))

    came = run(store, *(arrival(version) for version in ("1", "2", "3")))

    assert (set(kinds(came)), len(store.copies), len(store.reads)) == ({"retry"}, 1, 1)


def test_one_group_that_is_denied_leaves_the_others_alone() -> None:
    store = repositories()
    store.put("dev", WIDGET, "1.0.0")
    store.put("dev", GADGET, "1.0.0")
    store.faults.append(Fault("copy", ApiError("AccessDeniedException", "not authorized")))

    came = run(store, arrival(), arrival(package=GADGET))

    assert kinds(came) == ["retry", "copied"]


@pytest.mark.parametrize(
    ("limits", "calls"),
    [
        (Budget(left=RESERVE_SECONDS + 2.5, cost=1.0), 3),
        (Budget(left=RESERVE_SECONDS + 2.5, cost=0.0, wait=1.0), 2),
        (Budget(left=RESERVE_SECONDS - 0.1), 0),
    ],
    ids=["time", "pace", "none"],
)
def test_no_copy_is_begun_that_the_deadline_might_cut_off(limits: Budget, calls: int) -> None:
    store = repositories()
    packages = [Package("npm", "acme", f"p{number}") for number in range(5)]
    for package in packages:
        store.put("dev", package, "1.0.0")

    came = run(store, *(arrival(package=package) for package in packages), limits=limits)

    assert len(store.copies) == calls
    assert kinds(came) == ["copied"] * calls + ["retry"] * (5 - calls)
    assert codes(came)[calls:] == ["Deadline"] * (5 - calls)


def test_nothing_is_read_near_the_deadline() -> None:
    store = repositories()
    store.put("dev", WIDGET, "1.0.0")
    store.put("staging", WIDGET, "1.0.0", hashes={"package.tgz": "other"})

    came = run(store, arrival(), limits=Budget(left=RESERVE_SECONDS, cost=1.0))

    assert (kinds(came), codes(came), store.reads) == (["retry"], ["Deadline"], [])


def test_other_contents_in_the_destination_fail_and_stay() -> None:
    store = repositories()
    store.put("dev", WIDGET, "1.0.0")
    store.put("staging", WIDGET, "1.0.0", "r0", {"package.tgz": "other"})

    came = run(store, arrival())

    assert (kinds(came), codes(came)) == (["failed"], ["ALREADY_EXISTS"])
    assert store.contents["staging"][WIDGET, "1.0.0"] == Stored("r0", {"package.tgz": "other"})
    assert store.reads == [("dev", "1.0.0"), ("staging", "1.0.0")]


def test_files_are_added_where_the_rules_say_so_and_nothing_that_stands_there_changes() -> None:
    store = repositories()
    store.put("dev", WIDGET, "1.0.0", "r1", {"a": "1", "b": "2"})
    store.put("staging", WIDGET, "1.0.0", "r0", {"a": "1"})

    came = run(store, arrival(), rule_set=rules(promotion(on_conflict="extend")))

    [result] = came.results
    assert result.outcome is not None
    assert (result.outcome.kind, result.outcome.extended) == (OutcomeKind.COPIED, True)
    assert store.overwriting == [False, True]
    assert store.contents["staging"][WIDGET, "1.0.0"].hashes == {"a": "1", "b": "2"}


def test_adding_files_never_removes_one() -> None:
    store = repositories()
    store.put("dev", WIDGET, "1.0.0", "r1", {"a": "1", "b": "2"})
    store.put("staging", WIDGET, "1.0.0", "r0", {"a": "1", "c": "3"})

    came = run(store, arrival(), rule_set=rules(promotion(on_conflict="extend")))

    assert (kinds(came), store.overwriting, store.writes) == (["failed"], [False], [])


OVERWRITE = rules(promotion(on_conflict="overwrite"))
EXTEND = rules(promotion(on_conflict="extend"))


def test_overwriting_copies_plainly_first_and_looks_at_the_destination_before_it_overwrites() -> None:
    store = repositories()
    store.put("dev", WIDGET, "1.0.0")
    store.put("staging", WIDGET, "1.0.0", "r0", {"package.tgz": "other"})

    came = run(store, arrival(), rule_set=OVERWRITE)

    assert (kinds(came), store.overwriting, store.reads) == (
        ["copied"],
        [False, True],
        [("staging", "1.0.0")],
    )


@pytest.mark.parametrize("rule_set", [OVERWRITE, EXTEND], ids=["overwrite", "extend"])
@pytest.mark.parametrize("status", ["Archived", "Disposed"])
def test_a_version_that_was_archived_or_disposed_in_the_destination_is_never_revived(
    rule_set: RuleSet, status: str
) -> None:
    store = repositories()
    store.put("dev", WIDGET, "1.0.0", "r1", {"a": "1", "b": "2"})
    there = {} if status == "Disposed" else {"a": "1"}
    store.contents["staging"][WIDGET, "1.0.0"] = Stored("r0", there, status)

    came = run(store, arrival(), rule_set=rule_set)

    assert (kinds(came), codes(came), store.writes) == (["failed"], ["ALREADY_EXISTS"], [])


@pytest.mark.parametrize("status", ["Archived", "Unlisted", "Disposed"])
@pytest.mark.parametrize(
    "late",
    [arrival(number=2), arrival(available_since=MORNING - 301)],
    ids=["delivered again", "an old event"],
)
def test_a_late_version_that_is_no_longer_published_is_rejected_and_not_copied(
    late: Arrival, status: str
) -> None:
    """Archiving keeps the revision, so the pin of the copy does not notice it."""
    store = repositories()
    store.contents["dev"][WIDGET, "1.0.0"] = Stored("r1", {"package.tgz": "aa"}, status)

    came = run(store, late)

    [result] = came.results
    assert result.decision is not None
    assert (result.decision.decisive_code, store.copies) == ("source-status", [])


@pytest.mark.parametrize(
    ("fresh", "reads"),
    [
        (arrival(), []),
        (arrival(available_since=MORNING - 299), []),
        (arrival(number=2), [("dev", "1.0.0")]),
        (arrival(available_since=MORNING - 301), [("dev", "1.0.0")]),
    ],
)
def test_only_late_versions_are_looked_up_again(fresh: Arrival, reads: list[tuple[str, str]]) -> None:
    store = repositories()
    store.put("dev", WIDGET, "1.0.0")

    came = run(store, fresh)

    assert (kinds(came), store.reads) == (["copied"], reads)


def test_a_late_version_that_is_not_copied_is_not_looked_up() -> None:
    store = repositories()

    run(store, arrival(number=2), rule_set=rules(promotion(exclude=["pkg:npm/@acme/*"])))
    run(store, arrival(number=2), rule_set=rules(promotion(mode="observe")))

    assert store.reads == []


def test_one_look_serves_the_origin_and_the_status() -> None:
    store = repositories()
    store.put("dev", WIDGET, "1.0.0")
    store.origins[WIDGET] = "internal"

    came = run(store, arrival(number=2), rule_set=rules(promotion(origin="internal")))

    assert (kinds(came), store.reads) == (["copied"], [("dev", "1.0.0")])


def test_our_own_failure_in_one_group_is_its_own() -> None:
    store = repositories()
    store.put("dev", WIDGET, "1.0.0")
    store.put("dev", GADGET, "1.0.0")
    store.faults.append(Fault("copy", ZeroDivisionError("a mistake of ours")))

    came = run(store, arrival(message_id="m1"), arrival(package=GADGET, message_id="m2"))

    assert kinds(came) == ["retry", "copied"]
    assert codes(came) == ["InternalError", ""]
    assert list(came.crashed) == ["m1"]


def test_our_own_failure_to_decide_is_the_candidates_own() -> None:
    store = repositories()
    store.put("dev", WIDGET, "1.0.0")
    impossible = arrival(package=None, message_id="m1")

    came = run(store, impossible, arrival(message_id="m2"))

    assert (kinds(came), list(came.crashed)) == (["copied"], ["m1"])


def test_copies_are_the_same_whether_revisions_are_kept_or_made_anew() -> None:
    for fresh in (False, True):
        store = repositories()
        store.fresh_revisions = fresh
        store.put("dev", WIDGET, "1.0.0")

        first, again = run(store, arrival()), run(store, arrival())

        assert (kinds(first), kinds(again), len(store.writes)) == (["copied"], ["unchanged"], 1)
