"""message: one SNS message, in the form of each protocol; whole messages."""

import json
import string
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from promoter.copying.results import EXPIRED, NPM_LATEST, AssetDifference, Outcome, OutcomeKind, Result
from promoter.packages.package import Package
from promoter.reporting.place import Place
from promoter.reporting.sns_message import MAX_BYTES, Batch, SnsMessage, compose_messages
from promoter.rules.decision import decide
from promoter.rules.evidence import Evidence
from promoter.rules.rule_set import RuleSet
from tests.support.samples import BEGINS, MORNING, candidate, delivery, promotion, result, rules

RULES = rules(promotion("to-staging"), '[[hold]]\npackage = "pkg:npm/@acme/held"\nreason = "freeze"\n')
FAILED = Outcome(
    OutcomeKind.FAILED,
    "ALREADY_EXISTS",
    "other contents",
    differences=(AssetDifference("package.tgz", "77", "1a"),),
)
DENIED = Outcome(OutcomeKind.FAILED, "AccessDeniedException", "not authorized", is_final=False)
COPIED = Outcome(OutcomeKind.COPIED, revision="r9", status="Published")

PLACE = Place("eu-west-1", "123456789012", docs_url="https://docs.example.com")


def composed(*results: Result, rule_set: RuleSet = RULES) -> list[SnsMessage]:
    return compose_messages(Batch("acme", rule_set.digest, "7d0e", results, place=PLACE))


def document(message: SnsMessage) -> dict[str, Any]:
    """The message for programs."""
    read: dict[str, Any] = json.loads(json.loads(message.body)["default"])
    return read


def test_nothing_to_say_is_no_message() -> None:
    assert composed(result(COPIED, RULES), result(Outcome(OutcomeKind.UNCHANGED), RULES)) == []


def test_a_version_without_its_tag_is_no_failed_version() -> None:
    untagged = Outcome(OutcomeKind.COPIED, NPM_LATEST, "denied", revision="r9", status="Published")

    [message] = composed(result(untagged, RULES))

    [notice] = document(message)["notices"]
    assert (notice["kind"], notice["failedVersions"]) == ("failed", {})
    assert notice["successfulVersions"] == {"1.0.0": {"revision": "r9", "status": "Published"}}
    assert notice["untaggedVersions"] == {"1.0.0": "denied"}
    assert "npm dist-tag add" in notice["next"]


def test_an_expired_version_is_named_as_such_with_the_next_step() -> None:
    expired = Outcome(OutcomeKind.EXPIRED, EXPIRED, "nobody released it within 91 days")

    [message] = composed(result(expired, RULES))

    [notice] = document(message)["notices"]
    assert (notice["kind"], notice["failedVersions"]) == ("approval", {})
    assert notice["expiredVersions"] == {"1.0.0": "nobody released it within 91 days"}
    assert "Publish the missing answer" in notice["next"]
    assert message.subject == "[acme] 1 expired: @acme/widget 1.0.0 -> staging"


def test_a_program_gets_both_maps_in_the_apis_own_shape() -> None:
    [message] = composed(result(FAILED, RULES, version="2.0.0"), result(COPIED, RULES))

    assert document(message) == {
        "domain": "acme",
        "ruleset": RULES.digest,
        "requestId": "7d0e",
        "notices": [
            {
                "kind": "failed",
                "promotion": "to-staging",
                "hop": {"from": "dev", "to": "staging"},
                "package": {
                    "purl": "pkg:npm/%40acme/widget",
                    "format": "npm",
                    "namespace": "acme",
                    "name": "widget",
                },
                "failedVersions": {
                    "2.0.0": {
                        "errorCode": "ALREADY_EXISTS",
                        "errorMessage": "other contents",
                        "assets": [{"name": "package.tgz", "source": "77", "destination": "1a"}],
                        "assetsOmitted": 0,
                    }
                },
                "successfulVersions": {"1.0.0": {"revision": "r9", "status": "Published"}},
                "reasons": {"2.0.0": []},
                "next": "Publish a new version. If the destination's copy is wrong, delete it there, "
                "then copy the version by hand.",
            }
        ],
    }


