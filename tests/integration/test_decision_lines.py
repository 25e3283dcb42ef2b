"""The decision log in the form that the demo and `make local` print."""

import io
import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from local.display.decision_lines import decision_lines, line_finder
from local.display.live_output import SUM_AFTER, LiveOutput
from local.display.mailbox import Mail
from local.rules_summary import RulesSummary

DECISION: dict[str, Any] = {
    "message": "decision",
    "format": "npm",
    "namespace": "acme",
    "package": "widget",
    "version": "1.4.0",
    "hop": {"from": "dev", "to": "staging"},
    "promotion": "web-to-staging",
    "verdict": "promote",
    "reasons": [],
}
WIDGET = ("npm", "@acme/widget", "1.4.0")
EXCLUDED = {"code": "exclude", "met": False, "seen": "pkg:npm/@acme/*", "text": 'exclude "pkg:npm/@acme/*"'}


def lines_of(**changes: Any) -> list[list[str]]:
    """The words of each line."""
    lines = decision_lines(DECISION | changes, lambda _: "")
    return [line.text("12:00:00").plain.split() for line in lines]


def reason(code: str, text: str, **more: Any) -> dict[str, Any]:
    return {"code": code, "met": False, "seen": "", "text": text, **more}


def test_a_copy_shows_the_decision_and_the_destination() -> None:
    assert lines_of(outcome="copied", reasons=[reason("prerelease", "a release", met=True)]) == [
        ["12:00:00", "PROMOTE", *WIDGET, "dev", "->", "staging", "web-to-staging", "a", "release"],
        ["12:00:00", "copied", *WIDGET, "staging"],
    ]


def test_a_failure_shows_its_code_and_the_files_that_differ() -> None:
    assets = [{"name": "a.bin", "source": "1111ffff", "destination": "2222ffff"}]
    [words] = lines_of(outcome="failed", code="ALREADY_EXISTS", assets=assets)
    assert words[1] == "FAILED"
    assert words[-6:] == ["ALREADY_EXISTS", "a.bin:", "staging", "2222..", "dev", "1111.."]


def test_an_observed_promotion_says_that_nothing_was_copied() -> None:
    [words] = lines_of(observed=True)
    assert words[1] == "OBSERVED"
    assert words[8:11] == ["not", "copied", "web-to-staging"]


def test_a_rejection_shows_its_reason_and_the_line_of_the_rules(tmp_path: Path) -> None:
    rules = tmp_path / "rules.toml"
    rules.write_text('\ufeff# rules\nexclude = ["pkg:npm/@acme/*"]\n', encoding="utf-8")
    met = reason("versions", "1.4.0 in ^1", met=True)

    [line] = decision_lines(DECISION | {"verdict": "reject", "reasons": [met, EXCLUDED]}, line_finder(rules))

    assert line.details[:2] == ('exclude "pkg:npm/@acme/*"', "rules.toml:2")


def test_a_soak_says_until_when_in_the_zone_of_the_reader() -> None:
    until = datetime.now().astimezone().replace(microsecond=0)
    [words] = lines_of(verdict="wait", reasons=[reason("soak", "0m of 1m")], until=until.isoformat())
    assert words[8:] == ["soak:", "0m", "of", "1m,", "until", f"{until:%H:%M:%S}"]


def test_a_wait_that_ends_on_another_day_has_its_date() -> None:
    [words] = lines_of(verdict="wait", reasons=[reason("soak", "0s of 1d")], until="2031-03-04T12:30:00Z")
    assert words[-2].startswith("2031-03-0")


def test_an_approval_that_is_missing_is_named() -> None:
    [words] = lines_of(verdict="hold", reasons=[reason("approval", "none yet")])
    assert words[-3:] == ["approval:", "none", "yet"]


def test_an_answer_names_its_author_without_the_account() -> None:
    text = "PASSED by arn:aws:sts::123456789012:assumed-role/lead/ann: release 12"
    [words, _] = lines_of(outcome="copied", reasons=[reason("approval", text, met=True)])
    assert words[-6:] == ["approval:", "PASSED", "by", "assumed-role/lead/ann:", "release", "12"]


def test_a_deferred_decision_shows_its_outcome() -> None:
    [words] = lines_of(verdict="deferred", outcome="failed", code="AccessDeniedException")
    assert (words[1], words[-1]) == ("FAILED", "AccessDeniedException")


