"""`make deploy` looks for credentials before it builds."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from moto import mock_aws

from deploy.credentials import check

ROOT = Path(__file__).parents[2]


def test_the_credentials_come_before_the_build() -> None:
    make = shutil.which("make")
    assert make is not None
    printed = subprocess.run(
        [make, "-n", "deploy"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout

    steps = [printed.index(step) for step in ("deploy.credentials", "deploy.build", "sam deploy")]
    assert steps == sorted(steps)


def test_without_credentials_it_ends_with_one_sentence(tmp_path: Path) -> None:
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(ROOT / "functions"),
        "HOME": str(tmp_path),
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_REGION": "eu-west-1",
    }

    done = subprocess.run(
        [sys.executable, "-m", "deploy.credentials"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.returncode, done.stdout) == (1, "")
    assert (
        done.stderr == "error: cannot deploy: no AWS credentials; log in, or name a profile with --profile\n"
    )


@pytest.mark.parametrize(
    ("configuration", "environment", "region"),
    [
        ('[default.global.parameters]\nregion = "eu-north-1"', {}, "eu-north-1"),
        ('[default.deploy.parameters]\nregion = "eu-north-1"', {"AWS_REGION": "eu-west-1"}, "eu-west-1"),
        ("", {"AWS_DEFAULT_REGION": "eu-central-1"}, "eu-central-1"),
    ],
)
def test_with_credentials_it_says_where_it_deploys(
    monkeypatch: pytest.MonkeyPatch, configuration: str, environment: dict[str, str], region: str
) -> None:
    for name in ("AWS_REGION", "AWS_DEFAULT_REGION", "AWS_ENDPOINT_URL"):
        monkeypatch.setenv(name, "")
    for name, value in {**environment, "AWS_ACCESS_KEY_ID": "x", "AWS_SECRET_ACCESS_KEY": "y"}.items():
        monkeypatch.setenv(name, value)

    with mock_aws():
        found = check(configuration)

    assert found.startswith(f"deploying to account 123456789012, {region}, as arn:aws:")
