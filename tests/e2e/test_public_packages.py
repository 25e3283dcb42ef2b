"""A public package that slips into dev, in the deployed stack: it stays out of prod unless a rule says so."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from emulator_support.codeartifact_calls import list_versions
from emulator_support.package_uploads import endpoint, put_npm
from local.clients import ACCOUNT, REGION
from local.stack import LocalStack
from moto_codeartifact.models import codeartifact_backends

RULES = """
domain = "acme"

[[promotion]]
name = "ours"
from = "dev"
to = "prod"
packages = ["pkg:npm/acme-*", "pkg:npm/@acme/*"]
origin = "internal"
"""
PUBLIC = """
[[promotion]]
name = "reviewed-public-packages"
from = "dev"
to = "prod"
packages = ["pkg:npm/acme-left-pad"]
origin = "external"
"""
LEFT_PAD = {"format": "npm", "package": "acme-left-pad", "namespace": None}


@pytest.fixture
def stack(tmp_path: Path) -> Iterator[LocalStack]:
    rules = tmp_path / "rules.toml"
    rules.write_text(RULES)
    with LocalStack.start(rules_file=rules, retry_after=0) as stack:
        stack.create_repositories()
        yield stack


def install(stack: LocalStack, name: str, version: str, repository: str = "dev") -> int:
    """Download a package as `npm install` does. Return the status."""
    url, headers = endpoint(stack.client("codeartifact"), "npm", repository)
    requests.get(url + name, headers=headers, timeout=10).raise_for_status()
    status = requests.get(f"{url}{name}/-/{name}-{version}.tgz", headers=headers, timeout=10).status_code
    stack.wait_until_idle()
    return status


def in_prod(ca: Any, package: str) -> set[str]:
    return list_versions(ca, "prod", format="npm", package=package, namespace=None)


def test_an_ingested_package_is_promoted_only_if_a_rule_selects_public_packages(stack: LocalStack) -> None:
    ca = stack.client("codeartifact")
    ca.associate_external_connection(domain="acme", repository="dev", externalConnection="public:npmjs")
    npmjs = codeartifact_backends[ACCOUNT][REGION].public_repositories["public:npmjs"]
    npmjs.add("acme-left-pad", "1.0.0", {"package.tgz": b"public"})
    npmjs.add("acme-left-pad", "1.1.0", {"package.tgz": b"public, too"})

    assert install(stack, "acme-left-pad", "1.0.0") == 200
    assert put_npm(ca, "acme-tools", "1.0.0").status_code == 201
    stack.wait_until_idle()

    assert list_versions(ca, "dev", **LEFT_PAD) == {"1.0.0"}
    assert in_prod(ca, "acme-left-pad") == set()
    assert in_prod(ca, "acme-tools") == {"1.0.0"}

    stack.rules_file.write_text(RULES + PUBLIC)
    stack.reload_rules()
    assert install(stack, "acme-left-pad", "1.1.0") == 200

    assert in_prod(ca, "acme-left-pad") == {"1.1.0"}
