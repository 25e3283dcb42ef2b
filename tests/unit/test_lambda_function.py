"""function: what an invocation answers, prints, tells and sets aside."""

import json
from typing import Any

import pytest
from msgspec.structs import replace

from promoter.copying import judgement
from promoter.copying.ports import ApiError
from promoter.lambda_function import BareEventError, NotPromotedError
from promoter.packages.candidate import Candidate
from promoter.packages.package import Package
from promoter.reporting.sns_message import MAX_BYTES
from promoter.rules.decision import decide
from tests.support.in_memory_function import Deployment, Invocation
from tests.support.in_memory_repositories import Fault, Stored
from tests.support.printed import Printed
from tests.support.samples import MORNING, WIDGET, event, promotion, record, rules

HOLD = '[[hold]]\npackage = "pkg:npm/@acme/widget"\nreason = "freeze"\n'
DENIED = ApiError("AccessDeniedException", "not authorized to perform: codeartifact:CopyPackageVersions")


def publishing(*versions: str, to: Deployment | None = None) -> Deployment:
    """A deployment in whose dev these versions stand."""
    deployment = to or Deployment()
    for version in versions:
        deployment.store.put("dev", WIDGET, version)
    return deployment


def test_a_published_version_is_promoted_and_its_message_deleted(printed: Printed) -> None:
    deployment = publishing("1.0.0")

    assert deployment.serve(record(event())) == []

    output = printed.take()
    assert deployment.store.contents["staging"] == {(WIDGET, "1.0.0"): Stored("r1", {"package.tgz": "aa"})}
    assert (output.counts, output.metrics_of(Promotion="npm-to-staging")) == (
        {"Promoted": 1},
        {"Promoted": 1},
    )
    assert output.seconds == [30.0]
    assert [(each["outcome"], each["requestId"]) for each in output.decisions] == [("copied", "7d0e")]
    assert deployment.topic.published == []


def test_an_empty_batch_prints_and_calls_nothing(printed: Printed) -> None:
    deployment = Deployment()

    assert deployment.serve() == []

    assert (printed.take().lines, deployment.store.copies) == ([], [])


def test_what_no_promotion_selects_leaves_no_trace(printed: Printed) -> None:
    deployment = Deployment()

    assert deployment.serve(record(event(packageFormat="pypi", packageNamespace=None))) == []

    assert (printed.take().lines, deployment.store.copies) == ([], [])


def test_what_cannot_be_understood_is_set_aside_and_its_neighbours_are_served(printed: Printed) -> None:
    deployment = publishing("1.0.0")

    assert deployment.serve(record("not JSON", "m1"), record(event(), "m2"), record([], "m3")) == []

    assert deployment.dead_letters.kept == [
        ("not JSON", "JSON is malformed: invalid character (byte 4)"),
        ("[]", "Expected `object`, got `array`"),
    ]
    output = printed.take()
    assert output.counts == {"Promoted": 1, "Malformed": 2}
    assert [each["messageId"] for each in output.logged] == ["m1", "m3"]


def test_what_the_dead_letter_queue_does_not_take_stays_on_the_queue(printed: Printed) -> None:
    deployment = publishing("1.0.0")
    deployment.dead_letters.down = True

    assert deployment.serve(record("not JSON", "m1"), record(event(), "m2")) == ["m1"]

    assert printed.take().counts == {"Promoted": 1, "Malformed": 1}


def test_events_that_are_ignored_are_dropped_and_logged(printed: Printed) -> None:
    deployment = publishing("1.0.0")
    records = [
        record(event(operationType="Deleted"), "m1"),
        record(event(packageVersionState="Unfinished"), "m2"),
        record(event(domainName="other"), "m3"),
    ]

    assert deployment.serve(*records) == []

    output = printed.take()
    assert (output.counts, deployment.store.copies, deployment.dead_letters.kept) == ({}, [], [])
    assert output.logged[0]["ignored"] == {"deleted": 1, "not-published": 1, "other-domain": 1}


def test_only_the_message_that_needs_it_comes_again_and_each_is_named_once() -> None:
    rule_set = rules(promotion("a"), promotion("b", "dev -> prod"))
    deployment = publishing("1", "2", to=Deployment(rule_set))

    failures = deployment.serve(
        record(event("1"), "m1"), record(event("gone"), "m2"), record(event("2"), "m3")
    )

    assert failures == ["m2"]


