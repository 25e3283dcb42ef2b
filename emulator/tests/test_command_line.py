"""The server as a command."""

import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from botocore.exceptions import ClientError, ConnectionClosedError

from emulator_support.codeartifact_calls import copy, outcome, publish_generic
from emulator_support.emulated_aws import Aws
from emulator_support.event_listener import listen
from moto_codeartifact.command_line import main
from moto_codeartifact.options import read_settings
from moto_codeartifact.settings import EmulatorSettings

HERE = ("--region", "eu-west-1", "--domain", "acme", "--repository", "dev")
STAGING = (*HERE, "--repository", "staging:dev")


@contextmanager
def running(*options: str) -> Iterator[Aws]:
    """Run the command on a free port, and stop it as a user does."""
    process = subprocess.Popen(
        [sys.executable, "-m", "moto_codeartifact", "--port", "0", *options],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout
    try:
        found = re.search(r"http://127\.0\.0\.1:\d+", process.stdout.readline())
        assert found
        yield Aws(found[0])
    finally:
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=30) == 0
        process.stdout.close()


def test_the_command_serves_a_domain_with_repositories() -> None:
    with running(*STAGING) as aws:
        ca = aws.client("codeartifact")
        found = ca.describe_repository(domain="acme", repository="staging")

        assert found["repository"]["upstreams"] == [{"repositoryName": "dev"}]
        assert (
            aws.client("sqs").list_queues()["ResponseMetadata"]["HTTPStatusCode"] == 200
        )


def test_options_choose_settings_and_faults() -> None:
    with running(
        *STAGING,
        *("--setting", "copied_revision=fresh"),
        *("--fault", "DescribeDomain=AccessDeniedException"),
        *("--fault", "CopyPackageVersions=ConnectionDropped,after-effect"),
        *("--version-fault", "DeletePackageVersions:1=NOT_ALLOWED"),
        *("--event-fault", "lose,packageVersion=1"),
    ) as aws:
        ca = aws.client("codeartifact", retries={"total_max_attempts": 1})
        receive = listen(aws.client("sqs"), aws.client("events"))
        with pytest.raises(ClientError, match="AccessDenied"):
            ca.describe_domain(domain="acme")
        revisions = [
            publish_generic(ca, version)["versionRevision"] for version in ("1", "2")
        ]
        with pytest.raises(ConnectionClosedError):
            copy(ca, "1")
        assert outcome(copy(ca, "1")) == ({}, {})
        copied = copy(ca, "2")["successfulVersions"]["2"]["revision"]
        deleted = ca.delete_package_versions(
            domain="acme",
            repository="dev",
            format="generic",
            namespace="acme",
            package="model",
            versions=["1"],
        )

        assert copied not in revisions
        assert outcome(deleted)[1]["1"][0] == "NOT_ALLOWED"
        assert [
            (each["detail"]["repositoryName"], each["detail"]["packageVersion"])
            for each in sorted(
                receive(), key=lambda each: each["detail"]["repositoryName"]
            )
        ] == [("dev", "2"), ("staging", "1"), ("staging", "2")]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--setting", "colour=red"], "no setting is named 'colour'"),
        (["--setting", "all_or_nothing=perhaps"], "must be true or false"),
        (["--setting", "event_deliveries=-1"], "must be a number"),
        (["--fault", "CopyPackageVersions"], "is not of the form OPERATION=CODE"),
        (["--fault", "CopyPackageVersions=Oops"], "no error is named 'Oops'"),
        (
            ["--fault", "CopyPackageVersions=ConflictException,often"],
            "is not of the form",
        ),
        (["--version-fault", "CopyPackageVersions=NOT_ALLOWED"], "is not of the form"),
        (["--event-fault", "loose"], "there is no fault 'loose'"),
        (["--region", "mars-north-1"], "not available in the region 'mars-north-1'"),
        (["--repository", "dev"], "--repository needs --domain"),
        (["--setting", "copied_revision=old"], "copied_revision is 'old'"),
        (["--fault", "CopyAll=ConflictException"], "there is no operation 'CopyAll'"),
        (["--version-fault", "CopyPackageVersions:1=NO"], "no version fails with 'NO'"),
        (["--domain", "Acme"], "domain"),
        (["--event-fault", "delay,amount=soon"], "amount is 'soon'"),
    ],
)
def test_a_wrong_option_is_named(
    capsys: pytest.CaptureFixture[str], options: list[str], message: str
) -> None:
    assert main(["--port", "0", *options]) == 2
    assert message in capsys.readouterr().err


def test_a_taken_port_is_named(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with running() as aws:
        assert aws.endpoint_url
        port = aws.endpoint_url.rpartition(":")[2]
        assert main(["--port", port]) == 2
    assert f"port {port} is taken" in capsys.readouterr().err


def test_settings_are_read_by_their_types() -> None:
    assert read_settings(
        ["all_or_nothing=false", "sequence_step=3", "copied_revision=fresh"]
    ) == EmulatorSettings(
        all_or_nothing=False, sequence_step=3, copied_revision="fresh"
    )