def test_a_chat_gets_the_schema_of_custom_notifications() -> None:
    [message] = composed(result(DENIED, RULES))

    bodies = json.loads(message.body)
    assert json.loads(bodies["https"]) == {
        "version": "1.0",
        "source": "custom",
        "content": {
            "textType": "client-markdown",
            "title": "[acme] 1 not promoted: @acme/widget 1.0.0 -> staging",
            "description": bodies["email"],
            "nextSteps": [
                "Grant the role what the message names, then redrive the dead-letter queue. "
                "https://docs.example.com/reasons/#accessdeniedexception"
            ],
        },
        "metadata": {
            "threadId": "pkg:npm/%40acme/widget",
            "summary": "[acme] 1 not promoted: @acme/widget 1.0.0 -> staging",
            "eventType": "failed",
            "additionalContext": {
                "purl": "pkg:npm/%40acme/widget@1.0.0",
                "revision": "r1",
                "promotion": "to-staging",
            },
        },
    }


def test_a_person_gets_the_mail_and_its_subject() -> None:
    [message] = composed(result(DENIED, RULES))

    assert message.subject == "[acme] 1 not promoted: @acme/widget 1.0.0 -> staging"
    assert json.loads(message.body)["email"] == (
        "@acme/widget 1.0.0 (npm) was not copied to staging:\nAccessDeniedException\n"
        "  not authorized\n\n"
        "Grant the role what the message names, then redrive the dead-letter\nqueue.\n"
        "  $ promoter redrive\n"
        "About this code: https://docs.example.com/reasons/#accessdeniedexception\n\n"
        "Domain acme, eu-west-1, account 123456789012, 1970-01-01 00:00 UTC\n"
        f"Promotion to-staging, rules {RULES.digest}\nRequest 7d0e\n"
    )


def test_what_is_held_names_its_reason_and_no_failed_version() -> None:
    [message] = composed(result(rule_set=RULES, package=Package("npm", "acme", "held"), pending=BEGINS))

    [notice] = document(message)["notices"]
    assert (notice["kind"], notice["failedVersions"]) == ("approval", {})
    assert notice["reasons"] == {
        "1.0.0": [
            {
                "code": "hold",
                "met": False,
                "seen": 'held: "freeze"',
                "wanted": "not held",
                "text": 'held: "freeze"',
            }
        ]
    }


def test_packages_without_a_namespace_have_null() -> None:
    [message] = composed(result(DENIED, RULES, package=Package("npm", "", "lodash")))

    assert document(message)["notices"][0]["package"]["namespace"] is None


def test_one_message_tells_of_all_packages_and_kinds_each_in_its_notice() -> None:
    [message] = composed(
        result(DENIED, RULES, version="1"),
        result(DENIED, RULES, version="2"),
        result(FAILED, RULES, package=Package("npm", "", "lodash")),
        result(rule_set=RULES, package=Package("npm", "acme", "held"), pending=BEGINS),
    )

    told = [
        (each["kind"], each["package"]["name"], list(each["failedVersions"]))
        for each in document(message)["notices"]
    ]
    assert told == [
        ("failed", "widget", ["1", "2"]),
        ("failed", "lodash", ["1.0.0"]),
        ("approval", "held", []),
    ]


def test_versions_of_another_package_or_promotion_are_not_among_the_successful_ones() -> None:
    two = rules(promotion("to-staging"), promotion("to-prod", "dev -> prod"))
    to_staging, to_prod = decide(candidate("3"), Evidence(), two, MORNING)
    lodash = Package("npm", "", "lodash")

    [message] = composed(
        Result.of(to_staging, delivery("m1"), DENIED),
        Result.of(to_prod, delivery("m1"), COPIED),
        result(COPIED, RULES, version="4"),
        result(COPIED, RULES, version="5", package=lodash),
        rule_set=two,
    )

    [notice] = document(message)["notices"]
    assert (list(notice["failedVersions"]), list(notice["successfulVersions"])) == (["3"], ["4"])


def test_one_byte_over_256_kib_is_one_message_more() -> None:
    """SNS API reference, Publish: at most 262,144 bytes."""

    def messages(letters: int) -> list[SnsMessage]:
        copied = Outcome(OutcomeKind.COPIED, revision="r" * letters)  # a letter is one byte of the message
        failed = [result(DENIED, RULES, version=version) for version in ("1", "2")]
        return composed(*failed, result(copied, RULES, version="3"))

    [small] = messages(0)
    letters = 262_144 - len(small.body)

    assert [len(each.body) for each in messages(letters)] == [262_144]
    assert len(messages(letters + 1)) == 2


