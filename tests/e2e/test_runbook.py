"""The shell commands of the documents work on the local AWS."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from samcli.yamlhelper import yaml_parse

from local.stack import LocalStack
from tests.support.paths import EVENTS, ROOT, TEMPLATE
from tests.support.queues import take_messages


def sample(name: str) -> Any:
    return json.loads((EVENTS / name).read_text("utf-8"))


@pytest.mark.skipif(shutil.which("jq") is None, reason="jq is not on the PATH")
class TestRunbook:
    def test_moves_the_events_that_the_rule_could_not_deliver(
        self, stack: LocalStack, log: list[str], tmp_path: Path
    ) -> None:
        sqs, url = stack.client("sqs"), stack.outputs["RuleDeadLetterQueueUrl"]
        event = sample("generic-published.json")
        for version in ("8.1", "8.2"):
            event["detail"]["packageVersion"] = version
            sqs.send_message(QueueUrl=url, MessageBody=json.dumps(event, indent=1))
        log.clear()
        run_shell(
            stack.client_environment(), tmp_path, shell_block("output()"), shell_block("while message=")
        )
        stack.wait_until_idle()
        decided = {record["version"] for record in map(json.loads, log) if "verdict" in record}
        assert (decided, take_messages(stack.client("sqs"), stack.outputs["RuleDeadLetterQueueUrl"])) == (
            {"8.1", "8.2"},
            [],
        )


class TestPackage:
    def test_for_other_tools_contains_the_template_with_the_code_in_a_bucket(
        self, stack: LocalStack, tmp_path: Path
    ) -> None:
        stack.client("s3").create_bucket(Bucket="your-bucket")
        (command,) = [
            line
            for line in shell_block("packaged.yaml", "terraform-and-cdk.md").splitlines()
            if "packaged" in line
        ]
        command = command.replace(".venv/bin/aws", "aws").replace(
            ".aws-sam/build/template.yaml", str(TEMPLATE)
        )
        packaged = tmp_path / "packaged.yaml"
        run_shell(
            stack.client_environment(),
            tmp_path,
            f"{command.replace(packaged.name, str(packaged))} 2>progress",
        )
        found, ours = (yaml_parse(file.read_text("utf-8")) for file in (packaged, TEMPLATE))
        function, own = (each["Resources"]["PromoteFunction"]["Properties"] for each in (found, ours))
        assert function.pop("CodeUri").startswith("s3://your-bucket/")
        assert own.pop("CodeUri") == "functions/"
        assert found == ours


def shell_block(text: str, name: str = "operating.md") -> str:
    """Return the block of a document that contains this text."""
    document = (ROOT / "docs" / name).read_text("utf-8").replace("package-promoter", "local")
    (found,) = [block for block in re.findall(r"```sh\n(.*?)```", document, re.DOTALL) if text in block]
    return str(found)


def run_shell(client_environment: dict[str, str], home: Path, *blocks: str) -> None:
    # version 1 of the CLI ignores AWS_ENDPOINT_URL for SQS
    real = Path(sys.executable).with_name("aws")
    (home / "aws").write_text(f'#!/bin/sh\nexec {real} "$@" --endpoint-url "$AWS_ENDPOINT_URL"\n')
    (home / "aws").chmod(0o755)
    environment = {**client_environment, "HOME": str(home), "PATH": f"{home}{os.pathsep}{os.environ['PATH']}"}
    done = subprocess.run(
        ["bash", "-euc", "\n".join(blocks)],
        cwd=home,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
