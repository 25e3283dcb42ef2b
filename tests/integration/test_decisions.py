"""The decision log as `make local` shows it."""

import json
from typing import Any

import pytest

from local.demo.decision_lines import plain

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
REASON = {"code": "exclude", "met": False, "text": 'exclude "pkg:npm/@acme/*"'}


def shown(**changes: Any) -> list[str]:
    line = plain(json.dumps(DECISION | changes))
    assert line
    return line.split()


def test_a_copy_says_what_went_where_by_which_promotion() -> None:
    assert shown(outcome="copied") == [
        *("PROMOTE", "npm", "@acme/widget", "1.4.0", "dev", "->", "staging", "web-to-staging", "copied")
    ]


def test_a_failure_says_its_code() -> None:
    assert shown(outcome="failed", code="ALREADY_EXISTS")[-2:] == ["failed", "ALREADY_EXISTS"]


def test_a_rejection_says_why() -> None:
    met = {"code": "versions", "met": True, "text": "1.4.0 in ^1"}
    assert shown(verdict="reject", reasons=[met, REASON])[-2:] == ["exclude", '"pkg:npm/@acme/*"']


@pytest.mark.parametrize(
    ("format_", "namespace", "name"),
    [("npm", None, "widget"), ("maven", "com.acme", "com.acme:widget"), ("generic", "acme", "acme/widget")],
)
def test_a_package_is_named_as_its_format_does(format_: str, namespace: str | None, name: str) -> None:
    assert shown(format=format_, namespace=namespace)[2] == name


def test_a_name_cannot_command_the_terminal_or_begin_a_line() -> None:
    line = plain(json.dumps(DECISION | {"package": "w\x1b[31m\n\u2028x"}))
    assert line
    assert line.isprintable()


@pytest.mark.parametrize(
    "line", ['{"_aws": {}, "Promoted": 1}', '{"level": "INFO", "message": "ignored"}', "[1]"]
)
def test_metrics_and_information_are_not_for_people(line: str) -> None:
    assert plain(line) is None


@pytest.mark.parametrize("line", ['{"level": "ERROR", "message": "x"}', "Traceback (most recent call last):"])
def test_errors_are_shown_as_they_are(line: str) -> None:
    assert plain(line) == line
