"""The tag `latest` after copies: through the pipeline, over repositories and npm endpoints in memory."""

from dataclasses import dataclass, field

import pytest

from promoter.copying.calls import RESERVE_SECONDS
from promoter.copying.pipeline import Clients, Pipeline
from promoter.copying.ports import ApiError
from promoter.copying.results import NPM_LATEST, Outcome, OutcomeKind, Run
from promoter.packages.candidate import Arrival
from promoter.packages.package import Package
from promoter.rules.rule_set import RuleSet
from tests.support.clocks import Budget
from tests.support.in_memory_npm_tags import InMemoryNpmTags
from tests.support.in_memory_repositories import Fault, InMemoryRepositories
from tests.support.in_memory_waiting import WAITS, InMemoryAnswers, InMemorySchedules
from tests.support.samples import MORNING, WIDGET, arrival, promotion, rules

HIGHEST = rules(promotion(packages=["pkg:npm/@acme/*"], npm_latest="highest"))
STAGING = ("staging", WIDGET)
READ, MOVE = ("read", "staging", "@acme/widget"), ("move", "staging", "@acme/widget")


@dataclass
class World:
    """Repositories, their npm endpoints, and a pipeline over both."""

    rule_set: RuleSet = HIGHEST
    limits: Budget = field(default_factory=Budget)
    store: InMemoryRepositories = field(
        default_factory=lambda: InMemoryRepositories({"dev": {}, "staging": {}, "prod": {}})
    )
    tags: InMemoryNpmTags = field(init=False)

    def __post_init__(self) -> None:
        self.tags = InMemoryNpmTags(
            lambda repository, package: {v for p, v in self.store.contents[repository] if p == package}
        )

    def run(self, *arrivals: Arrival) -> Run:
        for each in arrivals:
            self.store.put("dev", each.candidate.package, each.candidate.version, each.candidate.revision)
        clients = Clients(self.store, InMemoryAnswers(), InMemorySchedules(), self.tags)
        return Pipeline(self.rule_set, MORNING, clients, self.limits, WAITS).run(arrivals)


def outcome_of(run: Run) -> Outcome:
    [result] = run.results
    assert result.outcome is not None
    return result.outcome


def test_the_tag_moves_forward_after_the_copy() -> None:
    world = World()
    world.tags.latest[STAGING] = "1.4.0"
    world.store.put("staging", WIDGET, "1.4.0")

    run = world.run(arrival("1.5.0"))

    assert (outcome_of(run).kind, outcome_of(run).code) == (OutcomeKind.COPIED, "")
    assert world.tags.calls == [READ, (*MOVE, "1.5.0"), READ]
    assert world.tags.latest[STAGING] == "1.5.0"


def test_a_tag_that_is_right_costs_one_read() -> None:
    world = World()
    world.tags.latest[STAGING] = "1.5.0"
    world.store.put("staging", WIDGET, "1.5.0")

    world.run(arrival("1.4.9"))

    assert world.tags.calls == [READ]


def test_several_versions_of_a_package_move_the_tag_once() -> None:
    world = World()

    world.run(arrival("1.5.0", "m1"), arrival("1.6.0", "m2"), arrival("1.7.0-rc.1", "m3"))

    assert [call for call in world.tags.calls if call[0] == "move"] == [(*MOVE, "1.6.0")]


def test_a_version_that_the_endpoint_does_not_list_yet_gets_the_tag() -> None:
    world = World()
    world.tags.versions_of = lambda *_: {"1.4.0"}

    world.run(arrival("1.5.0"))

    assert (*MOVE, "1.5.0") in world.tags.calls


def test_a_version_that_was_there_already_repairs_the_tag() -> None:
    world = World()
    world.store.put("staging", WIDGET, "1.5.0")

    run = world.run(arrival("1.5.0"))

    assert outcome_of(run).kind is OutcomeKind.UNCHANGED
    assert world.tags.latest[STAGING] == "1.5.0"


def test_another_worker_that_moves_the_tag_meanwhile_is_not_undone() -> None:
    world = World()

    def copy_1_6_0() -> None:
        world.store.put("staging", WIDGET, "1.6.0")
        world.tags.latest[STAGING] = "1.6.0"

    world.tags.after_read = copy_1_6_0

    world.run(arrival("1.5.0"))

    assert world.tags.latest[STAGING] == "1.6.0"


@pytest.mark.parametrize(
    "rule_set",
    [
        rules(promotion(packages=["pkg:npm/@acme/*"])),
        rules(promotion(packages=["pkg:npm/@acme/*"], npm_latest="highest", mode="observe")),
        rules(promotion(packages=["pkg:npm/@acme/*"], npm_latest="highest", exclude=["pkg:npm/@acme/w*"])),
    ],
    ids=["as-copied", "observe", "rejected"],
)
def test_no_tag_is_read_where_nothing_asks_for_it(rule_set: RuleSet) -> None:
    world = World(rule_set)

    world.run(arrival("1.5.0"))

    assert world.tags.calls == []


def test_other_formats_have_no_tag() -> None:
    world = World(rules(promotion(packages=["pkg:pypi/acme-*"], npm_latest="highest")))
    gadget = arrival("1.0", package=Package("pypi", "", "acme-gadget"))

    assert outcome_of(world.run(gadget)).kind is OutcomeKind.COPIED
    assert world.tags.calls == []


def test_a_copy_that_failed_moves_no_tag() -> None:
    world = World()
    world.store.faults.append(Fault("copy", ApiError("InternalServerException", "down")))

    world.run(arrival("1.5.0"))

    assert world.tags.calls == []


@pytest.mark.parametrize("operation", ["read", "move"])
@pytest.mark.parametrize(
    ("error", "text"),
    [
        (ApiError("AccessDeniedException", "no"), "AccessDeniedException no"),
        (ApiError("ThrottlingException", "slow"), "ThrottlingException slow"),
        (ApiError("Unreachable", "time-out"), "Unreachable time-out"),
        (RuntimeError("our own mistake"), "RuntimeError('our own mistake')"),
    ],
)
def test_a_failed_tag_is_reported_and_the_copy_is_not_repeated(
    operation: str, error: Exception, text: str
) -> None:
    world = World()
    world.tags.faults[operation] = error

    run = world.run(arrival("1.5.0"))

    outcome = outcome_of(run)
    assert (outcome.kind, outcome.code) == (OutcomeKind.COPIED, NPM_LATEST)
    assert outcome.text == f"npm's tag latest was not moved forward in staging: {text}"
    assert run.unfinished == set()
    assert len(world.store.copies) == 1


def test_one_package_whose_tag_fails_does_not_stop_the_others() -> None:
    world = World()
    world.tags.faults["read"] = ApiError("ResourceNotFoundException", "gone", "package")
    gadget = Package("npm", "acme", "gadget")

    run = world.run(arrival("1.5.0", "m1"), arrival("2.0.0", "m2", package=gadget))

    assert [each.outcome.code for each in run.results if each.outcome] == [NPM_LATEST, ""]
    assert world.tags.latest == {("staging", gadget): "2.0.0"}


def test_no_tag_is_moved_shortly_before_the_deadline() -> None:
    world = World(limits=Budget(left=RESERVE_SECONDS + 1, cost=2))

    outcome = outcome_of(world.run(arrival("1.5.0")))

    assert (outcome.kind, outcome.code) == (OutcomeKind.COPIED, NPM_LATEST)
    assert "Deadline" in outcome.text
    assert world.tags.calls == []
