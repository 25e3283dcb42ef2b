"""The steps of docs/github-workflow.yml for a pull request, run by bash against the local AWS."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from emulator_support.codeartifact_calls import publish_generic
from local.stack import LocalStack
from tests.support.paths import ROOT
from tests.support.samples import promotion, rules_text

WORKFLOW = yaml.safe_load((ROOT / "docs" / "github-workflow.yml").read_text("utf-8"))
STEPS: dict[str, dict[str, Any]] = {
    each["name"]: each for each in WORKFLOW["jobs"]["difference"]["steps"] if "name" in each
}
MODELS = ["pkg:generic/acme/*"]
BEFORE = rules_text(promotion("models", packages=MODELS))
AFTER = rules_text(promotion("models", packages=MODELS, soak="24h"))


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalStack]:
    file = tmp_path_factory.mktemp("rules") / "rules.toml"
    file.write_text(BEFORE)
    with LocalStack.start(rules_file=file, parameters={"SettleSeconds": "0"}) as stack:
        stack.create_repositories()
        publish_generic(stack.client("codeartifact"), "1.0")
        stack.wait_until_idle()
        yield stack


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """The pull request's checkout: a base commit, changed rules, a `promoter`, and a `gh` that keeps the comment."""
    rules = tmp_path / "functions" / "rules.toml"
    rules.parent.mkdir()
    rules.write_text(BEFORE)
    git = ["git", "-c", "user.name=a", "-c", "user.email=a@example.com"]
    for arguments in (["init", "-q"], ["add", "."], ["commit", "-qm", "base"]):
        subprocess.run([*git, *arguments], cwd=tmp_path, check=True)
    rules.write_text(AFTER)
    programs = {
        ".venv/bin/promoter": f'exec "{sys.executable}" -m promoter.cli "$@"',
        "bin/gh": 'cat comment.md > commented.md; echo "$@" > gh.txt',
    }
    for name, line in programs.items():
        script = tmp_path / name
        script.parent.mkdir(parents=True)
        script.write_text(f"#!/bin/sh\n{line}\n")
        script.chmod(0o755)
    return tmp_path


def run(checkout: Path, step: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a step as GitHub does: `bash -e`."""
    variables = {
        "PATH": f"{checkout / 'bin'}{os.pathsep}{os.environ['PATH']}",
        "HOME": str(checkout),
        "PYTHONPATH": str(ROOT / "functions"),
        "BASE": "HEAD",
        "NUMBER": "7",
        "STACK": "local",
        "AWS_REGION": "us-east-1",
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
        **environment,
    }
    command = ["bash", "-e", "-c", STEPS[step]["run"]]
    return subprocess.run(
        command, cwd=checkout, env=variables, capture_output=True, text=True, check=False, timeout=100
    )


def test_a_change_of_rules_is_commented_with_its_plan_and_its_replay(
    stack: LocalStack, checkout: Path
) -> None:
    for step in ("Validate", "Draw both graphs", "Plan and replay", "Comment"):
        done = run(checkout, step, **stack.client_environment())
        assert done.returncode == 0, f"{step}: {done.stdout}{done.stderr}"

    comment = (checkout / "commented.md").read_text()
    assert "flowchart" in comment
    assert "the last 30 days, decided by these rules" in comment
    assert "1 would now wait" in comment
    assert (checkout / "gh.txt").read_text().startswith("pr comment 7 --body-file comment.md")


def test_a_refusal_by_aws_fails_the_step(checkout: Path) -> None:
    assert run(checkout, "Draw both graphs").returncode == 0

    done = run(checkout, "Plan and replay", AWS_ENDPOINT_URL="http://127.0.0.1:9")

    assert done.returncode != 0
    assert "check your network and AWS_ENDPOINT_URL" in done.stderr


def test_a_missing_stack_fails_the_step(stack: LocalStack, checkout: Path) -> None:
    run(checkout, "Draw both graphs")

    done = run(checkout, "Plan and replay", **stack.client_environment(), STACK="none")

    assert done.returncode != 0
    assert 'there is no stack "none"' in done.stderr


def test_no_step_hides_a_failure() -> None:
    assert not [each for each in WORKFLOW["jobs"]["difference"]["steps"] if each.get("continue-on-error")]
