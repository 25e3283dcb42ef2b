"""Bad input: nothing is promoted, misread or lost, for all messages and rules files."""

import json
import os
import subprocess
import sys
import textwrap
from pathlib import Path
from typing import Any

import pytest

import promoter
from emulator_support.codeartifact_calls import publish_generic
from tests.support.account import Account
from tests.support.in_memory_function import Invocation
from tests.support.printed import Printed
from tests.support.samples import OWNER, QUEUE, event, promotion, record, rules, without

STAGING = rules(promotion("to-staging", packages=["pkg:pypi/*", "pkg:npm/@acme/*"]))
BAD = [
    ("not JSON", "widget was published", "JSON is malformed: invalid character (byte 0)"),
    ("empty", " ", "Input data was truncated"),
    ("a list", [event()], "Expected `object`, got `array`"),
    ("no event", {"hello": "world"}, "Object missing required field `source`"),
    ("a wrong type", event(packageVersion=1.1), "Expected `str`, got `float` - at `$.detail.packageVersion`"),
    (
        "a missing field",
        without(event(), "packageVersionRevision"),
        "Object missing required field `packageVersionRevision` - at `$.detail`",
    ),
    ("no time", without(event(), "time"), "Object missing required field `time`"),
]
NOT_OURS = {
    "other-domain": event(domainName="other"),
    "deleted": event(operationType="Deleted", packageVersionState="Deleted"),
    "not-published": event(packageVersionState="Unfinished"),
    "unknown-format": event(packageFormat="conda"),
    "other-event": {**event(), "detail-type": "AWS API Call via CloudTrail"},
}


def text_of(body: Any) -> str:
    return body if isinstance(body, str) else json.dumps(body)


@pytest.mark.parametrize(("body", "reason"), [case[1:] for case in BAD], ids=[case[0] for case in BAD])
def test_what_cannot_be_understood_stands_among_the_dead_letters_with_its_reason(
    account: Account, printed: Printed, body: Any, reason: str
) -> None:
    account.publish("1")
    account.send(text_of(body))
    account.publish("2")

    assert account.deliver(account.function(STAGING)) == []

    assert account.take_dead_letters() == [(text_of(body), reason)]
    assert account.versions_in("staging") == account.versions_in("dev")
    assert printed.take().counts == {"Promoted": 2, "Malformed": 1}
    assert account.take_notifications() == []


@pytest.mark.parametrize("reason", NOT_OURS)
def test_what_is_none_of_our_business_is_dropped_and_counted(
    account: Account, printed: Printed, reason: str
) -> None:
    account.publish("1")
    account.send(json.dumps(NOT_OURS[reason]))
    account.publish("2")

    assert account.deliver(account.function(STAGING)) == []

    output = printed.take()
    assert output.counts == {"Promoted": 2}
    assert [each["ignored"] for each in output.logged] == [{reason: 1}]
    assert (account.take_dead_letters(), account.take_notifications()) == ([], [])
    assert account.versions_in("staging") == account.versions_in("dev")


def test_a_deletion_in_the_source_takes_nothing_out_of_the_destination(
    account: Account, printed: Printed
) -> None:
    account.publish()
    function = account.function(STAGING)
    account.deliver(function)
    account.call_about_gadget("delete_package_versions", versions=["1.0"])

    assert account.deliver(function) == []

    assert (account.versions_in("dev"), set(account.versions_in("staging"))) == ({}, {"1.0"})
    assert printed.take().counts == {"Promoted": 1}


def test_an_unfinished_version_is_not_promoted_before_it_is_finished(account: Account) -> None:
    function = account.function(rules(promotion(packages=["pkg:generic/acme/*"])))
    for name, unfinished, promoted in (("one", True, False), ("two", True, False), ("last", False, True)):
        content = name.encode()
        publish_generic(account.clients["codeartifact"], "1", content, asset=name, unfinished=unfinished)

        assert account.deliver(function) == []

        assert bool(account.versions_in("staging", ("generic", "acme", "model"))) is promoted


def test_a_body_as_long_as_the_queue_takes_is_set_aside_whole(account: Account) -> None:
    long = json.dumps({"detail": "x" * 200_000})
    account.send(long)

    assert account.deliver(account.function(STAGING)) == []

    assert account.take_dead_letters() == [(long, "Object missing required field `source`")]


