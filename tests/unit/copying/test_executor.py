"""executor: whatever the API answers, it comes to an end with one outcome for every revision."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from promoter.copying.executor import RESERVE_SECONDS, Executor
from promoter.copying.pipeline import run_promotions
from promoter.copying.plan import Copy, RevisionAttempt, make_plan
from promoter.copying.ports import ApiError, Assets, Description, Failure, Reply, Success
from promoter.copying.results import Deferred, OutcomeKind
from promoter.packages.package import Package
from tests.support.clocks import Budget
from tests.support.samples import MORNING, arrival, candidate, decided, promotion, rules

THROTTLED = ApiError("ThrottlingException", "Rate exceeded")


@dataclass
class Answers:
    """Repositories that answer whatever they were told to, and then nothing but SKIPPED."""

    replies: list[Reply | ApiError]
    listings: list[Assets | ApiError] = field(default_factory=list)
    asked: list[dict[str, str]] = field(default_factory=list)
    descriptions: list[ApiError] = field(default_factory=list)
    described: int = 0

    def describe(self, repository: str, package: Package, version: str) -> Description:
        self.described += 1
        raise self.descriptions.pop(0)

    def copy_versions(self, instruction: Copy, revisions: Mapping[str, str], *, overwrite: bool) -> Reply:
        self.asked.append(dict(revisions))
        answer = (
            self.replies.pop(0) if self.replies else Reply({}, dict.fromkeys(revisions, Failure("SKIPPED")))
        )
        if isinstance(answer, ApiError):
            raise answer
        return answer

    def list_assets(self, repository: str, package: Package, version: str) -> Assets:
        answer = self.listings.pop(0) if self.listings else Assets("r1", {"a": "1"})
        if isinstance(answer, ApiError):
            raise answer
        return answer


VERSIONS = st.sampled_from("abcde")
CODES = st.sampled_from(
    ["SKIPPED", "ALREADY_EXISTS", "NOT_FOUND", "NOT_ALLOWED", "MISMATCHED_REVISION", "unheard-of"]
)
ERRORS = st.sampled_from(
    [THROTTLED, ApiError("AccessDeniedException", "no"), ApiError("ConflictException", "busy")]
)
REPLIES = st.builds(
    Reply,
    st.dictionaries(VERSIONS, st.builds(Success, st.just("r1"))),
    st.dictionaries(VERSIONS, st.builds(Failure, CODES)),
)
LISTINGS = st.builds(
    Assets, st.sampled_from(["r1", "r2"]), st.dictionaries(st.sampled_from("ab"), st.sampled_from("12"))
)


@given(
    wanted=st.sets(st.tuples(VERSIONS, st.sampled_from(["r1", "r2", "r3"])), min_size=1),
    replies=st.lists(REPLIES | ERRORS, max_size=12),
    listings=st.lists(LISTINGS | ERRORS, max_size=8),
    on_conflict=st.sampled_from(["fail", "extend", "overwrite"]),
    receive_count=st.integers(1, 4),
)
def test_whatever_is_answered_every_revision_gets_exactly_one_outcome(
    wanted: set[tuple[str, str]],
    replies: list[Reply | ApiError],
    listings: list[Assets | ApiError],
    on_conflict: str,
    receive_count: int,
) -> None:
    """And it comes to an end, with no revision asked for more often than there is something new to ask."""
    rule_set = rules(promotion(on_conflict=on_conflict))
    decisions = [
        decided(
            rule_set=rule_set,
            version=version,
            revision=named,
            sequence_number=ord(named[1]),
            receive_count=receive_count,
        )
        for version, named in sorted(wanted)
    ]
    [copy] = make_plan(decisions)
    answers = Answers(replies, listings)

    done: list[RevisionAttempt] = [revision for revision, _ in Executor(answers, Budget()).carry_out(copy)]

    assert sorted((each.version, each.revision) for each in done) == sorted(wanted)
    rounds_at_most = 2 * len(wanted) + 1  # each round but the last settles one or puts it to extending
    assert len(answers.asked) <= rounds_at_most
    assert all(asked for asked in answers.asked)


def test_a_conflict_that_even_overwriting_meets_is_a_failure_and_no_loop() -> None:
    other = [Assets("r1", {"a": "1"}), Assets("r0", {"a": "2"})]
    answers = Answers([Reply({}, {"1.0.0": Failure("ALREADY_EXISTS", "still")})] * 5, other)

    came = run_promotions([arrival()], rules(promotion(on_conflict="overwrite")), MORNING, answers, Budget())

    assert [result.outcome and (result.outcome.kind, result.outcome.code) for result in came.results] == [
        (OutcomeKind.FAILED, "ALREADY_EXISTS")
    ]
    assert len(answers.asked) == 1


def test_an_instruction_of_an_unknown_type_is_refused() -> None:
    with pytest.raises(TypeError, match="unknown instruction: str"):
        Executor(Answers([]), Budget()).carry_out("copy everything")  # type: ignore[arg-type]


def test_nothing_is_described_after_throttling_or_near_the_deadline() -> None:
    answers = Answers([])
    answers.descriptions = [THROTTLED]
    executor = Executor(answers, Budget())

    first = executor.describe(candidate(), 1)
    again = executor.describe(candidate(), 1)
    late = Executor(answers, Budget(left=RESERVE_SECONDS - 1)).describe(candidate(), 1)

    codes = [each.outcome.code for each in (first, again, late) if isinstance(each, Deferred)]
    assert codes == ["ThrottlingException", "ThrottlingException", "Deadline"]
    assert answers.described == 1
