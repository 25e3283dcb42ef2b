"""The race of a version's event and its answers: in every order of calls there is one promotion, never too early."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest

from promoter.copying.pipeline import Clients, Pipeline
from promoter.intake.event import AnswerEvent, Scope, parse_event
from promoter.packages.candidate import Arrival, Delivery
from promoter.rules.rule_set import RuleSet
from promoter.waiting.answers import AnswerVersion
from promoter.waiting.names import answer_package
from tests.simulation.interleaving import Stepping, Worker, every_schedule, take_turns
from tests.support.clocks import Budget
from tests.support.in_memory_repositories import InMemoryRepositories
from tests.support.in_memory_waiting import WAITS, InMemoryAnswers, InMemorySchedules
from tests.support.samples import DOMAIN, MORNING, OWNER, WIDGET, candidate, promotion, rules

NOW = MORNING + 10
WEEKS = range(1, 15)


@dataclass
class LaggingAnswers(InMemoryAnswers):
    """Lists an answer only from the second look on, if `lags`."""

    lags: bool = False
    seen: set[str] = field(default_factory=set)

    def newest(self, namespace: str, package: str) -> Sequence[AnswerVersion]:
        listed = super().newest(namespace, package)
        fresh = [each for each in listed if f"{package}{each.version}" not in self.seen]
        self.seen |= {f"{package}{each.version}" for each in listed}
        return [each for each in listed if each not in fresh] if self.lags else listed


@dataclass
class LaggingSchedules(InMemorySchedules):
    """Lists an entry only from the second look on, if `lags`."""

    lags: bool = False
    seen: set[str] = field(default_factory=set)

    def names(self, prefix: str) -> list[str]:
        listed = super().names(prefix)
        fresh = set(listed) - self.seen
        self.seen |= set(listed)
        return [each for each in listed if each not in fresh] if self.lags else listed


@dataclass
class Race:
    """One version, its messages, and what the workers share."""

    rule_set: RuleSet
    lags: str = ""
    store: InMemoryRepositories = field(
        default_factory=lambda: InMemoryRepositories({"dev": {}, "staging": {}, "prod": {}})
    )
    answers: LaggingAnswers = field(default_factory=LaggingAnswers)
    schedules: LaggingSchedules = field(default_factory=LaggingSchedules)
    unfinished: dict[str, int] = field(default_factory=dict)
    answered: dict[str, float] = field(default_factory=dict)
    early: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.store.put("dev", WIDGET, "1.0.0")
        self.answers.lags, self.schedules.lags = self.lags == "answers", self.lags == "entries"

    def decide(self, worker: Worker) -> None:
        """The worker of the version's event."""
        self._serve("event", worker)

    def answer(self, check: str) -> Any:
        """A worker that publishes an answer and then serves the event about it."""

        def work(worker: Worker) -> None:
            if check not in self.answered:
                self.answers.publish(candidate(), f"check-{check}")
                self.answered[check] = 1
                worker.step()
            self._serve(check, worker)

        return work

    def finish(self) -> None:
        """Deliver what came back, then let the entries fire, until nothing is left."""
        while self.unfinished:
            message = min(self.unfinished)
            self._serve(message, None)
        for week in WEEKS:
            now = NOW + week * 7 * 86_400
            for text in self.schedules.fire(now):
                arrival = parse_event(text, Scope(DOMAIN, OWNER))
                assert isinstance(arrival, Arrival)
                self._run(self.store, self.answers, self.schedules, [arrival], [], now)

    def check(self) -> None:
        """One promotion, none before all answers were there, and no entry is left."""
        assert len(self.store.writes) == 1
        assert self.early == []
        assert self.schedules.entries == {}

    def _serve(self, message: str, worker: Worker | None) -> None:
        number = self.unfinished.get(message, 0) + 1
        self.unfinished[message] = number
        ports = (self.store, self.answers, self.schedules)
        stepping = [Stepping(port, worker) for port in ports] if worker else list(ports)
        delivery = Delivery(message, number, message, "event" if message == "event" else "answer")
        arrivals = [Arrival(candidate(), delivery)] if message == "event" else []
        events = [] if arrivals else [self._announced(message, delivery)]
        run = self._run(*stepping, arrivals, events, NOW)
        if message not in run.unfinished:
            del self.unfinished[message]

    def _run(self, store: Any, answers: Any, schedules: Any, arrivals: Any, events: Any, now: float) -> Any:
        before = len(self.store.writes)
        run = Pipeline(self.rule_set, now, Clients(store, answers, schedules), Budget(), WAITS).run(
            arrivals, events
        )
        wanted = {check for each in self.rule_set.promotions for check in each.checks}
        if len(self.store.writes) > before and wanted - self.answered.keys():
            self.early.append(f"promoted with the answers of {sorted(self.answered)} only")
        return run

    def _announced(self, check: str, delivery: Delivery) -> AnswerEvent:
        package = answer_package(candidate())
        [(version, _)] = self.answers.packages[f"check-{check}", package]
        return AnswerEvent(f"check-{check}", package, version.version, delivery)


def asking(*checks: str) -> RuleSet:
    return rules(promotion(checks=list(checks)))


ONE = asking("sca")
TWO = asking("sca", "qa")


def run_one(choices: Sequence[int], lags: str, kill: tuple[int, int] | None = None) -> list[int]:
    race = Race(ONE, lags)
    kills = dict([kill]) if kill else {}
    works = [race.decide, race.answer("sca")]
    workers = [Worker(work, kills.get(number, -1)) for number, work in enumerate(works)]
    widths = take_turns(workers, choices)
    if "sca" not in race.answered:  # killed before it was published: somebody answers later
        late = Worker(race.answer("sca"))
        take_turns([late], [])
    race.finish()
    race.check()
    return widths


@pytest.mark.parametrize("lags", ["", "answers", "entries"])
def test_in_every_order_of_calls_there_is_one_promotion(lags: str) -> None:
    schedules = list(every_schedule(lambda choices: run_one(choices, lags)))

    assert len(schedules) > 100


@pytest.mark.parametrize("worker", [0, 1])
@pytest.mark.parametrize("step", range(10))
def test_killed_at_any_call_there_is_still_one_promotion(worker: int, step: int) -> None:
    for choices in every_schedule(lambda choices: run_one(choices, "", (worker, step))):
        assert choices is not None


@pytest.mark.parametrize("lags", ["", "answers", "entries"])
@pytest.mark.parametrize("block", range(4))
def test_two_answers_and_the_version_in_any_order(lags: str, block: int) -> None:
    for seed in range(block * 100, block * 100 + 100):
        chance = random.Random(seed)
        race = Race(TWO, lags)
        works = [race.decide, race.answer("sca"), race.answer("qa")]
        workers = [Worker(work, chance.randrange(12) if chance.random() < 0.2 else -1) for work in works]
        while ready := [each for each in workers if not each.done]:
            chance.choice(ready).advance()
        for check in {"sca", "qa"} - race.answered.keys():
            take_turns([Worker(race.answer(check))], [])
        race.finish()
        try:
            race.check()
        except AssertionError as error:
            raise AssertionError(f"seed {seed}: {error}") from error