def test_one_byte_over_256_kib_shortens_the_list_of_copied_versions_first() -> None:
    def message(letters: int) -> SnsMessage:
        copied = [result(COPIED, RULES, version=f"2.{number}") for number in range(20)]
        last = Outcome(OutcomeKind.COPIED, revision="r" * letters)
        [made] = composed(result(DENIED, RULES), *copied, result(last, RULES, version="3"))
        return made

    letters = 262_144 - len(message(0).body)

    assert [
        len(document(message(each))["notices"][0]["successfulVersions"]) for each in (letters, letters + 1)
    ] == [
        21,
        20,
    ]


def test_assets_are_cut_with_a_count() -> None:
    differences = tuple(AssetDifference(f"{number}.jar", "", "aa") for number in range(50))
    many = Outcome(OutcomeKind.FAILED, "ALREADY_EXISTS", "other contents", differences=differences)

    [message] = composed(result(many, RULES))

    failed = document(message)["notices"][0]["failedVersions"]["1.0.0"]
    assert (len(failed["assets"]), failed["assetsOmitted"]) == (20, 30)


def test_what_does_not_fit_into_one_message_is_told_in_more() -> None:
    long = Outcome(OutcomeKind.FAILED, "NOT_ALLOWED", "x" * 1000)
    failed = [result(long, RULES, version=f"1.0.{number}") for number in range(400)]

    messages = composed(*failed)

    assert len(messages) == 2
    told = [list(document(each)["notices"][0]["failedVersions"]) for each in messages]
    assert [*told[0], *told[1]] == [f"1.0.{number}" for number in range(400)]


@pytest.mark.parametrize("letter", ["x", "é", "\u2028", "\U0001f4a9"])
def test_the_longest_names_that_the_api_allows_fit(letter: str) -> None:
    package = Package("npm", letter * 255, letter * 255)
    differences = tuple(
        AssetDifference(f"{number}{letter * 250}", "a" * 64, "b" * 64) for number in range(30)
    )
    failed = Outcome(OutcomeKind.FAILED, "ALREADY_EXISTS", letter * 1000, differences=differences)
    versions = [f"{number:03}{letter * 252}" for number in range(100)]
    results = [
        result(failed if number % 10 == 0 else COPIED, RULES, package=package, version=version)
        for number, version in enumerate(versions)
    ]

    messages = composed(*results)

    assert max(len(each.body) for each in messages) <= MAX_BYTES
    told = [
        version
        for each in messages
        for notice in document(each)["notices"]
        for version in notice["failedVersions"]
    ]
    assert told == versions[::10]


def test_where_it_gets_too_long_what_went_well_is_cut_with_a_count() -> None:
    long = "\U0001f4a9" * 250
    copied = [result(COPIED, RULES, version=f"{number}{long}") for number in range(90)]

    [message] = composed(result(DENIED, RULES), *copied)

    [notice] = document(message)["notices"]
    assert (len(notice["successfulVersions"]), notice["successfulVersionsOmitted"]) == (20, 70)
    assert list(notice["failedVersions"]) == ["1.0.0"]


NAMES = st.text(min_size=1, max_size=255) | st.sampled_from(["%s{0}\x00\x1b[2J", "\U0001f4a9" * 255])


@settings(max_examples=30)
@given(
    names=st.lists(st.tuples(NAMES, NAMES, NAMES), min_size=1, max_size=20),
    outcome=st.sampled_from([FAILED, DENIED, COPIED]),
    repeat=st.integers(1, 20),
)
def test_whatever_the_names_sns_takes_the_messages(
    names: list[tuple[str, str, str]], outcome: Outcome, repeat: int
) -> None:
    telling = rules(promotion("to-staging", notify=["failed", "promoted"]))
    results = [
        result(outcome, telling, package=Package("npm", namespace, name), version=f"{number}{version}")
        for number in range(repeat)
        for namespace, name, version in names
    ]

    for message in composed(*results, rule_set=telling):
        assert len(message.body) <= MAX_BYTES
        assert message.body.isascii()
        assert 0 < len(message.subject) < 100
        assert set(message.subject) <= set(string.printable) - set("\t\n\r\x0b\x0c")
        assert set(json.loads(message.body)) == {"default", "email", "https"}
