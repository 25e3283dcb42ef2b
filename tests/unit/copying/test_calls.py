"""calls: nothing is called after throttling or near the deadline."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from promoter.copying.calls import RESERVE_SECONDS, Calls
from promoter.copying.ports import ApiError, Assets, Description
from promoter.packages.package import Package
from tests.support.clocks import Budget
from tests.support.in_memory_repositories import InMemoryRepositories
from tests.support.in_memory_waiting import calls_of
from tests.support.samples import WIDGET

if TYPE_CHECKING:
    from promoter.copying.results import Outcome

THROTTLED = ApiError("ThrottlingException", "Rate exceeded")


@dataclass
class Throttled:
    """Repositories whose every read is throttled."""

    reads: int = 0

    def describe(self, repository: str, package: Package, version: str) -> Description:
        self.reads += 1
        raise THROTTLED

    def list_assets(self, repository: str, package: Package, version: str) -> Assets:
        self.reads += 1
        raise THROTTLED


def describe(calls: Calls) -> Any:
    return calls.describe("dev", WIDGET, "1", 1)


def list_assets(calls: Calls) -> Any:
    return calls.list_assets("dev", WIDGET, "1", 1)


@pytest.mark.parametrize("read", [describe, list_assets])
def test_after_throttling_nothing_is_read(read: Callable[[Calls], Any]) -> None:
    repositories = Throttled()
    calls = calls_of(repositories)

    outcomes: list[Outcome] = [read(calls), describe(calls), list_assets(calls)]

    assert [each.code for each in outcomes] == ["ThrottlingException"] * 3
    assert repositories.reads == 1


@pytest.mark.parametrize("read", [describe, list_assets])
def test_near_the_deadline_nothing_is_read(read: Callable[[Calls], Any]) -> None:
    repositories = Throttled()
    calls = calls_of(repositories, Budget(left=RESERVE_SECONDS - 1))

    assert (read(calls).code, repositories.reads) == ("Deadline", 0)


def test_each_version_in_each_repository_is_looked_up_for_itself() -> None:
    """An answer about one version says nothing about another, nor about another repository."""
    store = InMemoryRepositories({"dev": {}, "staging": {}})
    store.put("dev", WIDGET, "1", "r1")
    store.put("dev", WIDGET, "2", "r2")
    store.put("staging", WIDGET, "1", "r3")
    calls = calls_of(store)

    found = [
        calls.describe(*asked, 1)
        for asked in (("dev", WIDGET, "1"), ("dev", WIDGET, "2"), ("staging", WIDGET, "1"))
    ]

    assert [each.revision for each in found] == ["r1", "r2", "r3"]