@pytest.mark.parametrize(
    ("format_", "namespace", "name"),
    [("npm", None, "widget"), ("maven", "com.acme", "com.acme:widget"), ("generic", "acme", "acme/widget")],
)
def test_a_package_has_the_name_that_its_format_uses(format_: str, namespace: str | None, name: str) -> None:
    assert lines_of(format=format_, namespace=namespace)[0][3] == name


def test_a_name_cannot_control_the_terminal_or_start_a_line() -> None:
    [line] = decision_lines(DECISION | {"package": "w\x1b[31m\n\u2028x"}, lambda _: "")
    assert line.text("12:00:00").plain.isprintable()


class Screen:
    """A live output, and what it has printed."""

    def __init__(self, rules: Path) -> None:
        self._text = io.StringIO()
        self.mails: list[Mail] = []
        self.output = LiveOutput(Console(file=self._text, width=300, highlight=False), rules)
        self.output.watch(RulesSummary("acme", ("dev",), ("staging",), "evidence"), lambda: self.mails)

    @property
    def lines(self) -> list[str]:
        return self._text.getvalue().splitlines()


@pytest.fixture
def screen(tmp_path: Path) -> Screen:
    rules = tmp_path / "rules.toml"
    rules.write_text("")
    return Screen(rules)


def batch(*, repository: str = "dev") -> dict[str, Any]:
    detail = {
        "packageFormat": "npm",
        "packageNamespace": "acme",
        "packageName": "widget",
        "packageVersion": "1.4.0",
        "repositoryName": repository,
    }
    return {"Records": [{"messageId": "m1", "body": json.dumps({"detail": detail})}]}


NOTHING_FAILED: dict[str, Any] = {"batchItemFailures": []}


def test_a_package_that_no_promotion_selects_gets_a_line(screen: Screen) -> None:
    screen.output.end_batch(batch(), NOTHING_FAILED)

    [line] = screen.lines
    words = line.split()
    assert words[1:6] == ["ignored", *WIDGET, "dev"]
    assert words[6:] == ["no", "promotion", "selects", "this", "package"]


def test_a_decided_package_an_answer_a_retry_and_a_foreign_message_get_no_such_line(screen: Screen) -> None:
    screen.output.log(json.dumps(DECISION))
    screen.output.end_batch(batch(), NOTHING_FAILED)
    screen.output.end_batch(batch(repository="evidence"), NOTHING_FAILED)
    screen.output.end_batch(batch(repository="other"), {"batchItemFailures": [{"itemIdentifier": "m1"}]})
    screen.output.end_batch(batch(repository="other"), None)
    screen.output.end_batch({"Records": [{"messageId": "m2", "body": "[1]"}]}, NOTHING_FAILED)

    assert not [line for line in screen.lines if "ignored" in line]


def test_each_mail_is_printed_once_as_it_goes_out(screen: Screen) -> None:
    screen.mails.append(Mail("[acme] 1 held", "first line\nsecond [line]"))

    screen.output.end_batch({"Records": []}, NOTHING_FAILED)
    screen.output.end_batch({"Records": []}, NOTHING_FAILED)

    assert [line.split("  ", 1)[-1].strip() for line in screen.lines] == [
        "mail: [acme] 1 held",
        "first line",
        "second [line]",
    ]


def test_after_many_decisions_comes_a_sum(screen: Screen) -> None:
    for number in range(SUM_AFTER):
        verdict = "reject" if number % 5 == 0 else "wait"
        screen.output.log(json.dumps(DECISION | {"verdict": verdict}))

    assert screen.lines[-1].endswith("  50 decisions so far: 40 wait, 10 reject")


@pytest.mark.parametrize(
    "line", ['{"_aws": {}, "Promoted": 1}', '{"level": "INFO", "message": "ignored"}', "{}"]
)
def test_metrics_and_information_are_not_shown(screen: Screen, line: str) -> None:
    screen.output.log(line)
    assert screen.lines == []


@pytest.mark.parametrize(
    "line", ['{"level": "ERROR", "message": "[x]"}', "Traceback (most recent call last):", "[1]"]
)
def test_errors_are_shown_unchanged(screen: Screen, line: str) -> None:
    screen.output.log(line)
    assert screen.lines[0].endswith(f"  {line}")
