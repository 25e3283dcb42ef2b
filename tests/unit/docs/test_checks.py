"""docs/checks.md: its example, its policy, its rules and its statement are what the code accepts."""

import json
import re

import pytest

from promoter.inspection.answering import asked_namespaces
from promoter.inspection.evidence_policy_check import check_policy
from promoter.packages.candidate import Candidate
from promoter.packages.package import Package
from promoter.rules_file.reader import load
from promoter.waiting.answers import Statement, read_statement, write_statement
from promoter.waiting.evidence_policy import MAX_CHARACTERS, EvidenceRepository
from promoter.waiting.names import answer_package
from tests.support.paths import ROOT

PAGE = (ROOT / "docs" / "checks.md").read_text("utf-8")
EXAMPLE = (ROOT / "examples" / "size_check.py").read_text("utf-8")
REVISION = "nQjAwhAz3hVCmCKLlcrxOsvCxBq844wgT+ZZjiXjFZo="
CANDIDATE = Candidate(Package("npm", "acme", "widget"), "1.5.0", REVISION, "", 0)
PLACE = EvidenceRepository(domain="acme", account="123456789012", region="eu-west-1", repository="evidence")


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)


def block(language: str, word: str) -> str:
    [found] = [each for each in blocks(language) if word in each]
    return found


def test_the_page_shows_the_example_as_it_is() -> None:
    assert blocks("python") == [EXAMPLE]


def test_the_example_has_at_most_40_lines_and_nothing_of_ours() -> None:
    assert sum(bool(line.strip()) for line in EXAMPLE.splitlines()) <= 40
    assert not re.search(r"^\s*(from|import) promoter", EXAMPLE, re.MULTILINE)


def test_the_rules_ask_for_the_namespaces_that_the_policy_protects() -> None:
    rule_set = load(block("toml", "[[promotion]]")).rule_set
    policy = block("json", "OnlySizeCheckAnswersSize")

    assert asked_namespaces(rule_set) == ["approval-payments", "check-sca", "check-size"]
    assert check_policy(PLACE, asked_namespaces(rule_set), policy) == []
    assert len(policy) <= MAX_CHARACTERS


@pytest.mark.parametrize(
    "sid",
    [
        "OnlySizeCheckAnswersSize",
        "OnlyTheScannerAnswersSca",
        "OnlyTheirLeadsApprovePayments",
        "NobodyPublishesAnythingElse",
        "NobodyChangesAnswers",
    ],
)
def test_each_statement_of_the_policy_is_needed(sid: str) -> None:
    policy = json.loads(block("json", "OnlySizeCheckAnswersSize"))
    policy["Statement"] = [each for each in policy["Statement"] if each["Sid"] != sid]

    assert check_policy(PLACE, ["approval-payments", "check-sca", "check-size"], json.dumps(policy)) != []


def test_the_statement_is_read_as_the_page_says() -> None:
    statement = read_statement(block("json", "codeartifact-revision").encode(), "v")

    assert isinstance(statement, Statement)
    assert (statement.candidate.purl, statement.candidate.revision) == (CANDIDATE.purl, REVISION)
    assert (statement.answer.result, statement.answer.reason) == ("PASSED", "no findings")
    assert json.loads(write_statement(statement)) == json.loads(block("json", "codeartifact-revision"))


def test_the_names_are_those_of_the_page() -> None:
    assert answer_package(CANDIDATE) == "npm.acme.widget.1.5.0.51e7a7b40fe3824901b5"
    assert "`npm.acme.widget.1.5.0`" in PAGE
    assert "`51e7a7b40fe3824901b5`" in PAGE
