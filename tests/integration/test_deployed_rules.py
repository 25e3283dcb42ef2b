"""Commands that decide by the deployed rules, against the local AWS with the deployed template."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from emulator_support.codeartifact_calls import publish_generic
from local.stack import LocalStack
from promoter.rules_file.reader import digest_of
from tests.support.command_line import Ran, promoter
from tests.support.samples import promotion, rules_text

MODELS = ["pkg:generic/acme/*"]
MODEL = "pkg:generic/acme/model@1.0"
DEPLOYED = rules_text(promotion("slow", packages=MODELS, soak="24h"))
CHANGED = rules_text(promotion("fast", packages=MODELS))
DIGEST = digest_of(DEPLOYED)


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalStack]:
    file = tmp_path_factory.mktemp("rules") / "rules.toml"
    file.write_text(DEPLOYED)
    with LocalStack.start(rules_file=file, parameters={"SettleSeconds": "0"}) as stack:
        stack.create_repositories()
        publish_generic(stack.client("codeartifact"), "1.0")
        stack.wait_until_idle()
        yield stack


@pytest.fixture
def folder(stack: LocalStack, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working directory, with the environment of the local AWS."""
    for name, value in stack.client_environment().items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "functions").mkdir()
    return tmp_path


def ask(*arguments: str) -> Ran:
    return promoter(*arguments, "--stack", "local")


@pytest.mark.parametrize("command", [("explain", MODEL), ("pending",), ("plan",)])
def test_without_a_clone_the_deployed_rules_decide(folder: Path, command: tuple[str, ...]) -> None:
    ran = ask(*command)

    assert "soak" in ran.out, ran.err
    assert DIGEST in ran.out
    assert "warning" not in ran.out + ran.err


@pytest.mark.parametrize("command", [("explain", MODEL), ("plan",)])
def test_a_file_that_differs_is_named_in_a_warning(folder: Path, command: tuple[str, ...]) -> None:
    (folder / "functions" / "rules.toml").write_text(CHANGED)

    ran = ask(*command)

    assert ran.lines[:2] == [
        f"by the rules of stack local, ruleset {DIGEST}",
        "warning: functions/rules.toml differs from the deployed rules; --rules functions/rules.toml decides by it",
    ]
    assert "soak" in ran.out


def test_the_same_file_needs_no_warning(folder: Path) -> None:
    (folder / "functions" / "rules.toml").write_text(DEPLOYED)

    assert "warning" not in ask("explain", MODEL).out


@pytest.mark.parametrize("command", [("explain", MODEL), ("plan",), ("pending",)])
def test_rules_of_a_file_decide_if_they_are_named(folder: Path, command: tuple[str, ...]) -> None:
    (folder / "other.toml").write_text(CHANGED)

    ran = ask(*command, "--rules", "other.toml")

    assert "by the rules of stack" not in ran.out
    assert "soak" not in ran.out


def test_json_says_which_rules_were_used(folder: Path) -> None:
    (folder / "functions" / "rules.toml").write_text(CHANGED)

    found = json.loads(ask("explain", MODEL, "--output", "json").out)["rules"]

    assert found == {
        "from": "rules.toml of stack local",
        "ruleset": DIGEST,
        "deployed": True,
        "differsFrom": "functions/rules.toml",
    }


def test_status_compares_the_code_and_not_the_log(folder: Path) -> None:
    (folder / "functions" / "rules.toml").write_text(CHANGED)

    found = json.loads(ask("status", "--output", "json").out)

    assert found["ruleset"] == {"deployed": DIGEST, "onDisk": digest_of(CHANGED), "same": False}
    assert f"{DIGEST} (the file on disk differs: {digest_of(CHANGED)})" in ask("status").out


def test_status_checks_the_upstreams_of_the_deployed_rules_without_a_clone(folder: Path) -> None:
    found = json.loads(ask("status", "--output", "json").out)

    assert found["upstreams"] == {"faults": [], "warnings": [], "unknown": {}}


def test_a_stack_without_the_function_is_named(folder: Path, stack: LocalStack) -> None:
    stack.client("cloudformation").create_stack(
        StackName="other",
        TemplateBody=json.dumps({"Resources": {"Topic": {"Type": "AWS::SNS::Topic"}}}),
    )

    ran = promoter("pending", "--stack", "other")

    assert (ran.code, ran.err.count("\n")) == (1, 1)
    assert 'the stack "other" has no function of the promoter' in ran.err


def test_rules_that_this_version_cannot_read_name_the_option(
    folder: Path, stack: LocalStack, tmp_path: Path
) -> None:
    s3: Any = stack.client("s3")
    before = s3.get_object(Bucket="local-deployment", Key="code")["Body"].read()
    try:
        s3.put_object(Bucket="local-deployment", Key="code", Body=b"no zip file")
        ran = ask("pending")
    finally:
        s3.put_object(Bucket="local-deployment", Key="code", Body=before)

    assert ran.code == 3
    assert "is not a zip file" in ran.err
    assert "--rules FILE decides by a file" in ran.err
