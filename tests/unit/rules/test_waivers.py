"""waivers: written exceptions from conditions."""

import pytest
from msgspec.structs import replace

from promoter.packages.package import Package
from promoter.packages.patterns import parse
from promoter.rules.held_versions import HeldVersions
from promoter.rules.reasons import Reason, Waived
from promoter.rules.vocabulary import ReasonCode, Verdict
from promoter.rules.waivers import WAIVABLE, Waiver, waive
from tests.support.samples import MORNING, candidate

END = MORNING + 3600


def waiver(*conditions: str, until: float = END, versions: HeldVersions | None = None) -> Waiver:
    return Waiver(parse("pkg:npm/@acme/w*"), frozenset(conditions), "fix for the leak", until, versions)


def unmet(code: ReasonCode, name: str = "") -> Reason:
    return Reason(code, False, "seen", "wanted", "text", Verdict.REJECT, name=name)


@pytest.mark.parametrize(
    ("version", "now", "applies"),
    [
        ("1.0.0", MORNING, True),
        ("1.0.0", END - 0.001, True),
        ("1.0.0", END, False),
        ("1.0.1", MORNING, False),
    ],
)
def test_a_waiver_is_about_the_versions_that_it_names_until_it_ends(
    version: str, now: float, applies: bool
) -> None:
    assert waiver("soak", versions=HeldVersions("1.0.0")).applies(candidate(version), now) is applies


def test_a_waiver_without_versions_is_about_all_versions_of_its_packages() -> None:
    assert waiver("soak").applies(candidate("7.0.0"), MORNING)
    assert not waiver("soak").applies(candidate(package=Package("npm", "acme", "gadget")), MORNING)


@pytest.mark.parametrize("code", WAIVABLE)
def test_a_waived_reason_stays_as_it_is_and_is_marked(code: ReasonCode) -> None:
    reason = unmet(code)

    assert waive([reason], [waiver(code)]) == [replace(reason, waived=Waived("fix for the leak", END))]


@pytest.mark.parametrize("code", sorted(set(ReasonCode) - set(WAIVABLE)))
def test_other_conditions_cannot_be_waived(code: ReasonCode) -> None:
    named = unmet(code, name="sca" if code == "check" else "")

    assert waive([named], [waiver(code)]) == [named]


def test_a_check_is_waived_by_its_name() -> None:
    sca, qa = unmet(ReasonCode.CHECK, "sca"), unmet(ReasonCode.CHECK, "qa")

    assert [each.counts for each in waive([sca, qa], [waiver("sca")])] == [False, True]


def test_a_reason_that_is_met_is_not_marked() -> None:
    met = Reason(ReasonCode.SOAK, True, "2d", "24h", "2d of 24h")

    assert waive([met], [waiver("soak")]) == [met]


def test_of_several_waivers_the_last_one_to_end_is_named() -> None:
    reason = unmet(ReasonCode.SOAK)

    [found] = waive(
        [reason], [waiver("soak"), waiver("soak", until=END + 60), waiver("versions", until=END + 99)]
    )

    assert found.waived == Waived("fix for the leak", END + 60)
