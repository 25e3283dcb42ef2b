"""The AWS calls of a deployment: `python -m tests.support.deployment_recording [FILE]` renews the recording.

It runs the real SAM CLI against the local AWS. The recording has operations and the kind of resource, no host and no
path. What CloudFormation calls for the deployer is not recorded: each resource type's schema says it.
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from moto.core.config import default_user_config
from moto.moto_api._internal.models import moto_api_backend

from deploy import build
from local import clients
from local.moto_patches.resource_types import register_resource_types
from moto_codeartifact.server import start_server
from tests.support.paths import ROOT

FILE = Path(__file__).parents[1] / "recordings" / "deployment.json"
STACK = "package-promoter"
_CONFIG = ("--config-file", str(ROOT / "samconfig.toml"))
_DEPLOY = ("deploy", *_CONFIG, "--no-confirm-changeset", "--no-fail-on-empty-changeset", "--template-file")
_PARAMETERS = ("Domain=acme", "SourceRepositories=dev", "DestinationRepositories=prod")
_DELETE = ("delete", "--no-prompts", "--stack-name", STACK, "--region", clients.REGION)

Calls = list[str]  # "service:Operation kind/name"


def record(directory: Path) -> dict[str, Calls]:
    """Return each step's distinct calls, in order. `directory` is for the artifact."""
    build.build(build.architecture("host"), directory / "build")
    template = str(directory / "build" / "template.yaml")
    deploy = (*_DEPLOY, template, "--parameter-overrides", *_PARAMETERS)
    default_user_config["lambda"]["use_docker"] = False
    register_resource_types()
    moto_api_backend.reset()
    with start_server(0) as server:
        return {
            "create": _sam(server.url, directory, deploy),
            "update": _sam(server.url, directory, (*deploy, "LogLevel=DEBUG")),
            "failing update": _sam(server.url, directory, (*deploy, "LogLevel=ERROR"), fails=True),
            "delete": _sam(server.url, directory, _DELETE),
        }


def _sam(url: str, directory: Path, arguments: tuple[str, ...], *, fails: bool = False) -> Calls:
    file = directory / "calls"
    file.unlink(missing_ok=True)
    environment = {
        **os.environ,
        **clients.client_environment(url),
        "SAM_CLI_TELEMETRY": "0",
        "HOME": str(directory),
    }
    environment |= {"PYTHONPATH": f"{ROOT / 'functions'}{os.pathsep}{ROOT}"}
    done = subprocess.run(
        [sys.executable, "-m", "tests.support.sam_recorder", str(file), *arguments],
        cwd=ROOT,
        env=environment | ({"FAILS_TO_UPDATE": "1"} if fails else {}),
        capture_output=True,
        text=True,
        check=False,
    )
    if bool(done.returncode) is not fails:
        raise RuntimeError(f"sam {arguments[0]} ended with {done.returncode}:\n{done.stdout}{done.stderr}")
    return list(dict.fromkeys(file.read_text("utf-8").splitlines()))


if __name__ == "__main__":
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else FILE
    with tempfile.TemporaryDirectory() as folder:
        calls = record(Path(folder))
    target.write_text(json.dumps(calls, indent=1) + "\n", encoding="utf-8")
    print(f"{sum(map(len, calls.values()))} calls in {target.name}")