def test_a_message_whose_hops_end_differently_stays_until_all_have_ended() -> None:
    deployment = publishing("1.0.0", to=Deployment(rules(promotion("a"), promotion("b", "dev -> gone"))))

    assert deployment.serve(record(event())) == ["m1"]
    assert (WIDGET, "1.0.0") in deployment.store.contents["staging"]


def test_throttling_is_counted_and_told_to_nobody(printed: Printed) -> None:
    deployment = publishing("1.0.0")
    deployment.store.faults.append(Fault("copy", ApiError("ThrottlingException", "Rate exceeded")))

    assert deployment.serve(record(event(), receive_count=3)) == ["m1"]

    assert (printed.take().counts, deployment.topic.published) == ({"Retried": 1}, [])


def test_a_wrong_configuration_is_told_on_the_third_receipt_only(printed: Printed) -> None:
    deployment = publishing("1.0.0")
    told = []
    for receipts in range(1, 6):
        deployment.store.faults.append(Fault("copy", DENIED))

        assert deployment.serve(record(event(), receive_count=receipts)) == ["m1"]

        told.append((len(deployment.topic.published), printed.take().counts))

    assert told == [
        (0, {"Retried": 1}),
        (0, {"Retried": 1}),
        (1, {"Failed": 1}),
        (1, {"Retried": 1}),
        (1, {"Retried": 1}),
    ]


def test_a_failure_is_told_once_counted_by_its_code_and_its_message_deleted(printed: Printed) -> None:
    deployment = publishing("1.0.0")
    deployment.store.put("staging", WIDGET, "1.0.0", "r0", {"package.tgz": "other"})

    assert deployment.serve(record(event(), "m1"), record(event(), "m2")) == []

    output = printed.take()
    assert [each.subject for each in deployment.topic.published] == [
        "[acme] 1 not promoted: @acme/widget 1.0.0 -> staging"
    ]
    assert output.counts == {"Failed": 1}
    assert output.metrics_of(Promotion="npm-to-staging") == {"Failed": 1}
    assert output.failures == {"ALREADY_EXISTS": 1}
    assert [each.get("duplicate", False) for each in output.decisions] == [False, True]


def test_while_the_topic_is_down_copies_stand_and_failures_stay_to_be_told(printed: Printed) -> None:
    deployment = publishing("1", "2")
    deployment.store.put("staging", WIDGET, "2", "r0", {"package.tgz": "other"})
    deployment.topic.down = True

    assert deployment.serve(record(event("1"), "m1"), record(event("2"), "m2")) == ["m2"]

    output = printed.take()
    assert output.counts == {"Promoted": 1, "Failed": 1}
    assert [each["message"] for each in output.logged] == ["could not publish to SNS"]
    deployment.topic.down = False
    assert deployment.serve(record(event("2"), "m2", receive_count=2)) == []
    assert len(deployment.topic.published) == 1


def test_what_is_held_is_told_while_the_topic_is_up_and_kept_while_it_is_down() -> None:
    deployment = publishing("1.0.0", to=Deployment(rules(promotion(), HOLD)))
    deployment.topic.down = True

    assert deployment.serve(record(event(), "m1")) == ["m1"]

    deployment.topic.down = False
    assert deployment.serve(record(event(), "m1", receive_count=2)) == []
    assert [each.subject for each in deployment.topic.published] == [
        "[acme] 1 held: @acme/widget 1.0.0 -> staging"
    ]


def test_a_version_whose_origin_cannot_be_looked_up_is_deferred_and_never_logged_as_promoted(
    printed: Printed,
) -> None:
    rule_set = rules(promotion(origin="external", soak="24h"))
    deployment = publishing("1.0.0", to=Deployment(rule_set))
    seen = []
    for receive_count in (1, 2, 3):
        deployment.store.faults.append(Fault("describe", DENIED))

        assert deployment.serve(record(event(), receive_count=receive_count)) == ["m1"]

        output = printed.take()
        [decision] = output.decisions
        assert (decision["verdict"], decision["reasons"]) == ("deferred", [])
        seen.append((decision["outcome"], decision["code"], output.counts, len(deployment.topic.published)))

    assert (deployment.store.copies, seen) == (
        [],
        [
            ("retry", "AccessDeniedException", {"Retried": 1}, 0),
            ("retry", "AccessDeniedException", {"Retried": 1}, 0),
            ("failed", "AccessDeniedException", {"Failed": 1}, 1),
        ],
    )


