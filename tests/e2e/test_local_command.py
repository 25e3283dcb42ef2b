"""`python -m local`, in a process of its own."""

import hashlib
import json
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

from local.clients import make_client
from tests.support.local_process import COMMAND, running_local_aws
from tests.support.paths import EVENTS, PYTHONPATH, ROOT, RULES


def test_prints_exports_for_the_aws_cli_and_stops_cleanly(tmp_path: Path) -> None:
    with running_local_aws(os.environ) as local:
        exports = exported(local.introduction)
        assert list_repositories(exports, tmp_path) == {"dev", "staging", "prod", "evidence"}
        publish_by_cli(exports, tmp_path)
        assert local.read_line().split()[1:5] == ["PROMOTE", "generic", "acme/model", "1.0"]
        exit_code, output = local.stop()
        assert exit_code == 0
        assert "Traceback" not in output


def test_ctrl_c_stops_it_cleanly() -> None:
    with running_local_aws(os.environ) as local:
        local.process.send_signal(signal.SIGINT)
        assert local.process.communicate(timeout=20) == ("", None)
        assert local.process.returncode == 0


def test_reports_a_taken_port_in_one_line() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        environment = {**os.environ, "PORT": str(other.getsockname()[1])}
        done = subprocess.run(COMMAND, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("port ")
    assert len(done.stderr.splitlines()) == 1


def test_rules_that_change_are_loaded_and_mistakes_are_said(tmp_path: Path) -> None:
    rules = tmp_path / "rules.toml"
    rules.write_text(RULES.read_text("utf-8"))
    with running_local_aws({**os.environ, "RULES_FILE": str(rules)}) as local:
        rules.write_text(RULES.read_text("utf-8").replace("soak =", "soka ="))
        assert "has mistakes. The former rules stay in force" in local.read_line()
        assert 'unknown key "soka"' in local.read_line()
        rules.write_text(RULES.read_text("utf-8").replace('to = "staging"', 'to = "qa"'))
        while not (line := local.read_line()).endswith(
            "has changed, and is loaded: dev -> staging -> qa -> prod\n"
        ):
            assert "loaded" not in line


def test_a_redrive_is_rehearsed_with_the_printed_variables(tmp_path: Path) -> None:
    with running_local_aws(os.environ) as local:
        exports = exported(local.introduction)
        sqs = make_client("sqs", local.url)
        (queue,) = sqs.list_queues(QueueNamePrefix="local-PromotionDeadLetterQueue")["QueueUrls"]
        sqs.send_message(QueueUrl=queue, MessageBody=(EVENTS / "generic-published.json").read_text())

        run("promoter.cli", "redrive", "--stack", "local", "--yes", exports=exports, home=tmp_path)

        assert local.read_line().split()[1] == "PROMOTE"


def exported(introduction: tuple[str, ...]) -> dict[str, str]:
    """The variables that the introduction exports."""
    lines = (line.split("export ", 1)[1].strip() for line in introduction if "export " in line)
    return dict(line.split("=", 1) for line in lines)


def aws(*arguments: str, exports: dict[str, str], home: Path) -> str:
    return run("awscli", *arguments, exports=exports, home=home)


def run(module: str, *arguments: str, exports: dict[str, str], home: Path) -> str:
    """Run a Python program with the exported variables and nothing of the user's own. Return its output."""
    variables = {"HOME": str(home), "PATH": os.environ["PATH"], "PYTHONPATH": PYTHONPATH}
    done = subprocess.run(
        [sys.executable, "-m", module, *arguments],
        cwd=ROOT,
        env=exports | variables,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def list_repositories(exports: dict[str, str], home: Path) -> set[str]:
    found = aws("codeartifact", "list-repositories-in-domain", "--domain", "acme", exports=exports, home=home)
    return {repository["name"] for repository in json.loads(found)["repositories"]}


def publish_by_cli(exports: dict[str, str], home: Path) -> None:
    asset = home / "model.bin"
    asset.write_bytes(b"weights")
    aws(
        *("codeartifact", "publish-package-version", "--domain", "acme", "--repository", "dev"),
        *("--format", "generic", "--namespace", "acme", "--package", "model", "--package-version", "1.0"),
        *("--asset-name", asset.name, "--asset-content", str(asset)),
        *("--asset-sha256", hashlib.sha256(b"weights").hexdigest()),
        exports=exports,
        home=home,
    )
