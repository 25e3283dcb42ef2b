"""conflicts: a destination that already has a version is looked at before it is changed."""

import pytest

from promoter.copying.conflicts import resolve_conflict
from promoter.copying.plan import Copy, make_plan
from promoter.copying.ports import ApiError
from promoter.copying.results import OutcomeKind
from tests.support.in_memory_repositories import Fault, InMemoryRepositories
from tests.support.in_memory_waiting import calls_of
from tests.support.samples import WIDGET, decided, promotion, rules

GONE = ApiError("ResourceNotFoundException", "gone", "package-version")


def copy(on_conflict: str, number: int = 1) -> Copy:
    rule_set = rules(promotion(on_conflict=on_conflict))
    [made] = make_plan([decided(rule_set=rule_set, number=number)])
    return made


def repositories() -> InMemoryRepositories:
    store = InMemoryRepositories({"dev": {}, "staging": {}})
    store.put("dev", WIDGET, "1.0.0", "r1", {"a": "1", "b": "2"})
    store.put("staging", WIDGET, "1.0.0", "r0", {"a": "1"})
    return store


@pytest.mark.parametrize(
    ("on_conflict", "reads"),
    [
        ("fail", ["dev", "staging"]),
        ("extend", ["dev", "staging", "staging"]),
        ("overwrite", ["staging"]),
    ],
)
def test_only_what_is_needed_is_read(on_conflict: str, reads: list[str]) -> None:
    store = repositories()
    instruction = copy(on_conflict)

    resolve_conflict(calls_of(store), instruction, instruction.versions[0][0], overwrite=False)

    assert [repository for repository, _ in store.reads] == reads


@pytest.mark.parametrize(("on_conflict", "fault"), [("overwrite", "describe"), ("extend", "describe")])
def test_a_version_that_vanishes_from_the_destination_meanwhile_is_tried_again(
    on_conflict: str, fault: str
) -> None:
    store = repositories()
    store.faults.append(Fault("describe", GONE))
    instruction = copy(on_conflict, number=9)

    outcome = resolve_conflict(calls_of(store), instruction, instruction.versions[0][0], overwrite=False)

    assert outcome is not None
    assert (outcome.kind, outcome.is_final) == (OutcomeKind.RETRY, False)


def test_a_listing_that_is_denied_is_no_permission_to_write() -> None:
    store = repositories()
    store.faults.append(Fault("assets", ApiError("AccessDeniedException", "no")))
    instruction = copy("extend")

    outcome = resolve_conflict(calls_of(store), instruction, instruction.versions[0][0], overwrite=False)

    assert outcome is not None
    assert outcome.code == "AccessDeniedException"
