"""cfn-lint and checkov check the translated template."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from samcli.yamlhelper import yaml_parse

from tests.support.paths import ROOT
from tests.support.translated_template import EVERYTHING, deployed, translated

CFN_LINT = Path(sys.executable).with_name("cfn-lint")
# `make test` creates this virtual environment: checkov and moto need different versions of the same libraries
CHECKOV = ROOT / ".venv-checkov" / "bin" / "checkov"
CONFIGURATION = ROOT / ".checkov.yaml"

SHAPES = [
    ("dev", "prod"),
    ("dev,staging", "staging,prod"),
    ("dev", "qa.eu,qa_us,qa-ap,staging,prod"),
]
# the translation replaces parameters by values, so unused parameters, mappings and conditions are no fault
CAUSED_BY_TRANSLATION = ["W1001", "W2001", "W7001", "W8001", "W8003"]
EXPECTED = {
    ("ES1001", "PromoteFunctionPublished"),  # its queue has the dead-letter queue
    ("ES6000", "PromotionDeadLetterQueue"),  # a dead-letter queue needs no dead-letter queue
    ("ES6000", "RuleDeadLetterQueue"),
    ("ES6000", "ScheduleDeadLetterQueue"),
    ("ES7000", "NotificationEmailSubscription"),  # SNS logs and measures a refused mail
    ("WS1004", "PromoteFunction"),  # it has a log group; the rule expects another name
}
EXPECTED_BY_DEFAULT = EXPECTED - {("ES7000", "NotificationEmailSubscription")}


def cfn_lint(file: Path) -> set[tuple[str, str]]:
    """The findings: rule and resource."""
    done = subprocess.run(
        [
            *(CFN_LINT, "--format", "json", "--append-rules", "cfn_lint_serverless.rules"),
            *("--ignore-checks", *CAUSED_BY_TRANSLATION, "--", file),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    assert not done.stderr, done.stderr
    return {(each["Rule"]["Id"], each["Location"]["Path"][1]) for each in json.loads(done.stdout)}


def checkov(file: Path) -> set[str]:
    """The checks that fail when no check is skipped."""
    done = subprocess.run(
        [
            *(CHECKOV, "--file", file, "--framework", "cloudformation"),
            *("--skip-download", "--soft-fail", "--output", "json"),
        ],
        env={"PATH": os.environ["PATH"], "HOME": str(file.parent), "LOG_LEVEL": "ERROR"},
        cwd=file.parent,
        capture_output=True,
        text=True,
        check=True,
    )
    found: dict[str, Any] = json.loads(done.stdout)
    assert found["summary"]["passed"] > 0
    return {each["check_id"] for each in found["results"]["failed_checks"]}


def written(directory: Path, template: dict[str, Any]) -> Path:
    file = directory / "template.json"
    file.write_text(json.dumps(template))
    return file


@pytest.mark.parametrize(("sources", "destinations"), SHAPES)
def test_cfn_lint_has_no_unexpected_finding(sources: str, destinations: str, tmp_path: Path) -> None:
    found = cfn_lint(written(tmp_path, translated(sources, destinations, **EVERYTHING)))
    assert found == EXPECTED


def test_cfn_lint_has_no_unexpected_finding_with_default_parameters(tmp_path: Path) -> None:
    assert cfn_lint(written(tmp_path, deployed())) == EXPECTED_BY_DEFAULT


def test_cfn_lint_finds_a_queue_without_a_redrive_policy(tmp_path: Path) -> None:
    template = deployed()
    del template["Resources"]["PromotionQueue"]["Properties"]["RedrivePolicy"]
    found = cfn_lint(written(tmp_path, template))
    assert found == EXPECTED_BY_DEFAULT | {("ES6000", "PromotionQueue")}


needs_checkov = pytest.mark.skipif(not CHECKOV.exists(), reason="`make test` installs checkov")


@needs_checkov
@pytest.mark.parametrize(
    ("parameters", "answered"),
    [({}, set()), (EVERYTHING, {"CKV_AWS_26", "CKV_AWS_27", "CKV_AWS_158"})],
    ids=["by-default", "with-a-key"],
)
def test_checkov_finds_exactly_the_listed_exceptions(
    parameters: dict[str, str], answered: set[str], tmp_path: Path
) -> None:
    excepted = set(yaml_parse(CONFIGURATION.read_text("utf-8"))["skip-check"])
    assert checkov(written(tmp_path, deployed(**parameters))) == excepted - answered


def test_each_checkov_exception_has_a_reason() -> None:
    lines = [line for line in CONFIGURATION.read_text("utf-8").splitlines() if "CKV" in line]
    assert lines
    assert all(re.fullmatch(r"  - CKV_AWS_\d+ # .{20,}", line) for line in lines)
