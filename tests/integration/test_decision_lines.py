"""The decision log in the form that `make local` prints."""

import json
from typing import Any

import pytest

from local.demo.decision_lines import format_log_line

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


def words_of(**changes: Any) -> list[str]:
    line = format_log_line(json.dumps(DECISION | changes))
    assert line
    return line.split()


def test_a_copy_shows_the_package_the_hop_and_the_promotion() -> None:
    assert words_of(outcome="copied") == [
        *("PROMOTE", "npm", "@acme/widget", "1.4.0", "dev", "->", "staging", "web-to-staging", "copied")
    ]


def test_a_failure_shows_its_code() -> None:
    assert words_of(outcome="failed", code="ALREADY_EXISTS")[-2:] == ["failed", "ALREADY_EXISTS"]


def test_a_rejection_shows_its_reason() -> None:
    met = {"code": "versions", "met": True, "text": "1.4.0 in ^1"}
    assert words_of(verdict="reject", reasons=[met, REASON])[-2:] == ["exclude", '"pkg:npm/@acme/*"']


def test_a_deferred_decision_shows_its_outcome() -> None:
    words = words_of(verdict="deferred", outcome="failed", code="AccessDeniedException")
    assert (words[0], words[-2:]) == ("DEFERRED", ["failed", "AccessDeniedException"])


@pytest.mark.parametrize(
    ("format_", "namespace", "name"),
    [("npm", None, "widget"), ("maven", "com.acme", "com.acme:widget"), ("generic", "acme", "acme/widget")],
)
def test_a_package_has_the_name_that_its_format_uses(format_: str, namespace: str | None, name: str) -> None:
    assert words_of(format=format_, namespace=namespace)[2] == name


def test_a_name_cannot_control_the_terminal_or_start_a_line() -> None:
    line = format_log_line(json.dumps(DECISION | {"package": "w\x1b[31m\n\u2028x"}))
    assert line
    assert line.isprintable()


@pytest.mark.parametrize(
    "line", ['{"_aws": {}, "Promoted": 1}', '{"level": "INFO", "message": "ignored"}', "[1]"]
)
def test_metrics_and_information_are_not_shown(line: str) -> None:
    assert format_log_line(line) is None


@pytest.mark.parametrize("line", ['{"level": "ERROR", "message": "x"}', "Traceback (most recent call last):"])
def test_errors_are_shown_unchanged(line: str) -> None:
    assert format_log_line(line) == line
