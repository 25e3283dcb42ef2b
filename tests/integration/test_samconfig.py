"""samconfig.toml agrees with the rules file."""

import re
import tomllib
from typing import Any

import pytest
from samcli.cli.types import CfnParameterOverridesType

from deploy import parameter_overrides
from local import sam_local
from local.clients import REGION
from local.rules_summary import RulesSummary
from tests.support.paths import ROOT, RULES
from tests.support.translated_template import translated


def configured() -> dict[str, Any]:
    return tomllib.loads((ROOT / "samconfig.toml").read_text("utf-8"))["default"]


def overridden(command: str) -> dict[str, str]:
    return dict(entry.split("=", 1) for entry in configured()[command]["parameters"]["parameter_overrides"])


def test_the_parameters_are_derived_from_the_rules() -> None:
    assert overridden("global") == RulesSummary.from_file(RULES).parameters


@pytest.mark.parametrize("command", ["local_invoke", "local_start_lambda"])
def test_a_container_gets_the_endpoint_of_the_local_aws(command: str) -> None:
    assert overridden(command).items() > overridden("global").items()
    assert overridden(command)["EndpointUrl"]  # otherwise SAM ignores the value in the file of variables
    parameters = configured()[command]["parameters"]
    assert ROOT / parameters["env_vars"] == sam_local.VARIABLES_FILE
    assert parameters["region"] == REGION


def test_language_extensions_are_enabled() -> None:
    assert configured()["global"]["parameters"]["language_extensions"] is True


def test_the_stack_has_tags() -> None:
    assert configured()["deploy"]["parameters"]["tags"]


def test_nothing_names_a_parameter_that_the_template_does_not_have() -> None:
    declared = set(translated()["Parameters"])
    for command in ("global", "local_invoke", "local_start_lambda"):
        assert set(overridden(command)) <= declared
    typescript = (ROOT / "docs" / "terraform-and-cdk.md").read_text("utf-8")
    (given,) = re.findall(r"parameters: \{\n(.*?)\n *\}", typescript, re.DOTALL)
    assert set(re.findall(r"(\w+):", given)) <= declared


class TestOverrides:
    SAVED = """
        [default.global.parameters]
        parameter_overrides = ["Domain=acme", "SourceRepositories=dev", "SettleSeconds=60"]
        [default.deploy.parameters]
        parameter_overrides = "SettleSeconds=\\"90\\" NotificationEmail=\\"a@example.com\\" KmsKeyArn=\\"\\""
    """

    def test_the_rules_override_the_saved_parameters(self) -> None:
        derived = ["Domain=acme\n", "SourceRepositories=dev,staging\n", "\n"]
        assert parameter_overrides.merge(self.SAVED, derived) == [
            "Domain=acme",
            "SourceRepositories=dev,staging",
            "SettleSeconds=90",
            "NotificationEmail=a@example.com",
        ]

    def test_sam_accepts_them(self) -> None:
        found = parameter_overrides.merge(self.SAVED, [])
        assert CfnParameterOverridesType().convert(found, None, None) == dict(
            entry.split("=", 1) for entry in found
        )

    def test_the_first_deployment_uses_the_values_of_the_file(self) -> None:
        entries = configured()["global"]["parameters"]["parameter_overrides"]
        assert parameter_overrides.merge((ROOT / "samconfig.toml").read_text("utf-8"), []) == entries

    def test_are_empty_without_saved_values(self) -> None:
        assert parameter_overrides.merge("version = 0.1", []) == []
