"""executor: whatever the API answers, it comes to an end with one outcome for every revision."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from promoter.copying.plan import Copy, make_plan
from promoter.copying.ports import ApiError, Assets, Description, Failure, Reply, Success
from promoter.copying.results import Outcome, OutcomeKind
from promoter.packages.package import Package
from tests.support.in_memory_waiting import executor_of
from tests.support.samples import decided, promotion, rules

THROTTLED = ApiError("ThrottlingException", "Rate exceeded")


@dataclass
class Answers:
    """Repositories that answer whatever they were told to, and then nothing but SKIPPED."""

    replies: list[Reply | ApiError]
    listings: list[Assets | ApiError] = field(default_factory=list)
    asked: list[dict[str, str]] = field(default_factory=list)
    descriptions: list[Description | ApiError] = field(default_factory=list)
    described: int = 0

    def describe(self, repository: str, package: Package, version: str) -> Description:
        self.described += 1
        answer = self.descriptions.pop(0) if self.descriptions else Description("r1", "Published", 0.0)
        if isinstance(answer, ApiError):
            raise answer
        return answer

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
    [
        THROTTLED,
        ApiError("AccessDeniedException", "no"),
        ApiError("ConflictException", "busy"),
        ApiError("ValidationException", "bad"),
    ]
)
REPLIES = st.builds(
    Reply,
    st.dictionaries(VERSIONS, st.builds(Success, st.just("r1"))),
    st.dictionaries(VERSIONS, st.builds(Failure, CODES)),
)
LISTINGS = st.builds(
    Assets, st.sampled_from(["r1", "r2"]), st.dictionaries(st.sampled_from("ab"), st.sampled_from("12"))
)

DESCRIPTIONS = st.builds(
    Description,
    st.just("r0"),
    st.sampled_from(["Published", "Unlisted", "Archived", "Disposed"]),
    st.just(0.0),
)


@given(
    wanted=st.sets(st.tuples(VERSIONS, st.sampled_from(["r1", "r2", "r3"])), min_size=1),
    replies=st.lists(REPLIES | ERRORS, max_size=12),
    listings=st.lists(LISTINGS | ERRORS, max_size=8),
    descriptions=st.lists(DESCRIPTIONS | ERRORS, max_size=4),
    on_conflict=st.sampled_from(["fail", "extend", "overwrite"]),
    number=st.integers(1, 4),
)
def test_whatever_is_answered_every_revision_gets_exactly_one_outcome(
    wanted: set[tuple[str, str]],
    replies: list[Reply | ApiError],
    listings: list[Assets | ApiError],
    descriptions: list[Description | ApiError],
    on_conflict: str,
    number: int,
) -> None:
    """And it comes to an end, with no revision asked for more often than there is something new to ask."""
    rule_set = rules(promotion(on_conflict=on_conflict))
    decisions = [
        decided(
            rule_set=rule_set,
            version=version,
            revision=named,
            sequence_number=ord(named[1]),
            number=number,
        )
        for version, named in sorted(wanted)
    ]
    [copy] = make_plan(decisions)
    answers = Answers(replies, listings, descriptions=descriptions)

    done = [result.candidate for result in executor_of(answers).carry_out(copy)]

    assert sorted((each.version, each.revision) for each in done) == sorted(wanted)
    rounds_at_most = 3 * len(wanted) + 1  # each round settles one, writes it again, or asks for it alone
    assert len(answers.asked) <= rounds_at_most
    assert all(asked for asked in answers.asked)


def test_a_conflict_that_even_overwriting_meets_is_a_failure_and_no_loop() -> None:
    other: list[Assets | ApiError] = [Assets("r1", {"a": "1"}), Assets("r0", {"a": "2"})]
    answers = Answers([Reply({}, {"1.0.0": Failure("ALREADY_EXISTS", "still")})] * 5, other)

    [copy] = make_plan([decided(rule_set=rules(promotion(on_conflict="overwrite")))])

    came = executor_of(answers).carry_out(copy)

    assert [result.outcome and (result.outcome.kind, result.outcome.code) for result in came] == [
        (OutcomeKind.FAILED, "ALREADY_EXISTS")
    ]
    assert len(answers.asked) == 2


EXISTS = Reply({}, {"1.0.0": Failure("ALREADY_EXISTS", "still")})
ADDED: list[Assets | ApiError] = [Assets("r1", {"a": "1", "b": "2"}), Assets("r0", {"a": "1"})]


def test_a_version_that_still_exists_during_its_extension_is_a_failure_and_no_loop() -> None:
    answers = Answers([EXISTS] * 5, ADDED * 5)

    [copy] = make_plan([decided(rule_set=rules(promotion(on_conflict="extend")))])
    came = executor_of(answers).carry_out(copy)

    assert [result.outcome and (result.outcome.kind, result.outcome.code) for result in came] == [
        (OutcomeKind.FAILED, "ALREADY_EXISTS")
    ]
    assert len(answers.asked) == 2


def test_an_extended_version_keeps_the_revision_and_the_status_that_the_api_answered() -> None:
    answers = Answers([EXISTS, Reply({"1.0.0": Success("r7", "Published")}, {})], list(ADDED))

    [copy] = make_plan([decided(rule_set=rules(promotion(on_conflict="extend")))])
    came = executor_of(answers).carry_out(copy)

    assert [result.outcome for result in came] == [
        Outcome(OutcomeKind.COPIED, text="files were added", extended=True, revision="r7", status="Published")
    ]


def test_an_instruction_of_an_unknown_type_is_refused() -> None:
    with pytest.raises(TypeError, match="unknown instruction: str"):
        executor_of(Answers([])).carry_out("copy everything")  # type: ignore[arg-type]


def test_a_call_that_is_not_valid_is_asked_version_by_version_on_the_next_delivery() -> None:
    """The other 99 versions must not share the fate of one."""
    [copy] = make_plan([decided(version=version, message_id=version, number=1) for version in "abc"])
    [again] = make_plan([decided(version=version, message_id=version, number=2) for version in "abc"])
    bad = ApiError("ValidationException", "bad version")
    done = [Reply({version: Success("r1")}, {}) for version in "ac"]
    answers = Answers([bad, bad, done[0], bad, done[1]])
    executor = executor_of(answers)

    first = {each.candidate.version: each.outcome.kind for each in executor.carry_out(copy) if each.outcome}
    second = {each.candidate.version: each.outcome.kind for each in executor.carry_out(again) if each.outcome}

    assert first == dict.fromkeys("abc", OutcomeKind.RETRY)
    assert second == {"a": OutcomeKind.COPIED, "b": OutcomeKind.RETRY, "c": OutcomeKind.COPIED}
    assert [list(asked) for asked in answers.asked] == [["a", "b", "c"]] * 2 + [["a"], ["b"], ["c"]]
