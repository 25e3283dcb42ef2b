"""outcome: what was asked for and what was answered become one outcome per version."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from promoter.copying.outcome import (
    InterpretedReply,
    compare_assets,
    interpret_reply,
    outcome_of_destination_status,
    outcome_of_error,
)
from promoter.copying.ports import ApiError, Assets, Failure, Reply, Success
from promoter.copying.results import AssetDifference, Outcome, OutcomeKind
from promoter.rules.vocabulary import Hop
from tests.support.samples import attempt

HOP = Hop("dev", "prod")
HERE = Assets("r1", {"a.whl": "aa", "b.whl": "bb"})


def reading(*codes: str, number: int = 1, **successes: str) -> InterpretedReply:
    """The reading of a reply in which the n-th version failed with the n-th code."""
    failed = {f"{number}.0": Failure(code, f"about {number}.0") for number, code in enumerate(codes, 1)}
    names = [*failed, *successes]
    asked = {name: attempt(name, number=number) for name in names}
    successful = {name: Success(status, "Published") for name, status in successes.items()}
    return interpret_reply(asked, Reply(successful, failed))


def test_what_is_in_successful_versions_was_copied() -> None:
    asked = {"1.0": attempt("1.0")}

    reply = Reply({"1.0": Success("r9", "Published")}, {})

    assert interpret_reply(asked, reply) == InterpretedReply(
        {"1.0": Outcome(OutcomeKind.COPIED, revision="r9", status="Published")}
    )


def test_what_is_in_neither_map_was_there_already() -> None:
    assert interpret_reply({"1.0": attempt("1.0")}, Reply({}, {})) == InterpretedReply(
        {"1.0": Outcome(OutcomeKind.UNCHANGED)}
    )


@pytest.mark.parametrize("receipts", [1, 3, 10])
def test_a_mismatched_revision_is_superseded(receipts: int) -> None:
    settled = Outcome(OutcomeKind.SUPERSEDED, "MISMATCHED_REVISION", "about 1.0")

    assert reading("MISMATCHED_REVISION", number=receipts) == InterpretedReply({"1.0": settled})


@pytest.mark.parametrize(
    ("receipts", "kind", "ended"),
    [
        (1, OutcomeKind.RETRY, False),
        (2, OutcomeKind.RETRY, False),
        (3, OutcomeKind.SUPERSEDED, True),
        (9, OutcomeKind.SUPERSEDED, True),
    ],
)
def test_what_is_not_found_is_retried_twice_and_then_superseded(
    receipts: int, kind: OutcomeKind, ended: bool
) -> None:
    settled = Outcome(kind, "NOT_FOUND", "about 1.0", is_final=ended)

    assert reading("NOT_FOUND", number=receipts) == InterpretedReply({"1.0": settled})


@pytest.mark.parametrize("code", ["NOT_ALLOWED", "MISMATCHED_STATUS", "QUARANTINED", "", "unknown"])
def test_any_other_code_is_a_failure(code: str) -> None:
    assert reading(code) == InterpretedReply({"1.0": Outcome(OutcomeKind.FAILED, code, "about 1.0")})


def test_what_was_skipped_is_asked_again_without_the_culprits() -> None:
    found = reading("SKIPPED", "NOT_ALLOWED", "SKIPPED")

    assert (found.again, set(found.settled)) == ({"1.0", "3.0"}, {"2.0"})


def test_what_exists_already_has_to_be_compared() -> None:
    found = reading("SKIPPED", "ALREADY_EXISTS")

    assert (found.again, found.conflicts, found.settled) == ({"1.0"}, {"2.0"}, {})


def test_a_reply_of_nothing_but_skipped_is_left_on_the_queue() -> None:
    left = Outcome(
        OutcomeKind.RETRY, "SKIPPED", "the API skipped every version that was asked for", is_final=False
    )

    assert reading("SKIPPED", "SKIPPED") == InterpretedReply({"1.0": left, "2.0": left})


def test_a_partial_success_is_read_as_it_is() -> None:
    """All-or-nothing is how the API behaves, not what it promises."""
    asked = {name: attempt(name) for name in ("1", "2", "3", "4")}
    reply = Reply({"1": Success("r1")}, {"2": Failure("NOT_ALLOWED"), "3": Failure("SKIPPED")})

    found = interpret_reply(asked, reply)

    assert {name: each.kind for name, each in found.settled.items()} == {
        "1": OutcomeKind.COPIED,
        "2": OutcomeKind.FAILED,
        "4": OutcomeKind.UNCHANGED,
    }
    assert found.again == {"3"}


CODES = st.sampled_from(
    ["SKIPPED", "ALREADY_EXISTS", "NOT_FOUND", "NOT_ALLOWED", "MISMATCHED_REVISION", "MISMATCHED_STATUS", "?"]
)
VERSIONS = st.sampled_from("abcdefgh")


@given(
    asked=st.dictionaries(VERSIONS, st.integers(1, 4), min_size=1),
    successful=st.dictionaries(VERSIONS, st.builds(Success, st.text(max_size=3))),
    failed=st.dictionaries(VERSIONS, st.builds(Failure, CODES)),
)
def test_every_version_that_was_asked_for_is_read_exactly_once(
    asked: dict[str, int], successful: dict[str, Success], failed: dict[str, Failure]
) -> None:
    """For every reply: partial, all skipped, with versions that nobody asked for, in both maps."""
    revisions = {version: attempt(version, number=receipts) for version, receipts in asked.items()}

    found = interpret_reply(revisions, Reply(successful, failed))

    assert sorted([*found.settled, *found.again, *found.conflicts]) == sorted(asked)
    assert len(found.again) < len(asked)  # so asking again comes to an end


@pytest.mark.parametrize(
    "code", ["ThrottlingException", "InternalServerException", "ConflictException", "Unreachable"]
)
@pytest.mark.parametrize("receipts", [1, 3, 9])
def test_what_passes_by_itself_is_retried_and_never_told(code: str, receipts: int) -> None:
    error = ApiError(code, "later")

    assert outcome_of_error(error, receipts) == Outcome(OutcomeKind.RETRY, code, "later", is_final=False)


@pytest.mark.parametrize("resource", ["package", "package-version", "asset"])
@pytest.mark.parametrize(
    ("receipts", "kind"), [(1, OutcomeKind.RETRY), (2, OutcomeKind.RETRY), (3, OutcomeKind.SUPERSEDED)]
)
def test_a_package_or_version_that_is_gone_is_retried_twice_and_then_superseded(
    resource: str, receipts: int, kind: OutcomeKind
) -> None:
    error = ApiError("ResourceNotFoundException", "gone", resource)

    found = outcome_of_error(error, receipts)

    assert (found.kind, found.is_final) == (kind, kind is OutcomeKind.SUPERSEDED)


@pytest.mark.parametrize(
    ("code", "resource"),
    [
        ("AccessDeniedException", ""),
        ("ResourceNotFoundException", "repository"),
        ("ResourceNotFoundException", "domain"),
        ("ResourceNotFoundException", ""),
        ("ValidationException", ""),
        ("ServiceQuotaExceededException", "domain"),
        ("ExpiredTokenException", ""),
    ],
)
@pytest.mark.parametrize(
    ("receipts", "kind"),
    [
        (1, OutcomeKind.RETRY),
        (2, OutcomeKind.RETRY),
        (3, OutcomeKind.FAILED),
        (4, OutcomeKind.RETRY),
        (10, OutcomeKind.RETRY),
    ],
)
def test_a_wrong_configuration_is_told_on_the_third_receipt_only_and_stays_on_the_queue(
    code: str, resource: str, receipts: int, kind: OutcomeKind
) -> None:
    error = ApiError(code, "mend it", resource)

    assert outcome_of_error(error, receipts) == Outcome(kind, code, "mend it", is_final=False)


def test_only_throttling_uses_up_the_quota() -> None:
    assert ApiError("ThrottlingException", "").throttled
    assert not ApiError("InternalServerException", "").throttled


@pytest.mark.parametrize("on_conflict", ["fail", "extend"])
def test_a_conflict_whose_source_has_moved_on_is_superseded(on_conflict: str) -> None:
    moved = Assets("r2", {"a.whl": "changed"})

    assert compare_assets(moved, HERE, "r1", HOP, on_conflict) == Outcome(  # type: ignore[arg-type]
        OutcomeKind.SUPERSEDED, "MISMATCHED_REVISION", "dev has a newer revision"
    )


@pytest.mark.parametrize("on_conflict", ["fail", "extend"])
def test_a_conflict_of_equal_assets_is_none(on_conflict: str) -> None:
    same = Assets("another", dict(HERE.hashes))

    assert compare_assets(HERE, same, "r1", HOP, on_conflict) == Outcome(  # type: ignore[arg-type]
        OutcomeKind.UNCHANGED, text="prod has the same assets"
    )


def test_assets_whose_hash_nobody_tells_are_not_taken_for_the_same() -> None:
    unknown = {"a.whl": ""}

    found = compare_assets(Assets("r1", unknown), Assets("r0", unknown), "r1", HOP, "extend")

    assert found is not None
    assert (found.kind, found.differences) == (OutcomeKind.FAILED, (AssetDifference("a.whl", "", ""),))


def test_a_conflict_names_the_assets_that_are_new_missing_and_different() -> None:
    here = Assets("r1", {"same": "1", "changed": "2", "new": "3"})
    there = Assets("r0", {"same": "1", "changed": "0", "missing": "4"})

    assert compare_assets(here, there, "r1", HOP, "fail") == Outcome(
        OutcomeKind.FAILED,
        "ALREADY_EXISTS",
        "prod already has this version with different files",
        differences=(
            AssetDifference("changed", "2", "0"),
            AssetDifference("missing", "", "4"),
            AssetDifference("new", "3", ""),
        ),
    )


def test_assets_may_be_added_where_the_rules_say_so() -> None:
    fewer = Assets("r0", {"a.whl": "aa"})

    assert compare_assets(HERE, fewer, "r1", HOP, "extend") is None
    failed = compare_assets(HERE, fewer, "r1", HOP, "fail")
    assert failed is not None
    assert failed.kind is OutcomeKind.FAILED


def test_files_that_were_added_later_are_told_as_added() -> None:
    found = compare_assets(HERE, Assets("r0", {"a.whl": "aa"}), "r1", HOP, "fail")

    assert found is not None
    assert (found.only_added, found.text) == (
        True,
        "files were added in dev after the version was promoted to prod",
    )


def test_a_disposed_version_has_no_assets_and_is_never_extended() -> None:
    found = compare_assets(HERE, Assets("r0", {}), "r1", HOP, "extend")

    assert found is not None
    assert (found.kind, found.only_added) == (OutcomeKind.FAILED, False)


@pytest.mark.parametrize(
    ("status", "refused"), [("Published", False), ("Unlisted", True), ("Archived", True), ("Disposed", True)]
)
def test_a_version_that_is_not_published_in_the_destination_is_not_extended(
    status: str, refused: bool
) -> None:
    found = outcome_of_destination_status(status, HOP, frozenset({"Published"}))

    assert (found is not None) is refused


@pytest.mark.parametrize("there", [{"a.whl": "other"}, {"a.whl": "aa", "c.whl": "cc"}])
def test_what_stands_in_the_destination_is_never_changed_by_adding(there: dict[str, str]) -> None:
    found = compare_assets(HERE, Assets("r0", there), "r1", HOP, "extend")

    assert found is not None
    assert (found.kind, found.code) == (OutcomeKind.FAILED, "ALREADY_EXISTS")


HASHES = st.dictionaries(st.sampled_from("abcd"), st.sampled_from(["1", "2"]))


@given(here=HASHES, there=HASHES, on_conflict=st.sampled_from(["fail", "extend"]))
def test_equal_is_unchanged_a_superset_may_be_added_and_all_else_fails(
    here: dict[str, str], there: dict[str, str], on_conflict: str
) -> None:
    found = compare_assets(Assets("r1", here), Assets("r0", there), "r1", HOP, on_conflict)  # type: ignore[arg-type]

    if here == there:
        assert found is not None
        assert found.kind is OutcomeKind.UNCHANGED
    elif on_conflict == "extend" and there and there.items() <= here.items():
        assert found is None
    else:
        assert found is not None
        assert found.kind is OutcomeKind.FAILED
        assert {each.name for each in found.differences} == {
            name for name in here | there if here.get(name) != there.get(name)
        }
