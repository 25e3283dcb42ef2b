"""wait against the local AWS with the deployed template."""

import json
import threading
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path

import pytest

from emulator_support.codeartifact_calls import archive, publish_generic
from local.stack import LocalStack
from tests.support.command_line import Ran, promoter
from tests.support.samples import promotion, rules_text

RULES = rules_text(
    promotion("one", packages=["pkg:generic/acme/*"], exclude=["pkg:generic/acme/secret"])
    + promotion("soaked", "staging -> prod", ["pkg:generic/acme/slow"], soak="24h")
    + promotion("two", "staging -> prod", ["pkg:generic/acme/*"])
)


@pytest.fixture(scope="module")
def rules(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("rules") / "rules.toml"
    file.write_text(RULES)
    return file


@pytest.fixture(scope="module")
def stack(rules: Path) -> Iterator[LocalStack]:
    with LocalStack.start(rules_file=rules, parameters={"SettleSeconds": "0"}, retry_after=0) as stack:
        stack.create_repositories()
        yield stack


@pytest.fixture
def wait(stack: LocalStack, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Ran]:
    """Wait in an empty folder, with the environment of the local AWS, and look often."""
    for name, value in stack.client_environment().items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("promoter.cli.wait._INTERVAL", 0.2)
    return lambda name, *arguments: promoter("wait", f"pkg:generic/acme/{name}", *arguments)


def test_a_version_that_is_published_meanwhile_arrives(stack: LocalStack, wait: Callable[..., Ran]) -> None:
    publisher = threading.Thread(target=publish_generic, args=(stack.client("codeartifact"), "1.0"))
    publisher.start()

    ran = wait("model@1.0", "--in", "prod", "--stack", "local", "--timeout", "1m")

    publisher.join()
    assert (ran.code, len(ran.lines)) == (0, 1), ran.err
    assert ran.out.startswith("acme/model 1.0 is in prod after ")


def test_a_rejection_ends_the_wait_with_its_reason(stack: LocalStack, wait: Callable[..., Ran]) -> None:
    publish_generic(stack.client("codeartifact"), "1.0", package="secret")

    ran = wait("secret@1.0", "--in", "prod", "--stack", "local", "--timeout", "1m")

    assert ran.code == 1
    assert ran.lines[0] == "acme/secret 1.0 is not promoted to prod; it is in dev"
    assert "dev -> staging" in ran.lines[1]
    assert ran.lines[1].endswith('REJECT  exclude "pkg:generic/acme/secret"')
    assert ran.lines[2].startswith("Next: promoter explain pkg:generic/acme/secret@1.0 ")


def test_a_copy_that_fails_ends_the_wait_with_its_error(stack: LocalStack, wait: Callable[..., Ran]) -> None:
    client = stack.client("codeartifact")
    publish_generic(client, "3.0", b"there", to="staging", package="other")
    publish_generic(client, "3.0", b"here", package="other")
    stack.wait_until_idle()

    for repository in ("staging", "prod"):
        ran = wait("other@3.0", "--in", repository, "--stack", "local", "--timeout", "1m")

        assert ran.code == 1
        assert f"acme/other 3.0 is not promoted to {repository}" in ran.lines[0]
        assert "PROMOTE failed ALREADY_EXISTS" in ran.lines[1]


def test_an_unfinished_version_cannot_be_installed_yet(stack: LocalStack, wait: Callable[..., Ran]) -> None:
    stack.client("codeartifact").publish_package_version(
        domain="acme",
        repository="prod",
        format="generic",
        namespace="acme",
        package="model",
        packageVersion="5.0",
        assetName="part",
        assetContent=b"x",
        assetSHA256=sha256(b"x").hexdigest(),
        unfinished=True,
    )

    ran = wait("model@5.0", "--in", "prod", "--stack", "local", "--timeout", "1s")

    assert (ran.code, ran.lines[0].partition(" after")[0]) == (4, "acme/model 5.0 is not in prod")


def test_time_is_up_for_what_must_soak(stack: LocalStack, wait: Callable[..., Ran]) -> None:
    publish_generic(stack.client("codeartifact"), "1.0", package="slow")
    stack.wait_until_idle()

    ran = wait("slow@1.0", "--in", "prod", "--stack", "local", "--timeout", "1s")

    assert ran.code == 4
    assert ran.lines[0] == "acme/slow 1.0 is not in prod after 1s; it is in dev, staging"
    assert "WAIT" in ran.lines[1]
    assert "soak" in ran.lines[1]


def test_a_version_that_nobody_published_times_out(wait: Callable[..., Ran]) -> None:
    ran = wait("none@1.0", "--in", "prod", "--stack", "local", "--timeout", "1s")

    assert ran.code == 4
    assert "none of the repositories before it; check its name" in ran.lines[0]


def test_without_a_stack_the_rules_of_the_file_are_enough(
    stack: LocalStack, wait: Callable[..., Ran], rules: Path
) -> None:
    publish_generic(stack.client("codeartifact"), "2.0", package="secret")
    stack.wait_until_idle()

    ran = wait("secret@2.0", "--in", "staging", "--rules", rules, "--timeout", "1s", "--output", "json")

    assert ran.code == 4
    found = json.loads(ran.out)
    assert (found["arrived"], found["timedOut"], found["found"]) == (False, True, ["dev"])
    assert found["decisions"] == []


def test_a_version_that_was_archived_there_ends_the_wait(stack: LocalStack, wait: Callable[..., Ran]) -> None:
    client = stack.client("codeartifact")
    publish_generic(client, "4.0")
    stack.wait_until_idle()
    archive(client, "4.0", repository="prod")

    ran = wait("model@4.0", "--in", "prod", "--stack", "local", "--timeout", "1m")

    assert (ran.code, ran.lines[0]) == (1, "acme/model 4.0 is Archived in prod")


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        (
            ("--in", "nowhere", "--stack", "local"),
            'no promotion ends in "nowhere"; the rules have staging, prod',
        ),
        (("--in", "prod", "--stack", "local", "--timeout", "soon"), '"soon" is not a duration'),
        ((), "Missing option '--in'"),
    ],
)
def test_bad_usage_says_what_to_write(
    wait: Callable[..., Ran], arguments: tuple[str, ...], text: str
) -> None:
    ran = wait("model@1.0", *arguments)

    assert ran.code == 2
    assert text.lower() in ran.err.lower()