def test_nesting_without_end_hurts_nobody_else(account: Account) -> None:
    deep = '{"source": ' + "[" * 100_000
    account.send(deep)
    account.publish()

    assert account.deliver(account.function(STAGING)) == []

    assert [body for body, _ in account.take_dead_letters()] == [deep]
    assert account.versions_in("staging") == account.versions_in("dev")


def test_a_record_of_a_queue_that_is_not_ours_promotes_nothing(account: Account) -> None:
    account.publish()
    [received] = account.receive()
    forged = {**received, "eventSourceARN": QUEUE + "-of-somebody-else"}

    assert account.function(STAGING)({"Records": [forged]}, Invocation()) == {"batchItemFailures": []}

    assert account.versions_in("staging") == {}
    [(_, reason)] = account.take_dead_letters()
    assert reason == f"a record of '{QUEUE}-of-somebody-else', which this function does not serve"


def test_while_the_dead_letter_queue_is_gone_the_message_stays_and_its_neighbours_are_served(
    account: Account, printed: Printed
) -> None:
    account.clients["sqs"].delete_queue(QueueUrl=account.dead_letters)
    message = account.send("not JSON")
    account.publish()

    assert account.deliver(account.function(STAGING)) == [message]

    assert account.versions_in("staging") == account.versions_in("dev")
    assert printed.take().counts == {"Promoted": 1, "Malformed": 1}


# The start of the function, in a process of its own

PREPARED = {
    "DOMAIN_OWNER": OWNER,
    "NOTIFICATION_TOPIC_ARN": f"arn:aws:sns:eu-west-1:{OWNER}:topic",
    "PROMOTION_QUEUE_ARN": QUEUE,
    "PROMOTION_QUEUE_URL": f"https://sqs.eu-west-1.amazonaws.com/{OWNER}/promotion",
    "DEAD_LETTER_QUEUE_URL": f"https://sqs.eu-west-1.amazonaws.com/{OWNER}/dead",
    "SCHEDULE_GROUP": "promoter",
    "SCHEDULER_ROLE_ARN": f"arn:aws:iam::{OWNER}:role/scheduler",
    "SCHEDULE_DEAD_LETTER_QUEUE_ARN": f"arn:aws:sqs:eu-west-1:{OWNER}:schedule-dead",
    "COPIES_PER_SECOND": "0",
    "AWS_DEFAULT_REGION": "eu-west-1",
}


