"""The pipeline: find candidates, gather evidence, decide, plan, carry out. Clients and clock are arguments."""

from collections.abc import Iterable, Sequence

from msgspec import Struct

from promoter.copying.answer_events import AnswerEvents, Asked
from promoter.copying.calls import Calls
from promoter.copying.evidence import Known
from promoter.copying.executor import Executor
from promoter.copying.judgement import judge
from promoter.copying.latest_tags import LatestTags
from promoter.copying.pending_entries import PendingEntries, WaitSettings
from promoter.copying.plan import Decided, Instruction, make_plan
from promoter.copying.ports import Answers, Limits, NpmTags, Repositories, Schedules
from promoter.copying.results import BadAnswer, Outcome, Result, ResultKey, Run
from promoter.intake.event import AnswerEvent
from promoter.packages.candidate import Arrival
from promoter.rules.evidence import UnusableAnswer
from promoter.rules.rule_set import RuleSet


class Clients(Struct, frozen=True):
    """The clients of the pipeline. Without `npm_tags` no tag is moved."""

    repositories: Repositories
    answers: Answers
    schedules: Schedules
    npm_tags: NpmTags | None = None


class Pipeline:
    """One invocation. `now` is in UTC seconds since the epoch.

    An exception of our own code stays with the message that caused it; the other messages are served.
    """

    def __init__(
        self, rule_set: RuleSet, now: float, clients: Clients, limits: Limits, settings: WaitSettings
    ) -> None:
        """Prepare the calls; nothing is called yet."""
        self._rule_set = rule_set
        self._now = now
        self._calls = Calls(clients.repositories, clients.answers, limits)
        self._entries = PendingEntries(clients.schedules, limits, settings, now)
        self._tags = LatestTags(clients.npm_tags, limits) if clients.npm_tags else None
        self._results: dict[ResultKey, Result] = {}
        self._crashed: dict[str, Exception] = {}
        self._bad_answers: list[BadAnswer] = []
        self._postponed: dict[str, Outcome] = {}

    def run(self, arrivals: Iterable[Arrival], answers: Sequence[AnswerEvent] = ()) -> Run:
        """Decide about candidates, also those that answers are about, and carry the decisions out."""
        asked = [Asked(arrival, Known()) for arrival in arrivals] + self._asked(answers)
        decided = [decision for each in asked for decision in self._judge(each)]
        executor = Executor(self._calls, self._entries)
        for instruction in make_plan(decided):
            self._carry_out(instruction, executor)
        if self._tags:
            self._note(list(self._tags.move(self._results.values())))
        return Run(
            list(self._results.values()),
            self._crashed,
            self._bad_answers,
            self._postponed,
            self._entries.failures,
        )

    def _asked(self, answers: Iterable[AnswerEvent]) -> list[Asked]:
        events = AnswerEvents(self._rule_set, self._calls, self._entries, self._now)
        asked: list[Asked] = []
        for event in answers:
            message = event.delivery.message_id
            try:
                found = events.resolve(event)
            except Exception as error:  # the boundary between messages; the caller reports it
                self._crashed[message] = error
                continue
            if isinstance(found, UnusableAnswer):
                self._bad_answers.append(BadAnswer.of(event, found.problem, found.version))
            elif isinstance(found, Outcome):
                self._postpone(event, found)
            else:
                asked += found
        return asked

    def _postpone(self, event: AnswerEvent, outcome: Outcome) -> None:
        self._postponed[event.delivery.message_id] = outcome
        if outcome.failed:
            problem = f"it could not be read: {outcome.code} {outcome.text}"
            self._bad_answers.append(BadAnswer.of(event, problem, event.version))

    def _judge(self, asked: Asked) -> list[Decided]:
        try:
            decided, deferred = judge(asked.arrival, asked.known, self._rule_set, self._now, self._calls)
        except Exception as error:  # the boundary between messages; the caller reports it
            self._crashed[asked.arrival.delivery.message_id] = error
            return []
        self._note(deferred)
        self._note(Result.of(each.decision, each.delivery) for each in decided)
        return decided

    def _carry_out(self, instruction: Instruction, executor: Executor) -> None:
        try:
            self._note(executor.carry_out(instruction))
        except Exception as error:  # the boundary between instructions; the caller reports it
            crash = Outcome.retry("InternalError", repr(error))
            self._note(Result.of(each.decision, each.delivery, crash) for each in instruction.decided)
            self._crashed |= {each.delivery.message_id: error for each in instruction.decided}

    def _note(self, results: Iterable[Result]) -> None:
        self._results |= {each.key: each for each in results}
