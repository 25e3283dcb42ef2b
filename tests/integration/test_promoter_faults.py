"""Each fault that may befall the function, put to the real one over the emulator, and how it ends."""

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from promoter.aws import clients
from promoter.aws.codeartifact import CodeArtifact
from promoter.copying.plan import Copy
from promoter.copying.ports import Reply
from tests.support.account import MAX_RECEIVE_COUNT, Account, sha256
from tests.support.in_memory_function import Invocation
from tests.support.printed import Printed
from tests.support.samples import promotion, record, rules

PYPI = ["pkg:pypi/*"]
STAGING = rules(promotion("to-staging", packages=PYPI))
CHAIN = rules(promotion("to-staging", "dev -> staging", PYPI), promotion("to-prod", "staging -> prod", PYPI))
COPY = "codeartifact.CopyPackageVersions"
DESCRIBE = "codeartifact.DescribePackageVersion"
VISIBILITY = "sqs.ChangeMessageVisibilityBatch"
LIST = "codeartifact.ListPackageVersionAssets"
PUBLISH = "sns.Publish"
ONE, OTHER = {"gadget.whl": b"gadget"}, {"gadget.whl": b"other"}
WIDGET = ("pypi", "", "widget")


def of_published(records: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The records of what was published, without those of what happened to it afterwards."""
    return [each for each in records if json.loads(each["body"])["detail"]["operationType"] != "Deleted"]


# What costs what


def test_a_quiet_promotion_costs_one_copy_and_no_other_request(account: Account, printed: Printed) -> None:
    account.publish()

    assert account.deliver(account.function(STAGING)) == []

    assert account.requests == [COPY]
    assert account.versions_in("staging") == account.versions_in("dev")
    assert printed.take().counts == {"Promoted": 1}


def test_a_hundred_versions_of_one_package_cost_one_copy(account: Account, printed: Printed) -> None:
    for number in range(100):
        account.publish(f"1.{number}")

    assert account.deliver(account.function(STAGING)) == []

    assert (account.requests, printed.take().counts) == ([COPY], {"Promoted": 100})
    assert account.versions_in("staging") == account.versions_in("dev")


def test_what_is_rejected_or_ignored_costs_no_request(account: Account, printed: Printed) -> None:
    account.publish()
    account.call_about_gadget("delete_package_versions", versions=["1.0"])
    excluding = rules(promotion(packages=PYPI, exclude=["pkg:pypi/gad*"]))

    assert account.deliver(account.function(excluding)) == []

    assert (account.requests, printed.take().counts) == ([], {"Rejected": 1})


# Deliveries


def test_an_event_that_is_delivered_twice_writes_once(account: Account, printed: Printed) -> None:
    account.backend.settings = replace(account.backend.settings, event_deliveries=2)
    account.publish()

    assert account.deliver(account.function(STAGING)) == []

    assert (account.requests, account.count_changes("staging")) == ([COPY], 1)
    assert printed.take().counts == {"Promoted": 1, "Unchanged": 1}


def test_a_message_that_is_delivered_again_later_changes_nothing(account: Account, printed: Printed) -> None:
    account.publish()
    [received] = account.receive()
    function = account.function(STAGING)
    batch = {"Records": [received]}
    function(batch, Invocation())
    printed.take()

    assert function(batch, Invocation()) == {"batchItemFailures": []}

    assert (account.count_changes("staging"), printed.take().counts) == (1, {"Unchanged": 1})
    assert account.take_notifications() == []


def test_events_in_the_wrong_order_promote_the_newest_contents(account: Account, printed: Printed) -> None:
    account.publish(files={"gadget.whl": b"gadget", "gadget.tar.gz": b"sources"})
    first, second = account.receive()

    answer = account.function(STAGING)({"Records": [second, first]}, Invocation())

    assert answer == {"batchItemFailures": []}
    assert (account.requests, account.versions_in("staging")) == ([COPY], account.versions_in("dev"))
    assert printed.take().counts == {"Promoted": 1, "Superseded": 1}


def test_an_older_event_that_comes_later_is_superseded(account: Account, printed: Printed) -> None:
    account.publish(files={"gadget.whl": b"gadget", "gadget.tar.gz": b"sources"})
    first, second = account.receive()
    function = account.function(STAGING)

    for each in (second, first):
        assert function({"Records": [each]}, Invocation()) == {"batchItemFailures": []}

    assert account.count_changes("staging") == 1
    assert printed.take().counts == {"Promoted": 1, "Superseded": 1}


def test_after_deletion_and_another_publish_the_sequence_may_begin_anew(
    account: Account, printed: Printed
) -> None:
    account.publish(files=OTHER)
    account.call_about_gadget("delete_package_versions", versions=["1.0"])
    account.publish(files=ONE)
    received = of_published(account.receive())
    stale = json.loads(received[0]["body"])
    stale["detail"]["sequenceNumber"] = 99
    records = [record(stale, "m1"), received[1]]

    assert account.function(STAGING)({"Records": records}, Invocation()) == {"batchItemFailures": []}

    assert (account.requests, account.versions_in("staging")) == ([COPY, COPY], account.versions_in("dev"))
    assert printed.take().counts == {"Promoted": 1, "Superseded": 1}


@pytest.mark.parametrize(("time", "seconds"), [("2020-01-01T00:00:00Z", 1e8), ("2999-01-01T00:00:00Z", 0)])
def test_an_event_from_long_ago_or_from_the_future_is_promoted_and_measured_honestly(
    account: Account, printed: Printed, time: str, seconds: float
) -> None:
    account.publish()
    [received] = account.receive()
    body = {**json.loads(received["body"]), "time": time}

    assert account.function(STAGING)({"Records": [record(body)]}, Invocation()) == {"batchItemFailures": []}

    output = printed.take()
    assert (account.versions_in("staging"), output.counts) == (account.versions_in("dev"), {"Promoted": 1})
    assert (output.seconds[0] == 0) if seconds == 0 else (output.seconds[0] > seconds)


def test_booleans_as_text_are_understood(account: Account) -> None:
    account.backend.settings = replace(account.backend.settings, booleans_as_strings=True)
    account.publish()

    assert account.deliver(account.function(STAGING)) == []

    assert account.versions_in("staging") == account.versions_in("dev")


# The service fails


def test_throttling_leaves_everything_on_the_queue_and_stops_calling(
    account: Account, printed: Printed
) -> None:
    account.publish()
    account.publish(package=WIDGET)
    account.backend.inject("CopyPackageVersions", "ThrottlingException", times=2)
    function = account.function(STAGING)

    assert len(account.deliver(function)) == 2

    assert account.requests == [COPY, COPY]  # the SDK's two attempts at the first of them
    assert (printed.take().counts, account.take_notifications()) == ({"Retried": 2}, [])
    assert account.deliver(function) == []
    assert (printed.take().counts, account.take_notifications()) == ({"Promoted": 2}, [])


def test_throttling_that_passes_at_once_costs_one_more_request(account: Account, printed: Printed) -> None:
    account.publish()
    account.backend.inject("CopyPackageVersions", "ThrottlingException")

    assert account.deliver(account.function(STAGING)) == []

    assert (account.requests, printed.take().counts) == ([COPY, COPY], {"Promoted": 1})


@pytest.mark.parametrize(("error", "attempts"), [("InternalServerException", 2), ("ConflictException", 1)])
def test_what_passes_by_itself_is_tried_again_and_never_told(
    account: Account, printed: Printed, error: str, attempts: int
) -> None:
    account.publish()
    function = account.function(STAGING)
    for _ in range(4):
        account.backend.inject("CopyPackageVersions", error, times=attempts)

        assert len(account.deliver(function)) == 1

        assert printed.take().counts == {"Retried": 1}
    assert account.deliver(function) == []
    assert (account.versions_in("staging"), account.take_notifications()) == (account.versions_in("dev"), [])


def test_a_copy_whose_answer_was_lost_is_one_write(account: Account, printed: Printed) -> None:
    account.publish()
    account.backend.inject("CopyPackageVersions", "InternalServerException", times=2, after_effect=True)
    function = account.function(STAGING)

    assert len(account.deliver(function)) == 1
    assert account.deliver(function) == []

    assert account.count_changes("staging") == 1
    assert (printed.take().counts, account.take_notifications()) == ({"Retried": 1, "Unchanged": 1}, [])


def test_a_copy_that_timed_out_after_it_was_done_is_one_write(account: Account, printed: Printed) -> None:
    from botocore.exceptions import ReadTimeoutError

    account.publish()
    attempts: list[str] = []

    def time_out(event_name: str, **_: Any) -> None:  # after the emulator, which listens there, too
        attempts.append(event_name)
        if len(attempts) <= 2:
            raise ReadTimeoutError(endpoint_url="https://codeartifact")

    clients.function_client("codeartifact").meta.events.register_last("before-send", time_out)
    function = account.function(STAGING)

    assert len(account.deliver(function)) == 1
    assert account.versions_in("staging") == account.versions_in("dev")
    assert account.deliver(function) == []

    output = printed.take()
    assert (account.count_changes("staging"), output.counts) == (1, {"Retried": 1, "Unchanged": 1})
    assert output.decisions[0]["code"] == "Unreachable"


def test_two_workers_that_copy_the_same_version_at_once_write_it_once(
    account: Account, printed: Printed
) -> None:
    account.publish()
    batch = {"Records": account.receive()}
    first, second = account.function(STAGING), account.function(STAGING)
    begun: list[str] = []

    def overtake(event_name: str, **_: Any) -> None:
        begun.append(event_name)
        if len(begun) == 1:
            assert second(batch, Invocation()) == {"batchItemFailures": []}

    clients.function_client("codeartifact").meta.events.register(f"before-call.{COPY}", overtake)

    assert first(batch, Invocation()) == {"batchItemFailures": []}

    assert (len(begun), account.count_changes("staging")) == (2, 1)
    assert (printed.take().counts, account.take_notifications()) == ({"Promoted": 1, "Unchanged": 1}, [])


# Some versions fail


@pytest.mark.parametrize("all_or_nothing", [True, False])
def test_a_partial_failure_promotes_the_good_ones_in_the_same_invocation(
    account: Account, printed: Printed, all_or_nothing: bool
) -> None:
    account.backend.settings = replace(account.backend.settings, all_or_nothing=all_or_nothing)
    account.publish("2", OTHER, to="staging")
    account.receive()
    for version in ("1", "2", "3"):
        account.publish(version)

    assert account.deliver(account.function(STAGING)) == []

    copies = [COPY, LIST, LIST, COPY] if all_or_nothing else [COPY, LIST, LIST]
    assert account.requests == [*copies, PUBLISH]
    assert set(account.versions_in("staging")) == {"1", "2", "3"}
    output = printed.take()
    assert output.counts == {"Promoted": 2, "Failed": 1}
    assert output.failures == {"ALREADY_EXISTS": 1}
    [(subject, document)] = account.take_notifications()
    assert subject == "[acme] 1 not promoted: gadget 2 -> staging"
    assert set(document["notices"][0]["successfulVersions"]) == {"1", "3"}


def test_other_contents_in_the_destination_are_told_with_both_hashes_and_left_alone(
    account: Account, printed: Printed
) -> None:
    account.publish(files={"a": b"there", "b": b"same", "c": b"only there"}, to="staging")
    account.receive()
    before = account.versions_in("staging")
    account.publish(files={"b": b"same"})
    account.publish(files={"a": b"here", "d": b"only here"})
    *_, last = account.receive()

    assert account.function(STAGING)({"Records": [last]}, Invocation()) == {"batchItemFailures": []}

    assert account.versions_in("staging") == before
    [(_, document)] = account.take_notifications()
    [notice] = document["notices"]
    assert notice["failedVersions"] == {
        "1.0": {
            "errorCode": "ALREADY_EXISTS",
            "errorMessage": "staging already has this version with different files",
            "assets": [
                {"name": "a", "source": sha256(b"here"), "destination": sha256(b"there")},
                {"name": "c", "source": None, "destination": sha256(b"only there")},
                {"name": "d", "source": sha256(b"only here"), "destination": None},
            ],
            "assetsOmitted": 0,
        }
    }
    assert printed.take().counts == {"Failed": 1}


def test_files_may_be_added_where_the_rules_say_so_and_that_is_told(
    account: Account, printed: Printed
) -> None:
    extending = rules(promotion("to-staging", packages=PYPI, on_conflict="extend"))
    account.publish(files={"gadget.whl": b"gadget"})
    assert account.deliver(account.function(extending)) == []
    printed.take()
    account.publish(files={"gadget.tar.gz": b"sources"})

    assert account.deliver(account.function(extending)) == []

    assert account.versions_in("staging") == account.versions_in("dev")
    assert account.requests == [COPY, COPY, LIST, LIST, DESCRIBE, COPY, PUBLISH]
    assert printed.take().counts["Promoted"] == 1
    assert [subject for subject, _ in account.take_notifications()] == [
        "[acme] 1 extended: gadget 1.0 -> staging"
    ]


@pytest.mark.parametrize("there", [{"gadget.whl": b"other"}, {"gadget.whl": b"gadget", "more": b"more"}])
def test_adding_files_never_changes_nor_removes_one(account: Account, there: Mapping[str, bytes]) -> None:
    extending = rules(promotion("to-staging", packages=PYPI, on_conflict="extend"))
    account.publish(files=there, to="staging")
    account.receive()
    before = account.versions_in("staging")
    account.publish(files={"gadget.whl": b"gadget", "gadget.tar.gz": b"sources"})

    assert account.deliver(account.function(extending)) == []

    assert account.versions_in("staging") == before
    assert [subject for subject, _ in account.take_notifications()] == [
        "[acme] 1 not promoted: gadget 1.0 -> staging"
    ]


def test_overwriting_replaces_what_is_in_the_destination_after_one_look(
    account: Account, printed: Printed
) -> None:
    overwriting = rules(promotion(packages=PYPI, on_conflict="overwrite"))
    account.publish(files=OTHER, to="staging")
    account.receive()
    account.publish()

    assert account.deliver(account.function(overwriting)) == []

    assert (account.versions_in("staging"), account.requests) == (
        account.versions_in("dev"),
        [COPY, DESCRIBE, COPY],
    )
    assert (printed.take().counts, account.take_notifications()) == ({"Promoted": 1}, [])


@pytest.mark.parametrize("on_conflict", ["fail", "extend"])
def test_a_conflict_whose_source_has_moved_on_meanwhile_is_superseded(
    account: Account, printed: Printed, on_conflict: str
) -> None:
    account.publish(files=OTHER, to="staging")
    account.receive()
    account.publish()
    records = account.receive()

    def move_on(**_: Any) -> None:
        account.publish(files={"gadget.tar.gz": b"sources"})

    clients.function_client("codeartifact").meta.events.register(
        f"after-call.{COPY}", move_on, unique_id="once"
    )
    rule_set = rules(promotion(packages=PYPI, on_conflict=on_conflict))

    answer = account.function(rule_set)({"Records": records}, Invocation())

    assert answer == {"batchItemFailures": []}
    assert (account.count_changes("staging"), account.requests) == (1, [COPY, LIST, LIST])
    assert (printed.take().counts, account.take_notifications()) == ({"Superseded": 1}, [])


def test_a_revision_that_changed_between_event_and_copy_is_superseded(
    account: Account, printed: Printed
) -> None:
    account.publish()
    [older] = account.receive()
    account.publish(files={"gadget.tar.gz": b"sources"})

    assert account.finish_batch([older], account.function(STAGING)({"Records": [older]}, Invocation())) == []

    assert (account.versions_in("staging"), printed.take().counts) == ({}, {"Superseded": 1})
    assert account.deliver(account.function(STAGING)) == []
    assert (account.versions_in("staging"), account.take_notifications()) == (account.versions_in("dev"), [])


@pytest.mark.parametrize("operation", ["delete_package_versions", "delete_package"])
def test_a_version_that_was_deleted_is_looked_for_twice_more_and_then_given_up(
    account: Account, printed: Printed, operation: str
) -> None:
    account.publish()
    published = account.receive()
    parameters = {"versions": ["1.0"]} if operation == "delete_package_versions" else {}
    account.call_about_gadget(operation, **parameters)
    account.finish_batch(account.receive(), {"batchItemFailures": []})
    function = account.function(STAGING)
    account.finish_batch(published, function({"Records": published}, Invocation()))

    assert len(account.deliver(function)) == 1
    assert account.deliver(function) == []

    assert (printed.take().counts, account.take_notifications()) == ({"Retried": 2, "Superseded": 1}, [])
    assert (account.receive(), account.take_dead_letters()) == ([], [])


def test_a_version_whose_status_forbids_the_copy_is_told(account: Account, printed: Printed) -> None:
    account.publish()
    published = account.receive()
    account.call_about_gadget("dispose_package_versions", versions=["1.0"])

    assert account.function(STAGING)({"Records": published}, Invocation()) == {"batchItemFailures": []}

    assert printed.take().failures == {"NOT_ALLOWED": 1}
    assert [subject for subject, _ in account.take_notifications()] == [
        "[acme] 1 not promoted: gadget 1.0 -> staging"
    ]


# The configuration is wrong


@pytest.mark.parametrize(
    "error", ["AccessDeniedException", "ValidationException", "ServiceQuotaExceededException"]
)
def test_a_refused_call_is_told_on_the_third_receipt_and_its_message_ends_among_the_dead_letters(
    account: Account, printed: Printed, error: str
) -> None:
    account.publish()
    account.publish(package=WIDGET)  # another group, which goes on
    function = account.function(STAGING)
    told = []
    for _ in range(MAX_RECEIVE_COUNT):
        account.backend.inject("CopyPackageVersions", error, message="not authorized to perform: X")

        assert len(account.deliver(function)) == 1

        told.append(len(account.take_notifications()))
    assert told == [0, 0, 1, 0, 0, 0, 0, 0, 0, 0]
    assert account.receive() == []
    [(body, _)] = account.take_dead_letters()
    assert json.loads(body)["detail"]["packageName"] == "gadget"
    output = printed.take()
    assert output.counts == {"Promoted": 1, "Retried": MAX_RECEIVE_COUNT - 1, "Failed": 1}
    assert output.failures == {error: 1}
    assert (account.versions_in("staging"), account.versions_in("staging", WIDGET) != {}) == ({}, True)

    account.send(body)  # redriven once it is mended
    assert account.deliver(function) == []
    assert account.versions_in("staging") == account.versions_in("dev")


def test_the_message_about_a_missing_right_names_it(account: Account) -> None:
    account.publish()
    message = "User: arn:aws:sts::1:x is not authorized to perform: codeartifact:CopyPackageVersions"
    account.backend.inject("CopyPackageVersions", "AccessDeniedException", times=3, message=message)
    function = account.function(STAGING)

    for _ in range(3):
        account.deliver(function)

    [(_, document)] = account.take_notifications()
    [notice] = document["notices"]
    assert notice["failedVersions"] == {
        "1.0": {"errorCode": "AccessDeniedException", "errorMessage": message}
    }
    assert notice["next"] == "Grant the role what the message names, then redrive the dead-letter queue."


@pytest.mark.parametrize("repository", ["dev", "staging"])
def test_a_repository_that_was_deleted_is_told_once_and_other_hops_go_on(
    account: Account, printed: Printed, repository: str
) -> None:
    rule_set = rules(promotion("a", packages=PYPI), promotion("b", "prod -> beyond", PYPI))
    account.clients["codeartifact"].create_repository(domain="acme", repository="beyond")
    account.publish()
    account.publish(to="prod")
    account.clients["codeartifact"].delete_repository(domain="acme", repository=repository)
    function = account.function(rule_set)

    for _ in range(MAX_RECEIVE_COUNT):
        assert len(account.deliver(function)) == 1

    assert account.receive() == []
    assert len(account.take_dead_letters()) == 1
    [(subject, document)] = account.take_notifications()
    assert subject == "[acme] 1 not promoted: gadget 1.0 -> staging"
    error = document["notices"][0]["failedVersions"]["1.0"]
    assert error["errorCode"] == "ResourceNotFoundException"
    assert f"Repository '{repository}'" in error["errorMessage"]
    assert account.versions_in("beyond") == account.versions_in("prod")
    assert printed.take().counts == {"Promoted": 1, "Retried": MAX_RECEIVE_COUNT - 1, "Failed": 1}


def test_what_is_redriven_after_it_was_promoted_in_another_way_changes_nothing(
    account: Account, printed: Printed
) -> None:
    account.publish()
    [received] = account.receive()
    account.clients["codeartifact"].copy_package_versions(
        domain="acme",
        sourceRepository="dev",
        destinationRepository="staging",
        format="pypi",
        package="gadget",
        versions=["1.0"],
    )

    answer = account.function(STAGING)({"Records": [received]}, Invocation())

    assert (answer, account.count_changes("staging")) == ({"batchItemFailures": []}, 1)
    assert (printed.take().counts, account.take_notifications()) == ({"Unchanged": 1}, [])


def test_rules_that_are_deployed_while_a_message_waits_are_the_ones_that_count(
    account: Account, printed: Printed
) -> None:
    account.publish()
    account.backend.inject("CopyPackageVersions", "ThrottlingException", times=2)
    account.deliver(account.function(STAGING))
    stricter = rules(promotion(packages=PYPI, exclude=["pkg:pypi/gadget"]))

    assert account.deliver(account.function(stricter)) == []

    output = printed.take()
    assert (account.versions_in("staging"), output.counts) == ({}, {"Retried": 1, "Rejected": 1})
    assert [each["ruleset"] for each in output.decisions] == [STAGING.digest, stricter.digest]


# The function itself


class Poisoned(CodeArtifact):
    """Repositories of which one package is beyond our own code."""

    def copy_versions(self, instruction: Copy, revisions: Mapping[str, str], *, overwrite: bool) -> Reply:
        if instruction.package.name == "poison":
            raise ZeroDivisionError("a mistake of ours")
        return super().copy_versions(instruction, revisions, overwrite=overwrite)


def test_poison_ends_among_the_dead_letters_and_its_neighbours_are_received_once(
    account: Account, printed: Printed
) -> None:
    account.publish(package=("pypi", "", "poison"))
    for number in range(5):
        account.publish(f"1.{number}")
    function = account.function(
        STAGING, Poisoned(clients.function_client("codeartifact"), "acme", "123456789012")
    )

    for _ in range(MAX_RECEIVE_COUNT):
        assert len(account.deliver(function)) == 1

    assert account.receive() == []
    assert [json.loads(body)["detail"]["packageName"] for body, _ in account.take_dead_letters()] == [
        "poison"
    ]
    output = printed.take()
    assert output.counts == {"Promoted": 5, "Retried": MAX_RECEIVE_COUNT}
    assert len([each for each in output.decisions if each["package"] == "gadget"]) == 5


def test_near_the_deadline_no_copy_is_begun_and_nothing_is_lost(account: Account, printed: Printed) -> None:
    for name in ("a", "b", "c"):
        account.publish(package=("pypi", "", name))
    left = iter([31_000, 29_000, 28_000, 27_000])
    function = account.function(STAGING)

    assert len(account.deliver(function, Invocation(lambda: next(left)))) == 2

    assert (account.requests, printed.take().counts) == (
        [COPY, VISIBILITY],
        {"Promoted": 1, "Retried": 2},
    )
    assert account.deliver(function) == []
    assert all(account.versions_in("staging", ("pypi", "", name)) for name in ("a", "b", "c"))


def test_an_invocation_that_was_killed_after_its_copies_is_repeated_without_effect(
    account: Account, printed: Printed
) -> None:
    account.publish("1")
    account.publish("2")
    records = account.receive()
    account.function(STAGING)({"Records": records}, Invocation())  # and its answer never arrived

    again = {"batchItemFailures": [{"itemIdentifier": each["messageId"]} for each in records]}
    account.finish_batch(records, again)
    assert account.deliver(account.function(STAGING)) == []

    assert account.count_changes("staging") == 2
    assert printed.take().counts == {"Promoted": 2, "Unchanged": 2}


def test_while_the_topic_is_gone_copies_stand_and_a_failure_waits_until_it_is_told(
    account: Account, printed: Printed
) -> None:
    account.publish("2", OTHER, to="staging")
    account.receive()
    account.publish("1")
    account.publish("2")
    account.clients["sns"].delete_topic(TopicArn=account.topic)
    function = account.function(STAGING)

    assert len(account.deliver(function)) == 1

    assert set(account.versions_in("staging")) == {"1", "2"}
    assert printed.take().counts == {"Promoted": 1, "Failed": 1}
    account.clients["sns"].create_topic(Name="topic")
    account.clients["sns"].subscribe(
        TopicArn=account.topic, Protocol="sqs", Endpoint="arn:aws:sqs:eu-west-1:123456789012:subscriber"
    )
    assert account.deliver(function) == []
    assert len(account.take_notifications()) == 1


def test_the_events_of_our_own_copies_lead_down_the_chain_and_no_further(
    account: Account, printed: Printed
) -> None:
    account.publish()

    assert account.deliver_all(account.function(CHAIN)) == 3

    assert account.requests == [COPY, COPY]
    assert account.versions_in("prod") == account.versions_in("staging") == account.versions_in("dev")
    assert [account.count_changes(name) for name in ("staging", "prod")] == [1, 1]
    assert printed.take().counts == {"Promoted": 2}


# Names and sizes


def test_hostile_names_are_promoted_as_they_are_or_told_in_tame_words(
    account: Account, printed: Printed
) -> None:
    rule_set = rules(promotion(packages=["pkg:npm/@acme/*"]))
    good = ("npm", "acme", "%s{0}$(x)`*?")
    bad = ("npm", "acme", "\u202e\x1b[31m")
    account.publish("1-\U0001f4a9", OTHER, to="staging", package=bad)
    account.receive()
    account.publish("1-\U0001f4a9", package=good)
    account.publish("1-\U0001f4a9", package=bad)

    assert account.deliver(account.function(rule_set)) == []

    assert account.versions_in("staging", good) == account.versions_in("dev", good)
    assert len(printed.take().decisions) == 2  # every line was ASCII and printable
    [(subject, document)] = account.take_notifications()
    assert subject == "[acme] 1 not promoted: @acme/\\u202e\\x1b[31m 1-\\U0001f4a9 -> staging"
    assert document["notices"][0]["package"]["name"] == bad[2]


def test_a_name_that_looks_like_a_pattern_is_matched_literally(account: Account, printed: Printed) -> None:
    rule_set = rules(promotion(packages=["pkg:npm/a.c"]))
    account.publish(package=("npm", "", "abc"))
    account.publish(package=("npm", "", "a.c"))

    assert account.deliver(account.function(rule_set)) == []

    assert account.versions_in("staging", ("npm", "", "abc")) == {}
    assert account.versions_in("staging", ("npm", "", "a.c")) != {}
    assert printed.take().counts == {"Promoted": 1}


def test_a_story_too_long_for_one_message_is_told_in_several_that_the_topic_takes(account: Account) -> None:
    files = {f"{number}-{'é' * 240}": b"there" for number in range(20)}
    choices = account.backend.settings
    account.backend.settings = replace(choices, event_deliveries=0)
    for number in range(30):
        account.publish(f"1.{number}", files, to="staging")
        account.publish(f"1.{number}", dict.fromkeys(files, b"here"))
    account.backend.settings = choices
    for number in range(30):
        account.publish(f"1.{number}", {"last": b"here"})

    assert account.deliver(account.function(STAGING)) == []

    told = account.take_notifications()
    versions = [version for _, document in told for version in document["notices"][0]["failedVersions"]]
    assert len(told) > 1
    assert sorted(versions) == sorted(f"1.{number}" for number in range(30))
