"""npm's tag `latest` in the deployed stack, as npm sees it."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from emulator_support.codeartifact_calls import list_versions
from emulator_support.package_managers import Shell, npm_package
from emulator_support.package_uploads import endpoint, put_npm
from emulator_support.queues import subscribe_queue, take_messages
from local.stack import LocalStack

HOUR = 3_600
RULES = """
domain = "acme"

[[promotion]]
name = "web-to-prod"
from = "dev"
to = "prod"
packages = ["pkg:npm/@acme/*"]
soak = "1h"
prereleases = true
npm-latest = "highest"

[[hold]]
package = "pkg:npm/@acme/widget@1.6.0"
reason = "leaks the session token"
"""
WIDGET = {"format": "npm", "namespace": "acme", "package": "widget"}

npm_missing = pytest.mark.skipif(shutil.which("npm") is None, reason="npm is not installed")


@pytest.fixture
def log() -> list[str]:
    """The lines of the function's log."""
    return []


@pytest.fixture
def stack(log: list[str], tmp_path: Path) -> Iterator[LocalStack]:
    rules = tmp_path / "rules.toml"
    rules.write_text(RULES)
    with LocalStack.start(rules_file=rules, retry_after=0, on_log=log.append) as stack:
        stack.create_repositories()
        yield stack


def publish(stack: LocalStack, version: str, tag: str = "latest") -> None:
    """Publish a version with a tag to dev."""
    response = put_npm(stack.client("codeartifact"), "@acme/widget", version, tag=tag)
    assert response.status_code == 201, response.text
    stack.wait_until_idle()


def wait_an_hour(stack: LocalStack) -> None:
    stack.clock.advance(HOUR + 60)
    stack.wait_until_idle()


def tags(stack: LocalStack, repository: str) -> Any:
    """Return the tags of the package in a repository, read from the npm endpoint."""
    url, headers = endpoint(stack.client("codeartifact"), "npm", repository)
    return requests.get(f"{url}-/package/@acme%2fwidget/dist-tags", headers=headers, timeout=10).json()


@npm_missing
def test_what_waited_becomes_the_latest_and_a_backport_does_not(stack: LocalStack, tmp_path: Path) -> None:
    ca = stack.client("codeartifact")
    publish(stack, "1.4.0")
    wait_an_hour(stack)
    assert tags(stack, "prod") == {"latest": "1.4.0"}

    publish(stack, "1.5.0")
    publish(stack, "1.6.0")
    assert tags(stack, "dev") == {"latest": "1.6.0"}
    wait_an_hour(stack)

    assert list_versions(ca, "prod", **WIDGET) == {"1.4.0", "1.5.0"}
    assert tags(stack, "prod") == {"latest": "1.5.0"}
    shell = Shell(tmp_path, stack.server)
    url, headers = endpoint(ca, "npm", "prod")
    token = headers["Authorization"].removeprefix("Bearer ")
    (tmp_path / ".npmrc").write_text(f"registry={url}\n{url.partition(':')[2]}:_authToken={token}\n")
    consumer = npm_package(tmp_path / "consumer", "consumer", "0.0.1")
    (consumer / "package.json").write_text('{"name": "consumer", "version": "0.0.1"}')
    # the sample packages are no real archives, so npm only resolves the version
    shell.run("npm", "install", "--package-lock-only", "@acme/widget", cwd=consumer)
    written = json.loads((consumer / "package.json").read_text())
    assert written["dependencies"] == {"@acme/widget": "^1.5.0"}

    publish(stack, "1.4.9")
    assert tags(stack, "dev") == {"latest": "1.4.9"}
    wait_an_hour(stack)

    assert list_versions(ca, "prod", **WIDGET) == {"1.4.0", "1.4.9", "1.5.0"}
    assert tags(stack, "prod") == {"latest": "1.5.0"}

    publish(stack, "2.0.0-rc.1", "next")
    publish(stack, "2.0.0-rc.2", "next")
    wait_an_hour(stack)

    assert list_versions(ca, "prod", **WIDGET) == {"1.4.0", "1.4.9", "1.5.0", "2.0.0-rc.1", "2.0.0-rc.2"}
    assert tags(stack, "prod") == {"latest": "1.5.0", "next": "2.0.0-rc.2"}


def test_a_tag_that_cannot_be_moved_is_told_and_the_version_is_promoted(
    stack: LocalStack, log: list[str]
) -> None:
    sqs, sns, ca = (stack.client(name) for name in ("sqs", "sns", "codeartifact"))
    inbox = subscribe_queue(sqs, sns, stack.outputs["NotificationTopicArn"])
    deny = {
        "Effect": "Deny",
        "Principal": "*",
        "Action": "codeartifact:PutPackageMetadata",
        "Resource": "*",
    }
    ca.put_repository_permissions_policy(
        domain="acme", repository="prod", policyDocument=json.dumps({"Statement": deny})
    )
    publish(stack, "1.5.0")
    publish(stack, "1.6.0")

    wait_an_hour(stack)

    assert list_versions(ca, "prod", **WIDGET) == {"1.5.0"}
    assert tags(stack, "prod") == {}
    [message] = [each for each in take_messages(sqs, inbox) if "1.5.0" in each["Body"]]
    assert "untaggedVersions" in message["Body"]
    assert "explicit deny in a resource-based policy" in message["Body"]
    assert stack.server.calls.count("CopyPackageVersions") == 1  # the copy is done, and is not repeated
    [line] = [each for each in map(json.loads, log) if each.get("outcome") == "copied"]
    assert (line["version"], line["code"]) == ("1.5.0", "npm-latest")

    ca.delete_repository_permissions_policy(domain="acme", repository="prod")
    publish(stack, "1.4.0", "old")
    wait_an_hour(stack)

    assert tags(stack, "prod") == {"latest": "1.5.0", "old": "1.4.0"}  # the next copy moves it, too
