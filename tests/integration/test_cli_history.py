"""history against the local AWS with the deployed template."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from emulator_support.codeartifact_calls import publish_generic
from emulator_support.package_uploads import put_npm
from local.stack import LocalStack
from promoter.rules_file.reader import digest_of
from tests.support.command_line import promoter
from tests.support.paths import RULES

DIGEST = digest_of(RULES.read_text())


@pytest.fixture(scope="module")
def stack() -> Iterator[LocalStack]:
    with LocalStack.start(parameters={"SettleSeconds": "0"}) as stack:
        stack.create_repositories()
        client = stack.client("codeartifact")
        for name, version in (("widget", "1.4.0"), ("widget", "1.4.1"), ("internal-keys", "1.0.0")):
            put_npm(client, f"@acme/{name}", version).raise_for_status()
        publish_generic(client, "1.0", package="soaked")
        stack.wait_until_idle()
        stack.clock.advance(10)
        stack.wait_until_idle()
        yield stack


@pytest.fixture
def history(stack: LocalStack, monkeypatch: pytest.MonkeyPatch) -> Any:
    for name, value in stack.client_environment().items():
        monkeypatch.setenv(name, value)
    return lambda *arguments: promoter("history", "--stack", "local", *arguments)


def test_each_decision_has_a_line_with_the_rules_that_decided(history: Any) -> None:
    ran = history("pkg:npm/@acme/widget@1.4.0")

    assert ran.code == 0
    assert ran.lines[0].startswith("@acme/widget 1.4.0   2 decisions since ")
    assert [line.split()[2:] for line in ran.lines[1:]] == [
        ["1.4.0", "dev", "->", "staging", "web-to-staging", "ruleset", DIGEST, "PROMOTE", "copied"],
        ["1.4.0", "staging", "->", "prod", "everything-to-prod", "ruleset", DIGEST, "PROMOTE", "copied"],
    ]


def test_a_rejection_has_its_reason(history: Any) -> None:
    ran = history("pkg:npm/%40acme/internal-keys@1.0.0")

    assert ran.lines[1].endswith('REJECT  exclude "pkg:npm/@acme/internal-*"')


def test_a_wait_and_its_end_are_two_decisions(history: Any) -> None:
    ran = history("pkg:generic/acme/soaked@1.0")

    assert "  WAIT            soak: 0s of 3s" in ran.lines[1]
    assert "  PROMOTE copied  its pending entry fired" in ran.lines[2]


def test_a_package_has_the_decisions_about_all_its_versions(history: Any) -> None:
    found = json.loads(history("pkg:npm/@acme/widget", "--output", "json").out)

    assert {each["version"] for each in found["decisions"]} == {"1.4.0", "1.4.1"}
    assert all(each["message"] == "decision" for each in found["decisions"])


def test_a_version_without_decisions_says_so(history: Any) -> None:
    ran = history("pkg:npm/@acme/widget@9.9.9", "--since", "1h")

    assert (ran.code, len(ran.lines)) == (0, 1)
    assert ran.lines[0].startswith("@acme/widget 9.9.9   no decisions since ")


def test_a_version_that_is_too_long_to_search_for_is_found_all_the_same(
    history: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from promoter.inspection import history as module

    monkeypatch.setattr(module, "_LONGEST_TERM", 5)

    assert len(history("pkg:npm/@acme/widget@1.4.0").lines) == 3


def test_a_text_that_is_no_package_url_is_bad_usage(history: Any) -> None:
    ran = history("@acme/widget")

    assert ran.code == 2
    assert "write pkg:npm/@acme/widget" in ran.err
