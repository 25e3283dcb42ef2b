"""conflicts: a destination that already has a version is looked at before it is changed."""

from dataclasses import dataclass

import pytest

from promoter.copying.conflicts import resolve_conflict
from promoter.copying.plan import Copy, make_plan
from promoter.copying.ports import ApiError, Assets, Description
from promoter.copying.results import OutcomeKind
from promoter.packages.package import Package
from tests.support.in_memory_repositories import Fault, InMemoryRepositories, Stored
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


@dataclass
class Denying(InMemoryRepositories):
    """Repositories that deny one operation in one repository."""

    denied: tuple[str, str] = ("", "")

    def list_assets(self, repository: str, package: Package, version: str) -> Assets:
        self._check("assets", repository)
        return super().list_assets(repository, package, version)

    def describe(self, repository: str, package: Package, version: str) -> Description:
        self._check("describe", repository)
        return super().describe(repository, package, version)

    def _check(self, operation: str, repository: str) -> None:
        if (operation, repository) == self.denied:
            raise ApiError("AccessDeniedException", "no")


@pytest.mark.parametrize("denied", [("assets", "dev"), ("assets", "staging"), ("describe", "staging")])
@pytest.mark.parametrize(("number", "kind"), [(1, OutcomeKind.RETRY), (3, OutcomeKind.FAILED)])
def test_a_look_up_that_is_denied_is_no_permission_to_write_and_is_told_on_the_third_delivery(
    denied: tuple[str, str], number: int, kind: OutcomeKind
) -> None:
    store = Denying(repositories().contents, denied=denied)
    instruction = copy("extend", number)

    outcome = resolve_conflict(calls_of(store), instruction, instruction.versions[0][0], overwrite=False)

    assert outcome is not None
    assert (outcome.kind, outcome.code, outcome.is_final) == (kind, "AccessDeniedException", False)


@pytest.mark.parametrize(
    ("on_conflict", "status", "written"),
    [
        ("extend", "Published", True),
        ("extend", "Unlisted", False),
        ("extend", "Archived", False),
        ("extend", "Disposed", False),
        ("overwrite", "Published", True),
        ("overwrite", "Unlisted", True),
        ("overwrite", "Archived", False),
        ("overwrite", "Disposed", False),
    ],
)
def test_a_version_that_was_removed_from_the_destination_is_never_written(
    on_conflict: str, status: str, written: bool
) -> None:
    store = repositories()
    store.contents["staging"][WIDGET, "1.0.0"] = Stored("r0", {"a": "1"}, status)
    instruction = copy(on_conflict)

    outcome = resolve_conflict(calls_of(store), instruction, instruction.versions[0][0], overwrite=False)

    assert (outcome is None) is written
    assert outcome is None or (outcome.kind, status in outcome.text) == (OutcomeKind.FAILED, True)