def test_hops_that_need_no_evidence_are_served_while_others_are_deferred(printed: Printed) -> None:
    rule_set = rules(promotion("ours", origin="internal"), promotion("all", "dev -> prod"))
    deployment = publishing("1.0.0", to=Deployment(rule_set))
    deployment.store.faults.append(Fault("describe", DENIED))

    assert deployment.serve(record(event())) == ["m1"]

    assert (WIDGET, "1.0.0") in deployment.store.contents["prod"]
    assert [each["verdict"] for each in printed.take().decisions] == ["deferred", "promote"]


def test_the_origin_that_was_looked_up_selects_the_promotion(printed: Printed) -> None:
    rule_set = rules(promotion("ours", origin="internal"), promotion("theirs", origin="external"))
    deployment = publishing("1.0.0", to=Deployment(rule_set))
    deployment.store.origins[WIDGET] = "external"

    assert deployment.serve(record(event())) == []

    assert [each["promotion"] for each in printed.take().decisions] == ["theirs"]
    assert deployment.store.reads == [("dev", "1.0.0")]


def test_what_is_only_observed_is_decided_logged_and_counted_but_not_copied(printed: Printed) -> None:
    deployment = publishing("1.0.0", to=Deployment(rules(promotion(mode="observe"))))

    assert deployment.serve(record(event())) == []

    output = printed.take()
    assert (output.counts, deployment.store.copies) == ({"Observed": 1}, [])
    assert [(each["verdict"], each["observed"]) for each in output.decisions] == [("promote", True)]


def test_a_poisonous_record_comes_back_alone(printed: Printed) -> None:
    deployment = publishing("1.0.0")
    poison = Package("npm", "acme", "poison")
    deployment.store.put("dev", poison, "1.0.0")
    deployment.store.faults.append(Fault("copy", ZeroDivisionError("a mistake of ours")))

    failures = deployment.serve(record(event(packageName="poison"), "m1"), record(event(), "m2"))

    output = printed.take()
    assert (failures, output.counts) == (["m1"], {"Retried": 1, "Promoted": 1})
    [logged] = output.logged
    assert (logged["level"], logged["message"], logged["messageId"]) == (
        "ERROR",
        "failed to process a record",
        "m1",
    )
    assert "ZeroDivisionError" in logged["exception"]


def test_a_crash_while_deciding_keeps_its_message_and_serves_the_others(
    printed: Printed, monkeypatch: pytest.MonkeyPatch
) -> None:
    def crash_on_poison(candidate: Candidate, *others: Any) -> Any:
        if candidate.package.name == "poison":
            raise ZeroDivisionError("a mistake of ours")
        return decide(candidate, *others)

    monkeypatch.setattr(judgement, "decide", crash_on_poison)
    deployment = publishing("1.0.0")

    failures = deployment.serve(record(event(packageName="poison"), "m1"), record(event(), "m2"))

    output = printed.take()
    assert (failures, output.counts) == (["m1"], {"Retried": 1, "Promoted": 1})
    assert deployment.queue.delays == {"handle of m1": 20}
    assert [each["messageId"] for each in output.logged] == ["m1"]


def test_a_message_that_is_in_the_batch_twice_is_returned_once() -> None:
    deployment = Deployment()

    assert deployment.serve(record(event("gone"), "m1"), record(event("gone"), "m1")) == ["m1"]


def test_while_the_topic_is_down_a_version_that_was_promoted_does_not_come_again() -> None:
    """A second delivery would find no change, so it could not tell of it."""
    deployment = publishing("1.0.0", to=Deployment(rules(promotion(notify=["promoted"]))))
    deployment.topic.down = True

    assert deployment.serve(record(event())) == []

    assert (WIDGET, "1.0.0") in deployment.store.contents["staging"]


def test_while_the_topic_is_down_a_version_that_was_extended_does_not_come_again() -> None:
    deployment = Deployment(rules(promotion(on_conflict="extend", notify=["extended"])))
    deployment.store.put("dev", WIDGET, "1.0.0", hashes={"a": "1", "b": "2"})
    deployment.store.put("staging", WIDGET, "1.0.0", "r0", {"a": "1"})
    deployment.topic.down = True

    assert deployment.serve(record(event())) == []

    assert deployment.store.contents["staging"][WIDGET, "1.0.0"].hashes == {"a": "1", "b": "2"}


def test_a_failure_that_nobody_could_be_told_of_comes_again_after_its_delay() -> None:
    deployment = publishing("1.0.0")
    deployment.store.put("staging", WIDGET, "1.0.0", "r0", {"package.tgz": "other"})
    deployment.topic.down = True

    assert deployment.serve(record(event(), receive_count=3)) == ["m1"]

    assert deployment.queue.delays == {"handle of m1": 180}


