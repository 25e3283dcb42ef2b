"""`python -m local`, in a process of its own."""

import hashlib
import json
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

from tests.support.local_process import COMMAND, running_local_aws
from tests.support.paths import ROOT


def test_prints_exports_for_the_aws_cli_and_stops_cleanly(tmp_path: Path) -> None:
    with running_local_aws(os.environ) as local:
        exports = dict(
            line.split("export ", 1)[1].strip().split("=", 1)
            for line in local.introduction
            if "export " in line
        )
        assert list_repositories(exports, tmp_path) == {"dev", "staging", "prod"}
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


def aws(client_environment: dict[str, str], home: Path, *arguments: str) -> str:
    command = [str(Path(sys.executable).with_name("aws")), "codeartifact", *arguments, "--domain", "acme"]
    environment = {**client_environment, "HOME": str(home), "PATH": os.environ["PATH"]}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def list_repositories(client_environment: dict[str, str], home: Path) -> set[str]:
    found = json.loads(aws(client_environment, home, "list-repositories-in-domain"))
    return {repository["name"] for repository in found["repositories"]}


def publish_by_cli(client_environment: dict[str, str], home: Path) -> None:
    asset = home / "model.bin"
    asset.write_bytes(b"weights")
    aws(
        client_environment,
        home,
        "publish-package-version",
        *("--repository", "dev", "--format", "generic", "--namespace", "acme", "--package", "model"),
        *("--package-version", "1.0", "--asset-name", asset.name, "--asset-content", str(asset)),
        *("--asset-sha256", hashlib.sha256(b"weights").hexdigest()),
    )