def start(
    code: str, rules_file: Path, environment: dict[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run code in a process that has what Lambda gives the function, and no AWS."""
    variables = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(Path(promoter.__path__[0]).parent),
        "RULES_FILE": str(rules_file),
        **(PREPARED if environment is None else environment),
    }
    return subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code)],
        env=variables,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


@pytest.mark.parametrize(
    ("broken", "complaint"),
    [
        (
            'domain = "acme"\n[[promotion]]\nname = "web"\nfrom = "dev"\nto = "staging"\n'
            'packages = ["pkg:npm/@acme/*"]\nexcude = ["pkg:npm/@acme/x"]\n',
            """\
promoter.rules_file.diagnostics.RulesError: error: unknown key "excude" in promotion "web"
  --> {file}:7:1
   7 | excude = ["pkg:npm/@acme/x"]
     | ^^^^^^ did you mean "exclude"?
1 error
""",
        ),
        (
            'domain = "acme"\n[[promotion]]\nname = "web"\nfrom = "dev"\nto = "staging"\n'
            'packages = ["pkg:nmp/@acme/*"]\n',
            """\
promoter.rules_file.diagnostics.RulesError: error: packages of promotion "web": "pkg:nmp/@acme/*" has an unknown type \
"nmp"
  --> {file}:6:13
   6 | packages = ["pkg:nmp/@acme/*"]
     |             ^^^^^^^^^^^^^^^^^ known types: cargo, gem, generic, maven, npm, nuget, pypi, ruby, swift
1 error
""",
        ),
        (
            'domain = "acme"\n[[promotion]\n',
            "promoter.rules_file.diagnostics.RulesError: error: not TOML: ",
        ),
    ],
    ids=["an unknown key", "an unknown type", "not TOML"],
)
def test_a_broken_rules_file_stops_the_start_with_place_value_and_mend(
    tmp_path: Path, broken: str, complaint: str
) -> None:
    file = tmp_path / "rules.toml"
    file.write_text(broken)

    ended = start("import promoter.handlers; promoter.handlers.promote({'Records': []}, None)", file)

    assert ended.returncode == 1
    assert complaint.format(file=file) in ended.stderr
    assert ended.stdout == ""


def test_a_rules_file_that_is_missing_stops_the_start(tmp_path: Path) -> None:
    ended = start("import promoter.handlers", tmp_path / "none.toml")

    assert ended.returncode == 1
    assert ended.stderr.endswith(
        f"there is no file {tmp_path / 'none.toml'}; `promoter init` writes one, --rules names another\n"
    )


def test_a_rules_file_that_is_not_text_stops_the_start_with_one_sentence(tmp_path: Path) -> None:
    file = tmp_path / "rules.toml"
    file.write_bytes('domain = "acme" # café\n'.encode("latin-1"))

    latin, directory = start("import promoter.handlers", file), start("import promoter.handlers", tmp_path)

    assert (latin.returncode, directory.returncode) == (1, 1)
    assert latin.stderr.endswith("is not UTF-8 (byte 0xE9 at line 1, column 22); save the file as UTF-8\n")
    assert directory.stderr.endswith(f"{tmp_path} is a directory; name a file\n")


def test_a_rules_file_with_a_byte_order_mark_starts_the_function(tmp_path: Path) -> None:
    file = tmp_path / "rules.toml"
    file.write_text('domain = "acme"\n' + promotion(), "utf-8-sig")

    ended = start("import promoter.handlers; print(promoter.handlers.promote)", file)

    assert (ended.returncode, ended.stderr) == (0, "")


def test_a_missing_environment_stops_the_start_and_is_named(tmp_path: Path) -> None:
    ended = start("import promoter.handlers", tmp_path / "rules.toml", {})

    assert ended.returncode == 1
    assert ended.stderr.endswith(
        "promoter.settings.SettingsError: DOMAIN_OWNER is not set; NOTIFICATION_TOPIC_ARN is not set; "
        "PROMOTION_QUEUE_ARN is not set; PROMOTION_QUEUE_URL is not set; DEAD_LETTER_QUEUE_URL is not set; "
        "SCHEDULE_GROUP is not set; SCHEDULER_ROLE_ARN is not set; "
        "SCHEDULE_DEAD_LETTER_QUEUE_ARN is not set: the template sets them, see README.md\n"
    )


BATCH = """
    import json
    import promoter.handlers

    class Context:
        aws_request_id = "7d0e"

        def get_remaining_time_in_millis(self):
            return 120_000

    print(json.dumps(promoter.handlers.promote(json.loads({batch!r}), Context())))
"""
NOWHERE = {  # nobody listens on this port, so every call to AWS fails
    **PREPARED,
    "AWS_ENDPOINT_URL": "http://127.0.0.1:9",
    "AWS_ACCESS_KEY_ID": "testing",
    "AWS_SECRET_ACCESS_KEY": "testing",
}


def test_a_batch_that_promotes_nothing_calls_nothing(tmp_path: Path) -> None:
    file = tmp_path / "rules.toml"
    file.write_text(
        'domain = "acme"\n'
        + promotion("excluding", "dev -> staging", ["pkg:npm/@acme/*"], exclude=["pkg:npm/@acme/w*"])
        + promotion("observing", "dev -> prod", mode="observe")
    )
    records = [
        record(event(), "m1"),
        record(event(packageNamespace="nobody"), "m2"),
        *(record(body, f"n{number}") for number, body in enumerate(NOT_OURS.values())),
    ]

    ended = start(BATCH.format(batch=json.dumps({"Records": records})), file, NOWHERE)

    assert ended.stderr == ""
    *printed, last = ended.stdout.splitlines()
    assert json.loads(last) == {"batchItemFailures": []}
    verdicts = [json.loads(line).get("verdict") for line in printed]
    assert (verdicts.count("reject"), verdicts.count("promote")) == (1, 2)


def test_a_batch_that_promotes_something_calls_aws(tmp_path: Path) -> None:
    """The test above can fail: here nobody answers the call."""
    file = tmp_path / "rules.toml"
    file.write_text('domain = "acme"\n' + promotion())

    ended = start(BATCH.format(batch=json.dumps({"Records": [record(event())]})), file, NOWHERE)

    assert json.loads(ended.stdout.splitlines()[-1]) == {"batchItemFailures": [{"itemIdentifier": "m1"}]}
