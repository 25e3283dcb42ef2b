"""event_files: the versions that a JSON file names."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from promoter.cli.errors import BadUsage
from promoter.cli.event_files import SkippedEvent, parse_event_file
from promoter.copying.results import Outcome, OutcomeKind
from promoter.packages.candidate import Candidate
from promoter.packages.package import Package
from promoter.reporting.decision_log import log_record
from promoter.reporting.sns_message import Batch, compose_messages
from tests.support.samples import MORNING, WIDGET, event, promotion, record, result, rules, without

NOW = MORNING + 3600


def found(value: Any) -> list[Candidate | SkippedEvent]:
    return parse_event_file(json.dumps(value), "event.json", "acme", NOW)


def named(value: Any) -> list[tuple[str, str, str, float]]:
    """Version, repository, revision and time of each candidate."""
    each_found = found(value)
    assert all(isinstance(each, Candidate) for each in each_found)
    return [
        (c.version, c.repository, c.revision, c.available_since)
        for c in each_found
        if isinstance(c, Candidate)
    ]


EVENT = ("1.0.0", "dev", "r1", MORNING)


def notification() -> dict[str, Any]:
    """The message that the topic sends about a failure."""
    failed = result(Outcome(OutcomeKind.FAILED, "ALREADY_EXISTS", "exists"))
    [message] = compose_messages(Batch("acme", "4f1c9e02", "request-1", [failed]))
    return json.loads(message.body)


class TestFound:
    def test_in_an_event(self) -> None:
        assert named(event()) == [EVENT]

    @pytest.mark.parametrize(
        "wrap",
        [
            lambda it: {"Records": [record(it)]},
            record,
            lambda it: [it],
            lambda it: {"Messages": [{"MessageId": "m", "Body": json.dumps(it)}]},
            lambda it: {"Type": "Notification", "Message": json.dumps(it)},
            lambda it: {"Records": [{"EventSource": "aws:sns", "Sns": {"Message": json.dumps(it)}}]},
            lambda it: {"Records": [record({"Type": "Notification", "Message": json.dumps(it)})]},
        ],
        ids=["batch", "record", "list", "receive-message", "sns", "sns-to-lambda", "sns-in-sqs"],
    )
    def test_in_every_envelope_of_an_event(self, wrap: Any) -> None:
        assert named(wrap(event())) == [EVENT]

    def test_every_record_of_a_batch_in_order(self) -> None:
        batch = {"Records": [record(event("1.0.0")), record(event("1.1.0"))]}
        assert [version for version, *_ in named(batch)] == ["1.0.0", "1.1.0"]

    def test_in_our_own_notification(self) -> None:
        document = json.loads(notification()["default"])
        assert named(document) == [("1.0.0", "dev", "", NOW)]
        [candidate] = found(document)
        assert isinstance(candidate, Candidate)
        assert candidate.package == WIDGET

    def test_in_our_own_notification_from_a_queue(self) -> None:
        in_sns = {"Type": "Notification", "Message": notification()["default"]}
        assert named({"Messages": [{"Body": json.dumps(in_sns)}]}) == [("1.0.0", "dev", "", NOW)]

    def test_in_a_message_to_the_topic(self) -> None:
        assert named(notification()) == [("1.0.0", "dev", "", NOW)]

    def test_in_a_notification_without_the_versions_that_were_copied(self) -> None:
        document = json.loads(notification()["default"])
        document["notices"][0]["successfulVersions"] = {"1.1.0": {"revision": "r", "status": "Published"}}
        assert [version for version, *_ in named(document)] == ["1.0.0"]

    def test_of_a_package_without_a_namespace(self) -> None:
        rule_set = rules(promotion(packages=["pkg:pypi/t*"], notify=["rejected"], exclude=["pkg:pypi/t*"]))
        rejected = result(None, rule_set, package=Package("pypi", "", "tools"))
        [message] = compose_messages(Batch("acme", "4f1c9e02", "request-1", [rejected]))
        [candidate] = found(json.loads(message.body))
        assert isinstance(candidate, Candidate)
        assert candidate.package == Package("pypi", "", "tools")

    def test_in_a_line_of_the_decision_log(self) -> None:
        assert named(log_record(result(), "4f1c9e02", "request-1")) == [EVENT]


class TestSkipped:
    def test_an_event_that_the_pipeline_ignores_says_why(self) -> None:
        [skipped] = found(event(packageVersionState="Unfinished"))
        assert isinstance(skipped, SkippedEvent)
        assert skipped.event_id == "e1"
        assert skipped.text.startswith("not-published: ")

    def test_another_domain_is_skipped(self) -> None:
        [skipped] = found(event(domainName="other"))
        assert isinstance(skipped, SkippedEvent)
        assert skipped.text.startswith("other-domain: ")

    def test_a_malformed_event_is_skipped(self) -> None:
        [skipped] = found(without(event(), "packageName"))
        assert isinstance(skipped, SkippedEvent)
        assert "packageName" in skipped.text
        assert "dead-letter queue" in skipped.text


class TestNothing:
    @pytest.mark.parametrize(
        "text",
        [
            "{}",
            "[]",
            "1",
            "null",
            '{"Records": 1}',
            '{"body": "plain"}',
            '{"hop": 1}',
            '{"hop": {"from": "dev"}}',
        ],
    )
    def test_is_found_in_anything_else(self, text: str) -> None:
        with pytest.raises(BadUsage, match="has no package version"):
            parse_event_file(text, "event.json", "acme", NOW)

    @pytest.mark.parametrize("text", ["", "{", "[" * 100_000])
    def test_a_text_that_is_not_json_is_refused(self, text: str) -> None:
        with pytest.raises(BadUsage, match=r"event\.json is not JSON"):
            parse_event_file(text, "event.json", "acme", NOW)


_KEYS = ["Records", "Messages", "body", "Sns", "Message", "detail-type", "detail", "hop", "from", "notices"]
_KEYS += ["package", "version", "reasons", "published", "source", "time", "format", "name", "revision"]
_LEAVES = (
    st.none()
    | st.booleans()
    | st.floats()
    | st.text()
    | st.sampled_from([*_KEYS, "aws.codeartifact", "npm", "0001-01-01T00:00:00+14:00", json.dumps(event())])
)


class TestAnything:
    @settings(max_examples=300)
    @given(
        st.recursive(
            _LEAVES,
            lambda within: st.lists(within) | st.dictionaries(st.sampled_from(_KEYS), within),
            max_leaves=30,
        )
    )
    def test_is_parsed_or_refused_in_one_sentence(self, value: Any) -> None:
        answer: list[Any]
        try:
            answer = found(value)
        except BadUsage as error:
            answer = [error]
        assert answer
        assert not any("\n" in str(each) for each in answer if isinstance(each, BadUsage))
        assert all(isinstance(each, Candidate | SkippedEvent | BadUsage) for each in answer)

    def test_a_log_line_from_the_first_hours_of_the_calendar_is_refused(self) -> None:
        line = log_record(result(), "4f1c9e02", "request-1") | {"published": "0001-01-01T00:00:00+14:00"}
        with pytest.raises(BadUsage, match="has no package version"):
            found(line)
