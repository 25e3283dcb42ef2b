"""reasons: the answer of a condition, and its waiver."""

from msgspec.structs import replace

from promoter.rules.reasons import Reason, Waived
from promoter.rules.vocabulary import ReasonCode, Verdict
from tests.support.samples import MORNING

SOAK = Reason(ReasonCode.SOAK, False, "0m", "24h", "0m of 24h", Verdict.WAIT, MORNING)


def test_a_reason_counts_unless_it_is_waived() -> None:
    assert SOAK.counts
    assert not replace(SOAK, waived=Waived("urgent", MORNING)).counts


def test_the_text_of_a_waived_reason_names_the_end_and_the_reason_of_the_waiver() -> None:
    assert SOAK.marked_text == "0m of 24h"
    assert (
        replace(SOAK, waived=Waived("urgent", MORNING)).marked_text
        == '0m of 24h (waived until 2026-01-02T03:04:05Z: "urgent")'
    )