def test_an_upload_to_pypi_settles_and_is_promoted_when_it_comes_back(printed: Printed) -> None:
    rule_set = rules(promotion(packages=["pkg:pypi/*"]))
    deployment = Deployment(rule_set)
    gadget = Package("pypi", "", "gadget")
    deployment.store.put("dev", gadget, "1.0")
    deployment.clock.now = MORNING + 10
    upload = event("1.0", packageFormat="pypi", packageNamespace=None, packageName="gadget")

    assert deployment.serve(record(upload, first_received=MORNING + 10)) == ["m1"]
    assert deployment.queue.delays == {"handle of m1": 21}
    assert (printed.take().decisions, deployment.store.copies) == ([], [])

    deployment.clock.now = MORNING + 31
    assert deployment.serve(record(upload, receive_count=2, first_received=MORNING + 10)) == []
    assert (gadget, "1.0") in deployment.store.contents["staging"]
    assert deployment.store.reads == []  # the delivery that settled does not make it late


def test_a_message_that_is_not_finished_comes_back_after_its_delay() -> None:
    deployment = publishing("1.0.0")
    for receive_count in (1, 2):
        deployment.store.faults.append(Fault("copy", DENIED))
        deployment.serve(record(event(), receive_count=receive_count))

    assert deployment.queue.delays == {"handle of m1": 60}


@pytest.mark.parametrize("fault", ["down", "refused"])
def test_a_message_whose_delay_cannot_be_changed_stays_on_the_queue(fault: str, printed: Printed) -> None:
    deployment = publishing("1.0.0")
    deployment.queue.down = fault == "down"
    deployment.queue.failures = ["InvalidParameterValue: not in flight"]
    deployment.store.faults.append(Fault("copy", DENIED))

    assert deployment.serve(record(event())) == ["m1"]

    [logged] = printed.take().logged
    assert logged["message"] == "could not change the visibility of messages"


def test_three_files_over_20_seconds_are_copied_once_when_the_last_one_has_settled(printed: Printed) -> None:
    deployment = Deployment(rules(promotion(packages=["pkg:pypi/*"])))
    gadget = Package("pypi", "", "gadget")
    files: dict[str, str] = {}
    events = []
    for number, seconds in enumerate((0, 10, 20), 1):
        files[f"{number}.whl"] = "aa"
        deployment.store.put("dev", gadget, "1.0", f"r{number}", dict(files))
        deployment.clock.now = MORNING + seconds
        known = {"packageFormat": "pypi", "packageNamespace": None, "packageName": "gadget"}
        time = f"2026-01-02T03:04:{5 + seconds:02}Z"
        events.append(
            event("1.0", time=time, packageVersionRevision=f"r{number}", sequenceNumber=number, **known)
        )
        first = record(events[-1], f"m{number}", first_received=MORNING + seconds)
        assert deployment.serve(first) == [f"m{number}"]

    for number, uploaded in enumerate(events, 1):
        seconds = 10 * (number - 1)
        deployment.clock.now = MORNING + seconds + 31
        again = record(uploaded, f"m{number}", receive_count=2, first_received=MORNING + seconds)
        assert deployment.serve(again) == []

    assert [each["outcome"] for each in printed.take().decisions] == ["superseded", "superseded", "copied"]
    assert deployment.store.contents["staging"][gadget, "1.0"].hashes == files
    assert len(deployment.store.writes) == 1
    assert deployment.store.reads == []


def test_an_upload_that_could_not_be_handed_back_is_promoted_late_and_once() -> None:
    """It comes after the queue's time-out, when it has settled."""
    deployment = Deployment(rules(promotion(packages=["pkg:pypi/*"])))
    gadget = Package("pypi", "", "gadget")
    deployment.store.put("dev", gadget, "1.0")
    deployment.queue.down = True
    deployment.clock.now = MORNING + 10
    upload = event("1.0", packageFormat="pypi", packageNamespace=None, packageName="gadget")

    assert deployment.serve(record(upload, first_received=MORNING + 10)) == ["m1"]
    assert deployment.store.copies == []

    for receive_count in (2, 3):  # SQS may deliver it once more
        deployment.clock.now += 360
        assert (
            deployment.serve(record(upload, receive_count=receive_count, first_received=MORNING + 10)) == []
        )
    assert [repository for repository, *_ in deployment.store.writes] == ["staging"]


