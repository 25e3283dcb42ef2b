"""evidence: the facts that were looked up."""

import msgspec

from promoter.rules.evidence import Evidence, Fact


def test_evidence_has_one_field_for_each_fact_and_nothing_is_known_before_a_look_up() -> None:
    assert msgspec.structs.asdict(Evidence()) == dict.fromkeys(map(str, Fact))
