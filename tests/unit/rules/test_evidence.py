"""evidence: the facts and answers that were looked up."""

import msgspec

from promoter.rules.evidence import Evidence, Fact, approval_namespace, check_namespace


def test_evidence_has_one_field_for_each_fact_and_nothing_is_known_before_a_look_up() -> None:
    assert msgspec.structs.asdict(Evidence()) == {**dict.fromkeys(map(str, Fact)), "answers": {}}


def test_every_question_has_its_namespace() -> None:
    assert check_namespace("sca") == "check-sca"
    assert (approval_namespace(), approval_namespace("payments")) == ("approval", "approval-payments")
