"""results: the key of a result, and the state of its message."""

import pytest

from promoter.copying.results import Outcome, OutcomeKind
from tests.support.samples import promotion, result, rules


def test_results_of_one_message_on_two_hops_have_different_keys() -> None:
    to_staging, to_test = rules(promotion(hop="dev -> staging")), rules(promotion(hop="dev -> test"))

    keys = {result(rule_set=each, message_id="m1").key for each in (to_staging, to_test)}

    assert len(keys) == 2


def test_results_of_two_messages_about_one_version_have_different_keys() -> None:
    assert result(message_id="m1").key != result(message_id="m2").key


@pytest.mark.parametrize("kind", OutcomeKind)
def test_a_message_stays_on_the_queue_only_for_a_retry_or_an_outcome_that_is_not_final(
    kind: OutcomeKind,
) -> None:
    outcome = Outcome.retry("ThrottlingException", "") if kind is OutcomeKind.RETRY else Outcome(kind)

    assert result(outcome).is_final is (kind is not OutcomeKind.RETRY)


def test_a_result_without_an_outcome_needs_its_message_no_more() -> None:
    assert result().is_final
    assert not result().copied
    assert not result().failed