def test_a_deployed_function_refuses_bare_events() -> None:
    """Whoever may invoke the function could claim any time in a bare event."""
    deployment = publishing("1.0.0")
    deployment.settings = replace(deployment.settings, sam_local=False)

    with pytest.raises(BareEventError):
        deployment.invoke(event())

    assert deployment.store.copies == []


def test_near_the_deadline_the_rest_stays_on_the_queue(printed: Printed) -> None:
    deployment = publishing("1.0.0", to=Deployment(context=Invocation(lambda: 29_999)))

    assert deployment.serve(record(event())) == ["m1"]

    assert (printed.take().counts, deployment.store.copies) == ({"Retried": 1}, [])


def test_the_record_carries_the_rules_that_it_was_decided_by(printed: Printed) -> None:
    deployment = publishing("1.0.0")
    deployment.serve(record(event()))
    deployment.rule_set = rules(promotion(exclude=["pkg:npm/@acme/*"]))
    deployment.serve(record(event()))

    digests = [each["ruleset"] for each in printed.take().decisions]

    assert digests == [rules().digest, deployment.rule_set.digest]


def test_a_hundred_promotions_in_one_batch_are_measured_without_a_complaint(
    printed: Printed, recwarn: pytest.WarningsRecorder
) -> None:
    deployment = publishing(*(f"1.0.{number}" for number in range(100)))

    deployment.serve(*(record(event(f"1.0.{number}"), f"m{number}") for number in range(100)))

    output = printed.take()
    assert (output.counts, len(output.seconds)) == ({"Promoted": 100}, 100)
    assert list(recwarn) == []


def test_hostile_names_leave_one_line_per_record_and_one_tame_message(printed: Printed) -> None:
    deployment = Deployment()
    name = "\x1b[31m%s{0}\x00\u202e"
    deployment.store.put("dev", Package("npm", "acme", name), "1")
    deployment.store.put("staging", Package("npm", "acme", name), "1", hashes={"\x1b": "other"})

    assert deployment.serve(record(event("1", packageName=name))) == []

    [decision] = printed.take().decisions  # each line was ASCII and printable, or it would not be read
    assert decision["package"] == name
    [message] = deployment.topic.published
    assert message.subject == "[acme] 1 not promoted: @acme/\\x1b[31m%s{0}\\x00\\u202e 1 -> staging"
    assert len(message.body) < MAX_BYTES


def test_a_bare_event_answers_with_its_decisions(printed: Printed) -> None:
    answer = publishing("1.0.0").invoke(event())

    [decision] = answer["decisions"]
    assert (decision["purl"], decision["outcome"]) == ("pkg:npm/%40acme/widget@1.0.0", "copied")
    assert printed.take().counts == {"Promoted": 1}
    assert json.loads(json.dumps(answer)) == answer


def test_a_bare_event_that_is_none_of_our_business_says_why(printed: Printed) -> None:
    answer = Deployment().invoke(event(operationType="Deleted"))

    assert answer == {"decisions": [], "ignored": "deleted"}
    assert printed.take().counts == {}


def test_a_bare_event_that_cannot_be_understood_raises(printed: Printed) -> None:
    with pytest.raises(NotPromotedError) as error:
        Deployment().invoke({"hello": "world"})

    assert str(error.value) == "not an event of CodeArtifact: Object missing required field `source`"
    assert printed.take().counts == {"Malformed": 1}


def test_a_bare_event_that_comes_to_nothing_raises(printed: Printed) -> None:
    deployment = publishing("1.0.0")
    deployment.store.faults.append(Fault("copy", DENIED))

    with pytest.raises(NotPromotedError) as error:
        deployment.invoke(event())

    assert str(error.value) == (
        "pkg:npm/%40acme/widget@1.0.0 dev -> staging: AccessDeniedException "
        "not authorized to perform: codeartifact:CopyPackageVersions"
    )
    assert printed.take().counts == {"Retried": 1}


def test_a_bare_event_that_our_own_code_fails_on_raises_that() -> None:
    deployment = publishing("1.0.0")
    deployment.store.faults.append(Fault("copy", ZeroDivisionError("a mistake of ours")))

    with pytest.raises(ZeroDivisionError):
        deployment.invoke(event())


def test_a_bare_event_that_is_late_is_measured_from_its_own_time(printed: Printed) -> None:
    deployment = publishing("1.0.0")
    deployment.clock.now = MORNING + 86_400

    deployment.invoke(event())

    assert printed.take().seconds == [86_400.0]
