"""answer_validation: promotions that ask for answers, and the repository that has them."""

from hashlib import sha256

import pytest

from promoter.rules.vocabulary import Hop
from promoter.rules_file.answer_validation import same_ids
from promoter.rules_file.diagnostics import RulesError
from promoter.rules_file.reader import load
from tests.support.samples import promotion, rules

CHECKS = promotion("web", checks=["sca"])


def errors_of(*tables: str, head: str = 'domain = "acme"\nevidence = "evidence"\n') -> str:
    with pytest.raises(RulesError) as error:
        load(head + "\n".join(tables))
    return str(error.value)


@pytest.mark.parametrize(
    ("keys", "asked"),
    [
        ({"checks": ["sca"]}, "checks"),
        ({"approval": True}, "approval"),
        ({"approval": "leads"}, "approval"),
        ({"mode": "manual"}, 'mode = "manual"'),
        ({"checks": ["sca"], "approval": True, "mode": "manual"}, 'checks, approval, mode = "manual"'),
    ],
)
def test_answers_need_a_repository(keys: dict[str, object], asked: str) -> None:
    message = errors_of(promotion("web", **keys), head='domain = "acme"\n')

    assert f'promotion "web" needs answers ({asked}), but the file has no "evidence"' in message
    assert 'add evidence = "REPOSITORY" below domain: the repository of answers' in message
    assert "--> rules.toml:2:1" in message


def test_many_promotions_without_a_repository_are_one_error() -> None:
    message = errors_of(CHECKS, promotion("b", "dev -> test", approval=True), head='domain = "acme"\n')

    assert 'promotion "web" (and 1 more) needs answers (checks)' in message
    assert message.endswith("1 error")


def test_a_repository_name_that_cannot_be_read_is_one_error() -> None:
    message = errors_of(CHECKS, head='domain = "acme"\nevidence = "evi dence"\n')

    assert 'evidence "evi dence" is not a valid repository name' in message
    assert message.endswith("1 error")


def test_without_answers_no_repository_is_needed() -> None:
    assert load('domain = "acme"\n' + promotion()).rule_set.evidence == ""
    assert rules(CHECKS).evidence == "evidence"


@pytest.mark.parametrize(("hop", "key"), [("evidence -> staging", "from"), ("dev -> evidence", "to")])
def test_nothing_is_promoted_from_or_to_the_repository_of_answers(hop: str, key: str) -> None:
    message = errors_of(promotion("web", hop))

    assert f'{key} "evidence" of promotion "web" is the repository of answers' in message
    assert "name another repository in evidence" in message


def test_hops_have_ids_of_their_own() -> None:
    """Two hops whose ids are equal are too rare to be written down, so the ids are shortened."""
    repositories = [f"repository-{number}" for number in range(40)]
    promotions = rules(*(promotion(name, f"{name} -> prod") for name in repositories)).promotions

    def short(hop: Hop) -> str:
        return sha256(f"{hop.source}\n{hop.destination}".encode()).hexdigest()[:2]

    ids = [short(each.hop) for each in promotions]
    [first, *_] = found = list(same_ids(promotions, short))
    assert len(found) == len(ids) - len(set(ids))
    position = first.path[1]
    assert isinstance(position, int)
    other = ids.index(ids[position])
    assert first.message == (
        f"hops {promotions[other].hop} and {promotions[position].hop} have the same id {ids[position]}"
    )
    assert first.hint == "rename one of these repositories"
    assert list(same_ids(promotions, lambda hop: hop.id)) == []


def test_several_promotions_of_one_hop_share_its_id() -> None:
    promotions = rules(
        promotion("a", packages=["pkg:npm/a"]), promotion("b", packages=["pkg:npm/b"])
    ).promotions

    assert list(same_ids(promotions, lambda hop: hop.id)) == []
    assert list(same_ids(promotions, lambda hop: "same")) == []


def test_loading_checks_the_ids_of_hops(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Hop, "id", property(lambda hop: "00000000"))

    message = errors_of(promotion("a"), promotion("b", "dev -> test"))

    assert "hops dev -> staging and dev -> test have the same id 00000000" in message


def test_a_check_is_named_once() -> None:
    message = errors_of(promotion("web", checks=["sca", "qa", "sca"]))

    assert 'checks of promotion "web" has "sca" more than once' in message
    assert message.endswith("1 error")


def test_a_check_that_many_promotions_inherit_is_reported_once() -> None:
    defaults = '[defaults]\nchecks = ["sca", "sca", "soak"]\n'
    message = errors_of(defaults, promotion("a"), promotion("b", "dev -> test"))

    assert message.count("more than once") == 1
    assert message.count("no check can be named") == 1
    assert "--> rules.toml:4:11" in message


@pytest.mark.parametrize("name", ["soak", "approval", "hold", "check", "prerelease"])
def test_no_check_is_named_like_a_condition(name: str) -> None:
    message = errors_of(promotion("web", checks=[name]))

    assert f'checks of promotion "web": no check can be named "{name}"' in message
    assert f"write another name, as {name}-check" in message


@pytest.mark.parametrize(
    ("one", "other", "message"),
    [
        (
            {"checks": ["sca"]},
            {"checks": ["SCA"]},
            'check "SCA" differs from "sca" only in upper and lower case',
        ),
        (
            {"approval": "leads"},
            {"approval": "Leads"},
            'approval "Leads" differs from "leads" only in upper and lower case',
        ),
    ],
)
def test_names_differ_in_more_than_case(
    one: dict[str, object], other: dict[str, object], message: str
) -> None:
    assert message in errors_of(promotion("a", **one), promotion("b", "dev -> test", **other))


def test_checks_and_approvals_have_namespaces_of_their_own() -> None:
    rule_set = rules(
        promotion("a", checks=["sca"], approval="sca"),
        promotion("b", "dev -> test", checks=["sca"], approval="sca"),
        promotion("c", "dev -> prod", approval=True),
    )

    assert [each.approval_namespace for each in rule_set.promotions] == [
        "approval-sca",
        "approval-sca",
        "approval",
    ]
