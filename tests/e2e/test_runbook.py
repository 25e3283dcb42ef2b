"""The shell commands of the documents work on the local AWS."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

from samcli.yamlhelper import yaml_parse

from emulator_support.queues import take_messages
from local.stack import LocalStack
from tests.support.paths import EVENTS, ROOT, TEMPLATE

PROMOTER = f"PYTHONPATH={ROOT / 'functions'} {sys.executable} -m promoter.cli"


def sample(name: str) -> Any:
    return json.loads((EVENTS / name).read_text("utf-8"))


class TestRunbook:
    def test_moves_the_dead_letters_of_all_queues(
        self, stack: LocalStack, log: list[str], tmp_path: Path
    ) -> None:
        queues = ("PromotionDeadLetterQueue", "RuleDeadLetterQueue", "ScheduleDeadLetterQueue")
        for number, queue in enumerate(queues):
            event = sample("generic-published.json")
            event["detail"]["packageVersion"] = f"8.{number}"
            body = json.dumps(event, indent=1)
            if queue == "ScheduleDeadLetterQueue":
                body = json.dumps({"MessageBody": body, "QueueUrl": stack.outputs["PromotionQueueUrl"]})
            stack.client("sqs").send_message(QueueUrl=stack.outputs[f"{queue}Url"], MessageBody=body)
        log.clear()
        command = shell_block("promoter redrive").strip().replace(".venv/bin/promoter", PROMOTER)
        run_shell(stack.client_environment(), tmp_path, f"{command} --yes --stack local")
        stack.wait_until_idle()
        decided = {record["version"] for record in map(json.loads, log) if "verdict" in record}
        left = [take_messages(stack.client("sqs"), stack.outputs[f"{queue}Url"]) for queue in queues]
        assert (decided, left) == ({"8.0", "8.1", "8.2"}, [[], [], []])


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
