"""samconfig.toml against the rules file that it is deployed with."""

import tomllib
from pathlib import Path
from typing import Any

import pytest
from samcli.cli.types import CfnParameterOverridesType

from deploy import parameter_overrides
from local import clients, rules_summary, sam_local
from tests.support.translated_template import ROOT


def configured() -> dict[str, Any]:
    return tomllib.loads((ROOT / "samconfig.toml").read_text("utf-8"))["default"]


def overridden(command: str) -> dict[str, str]:
    return dict(entry.split("=", 1) for entry in configured()[command]["parameters"]["parameter_overrides"])


def test_parameters_are_those_that_follow_from_the_rules() -> None:
    assert overridden("global") == rules_summary.read(ROOT / "functions" / "rules.toml").parameters


@pytest.mark.parametrize("command", ["local_invoke", "local_start_lambda"])
def test_in_a_container_it_is_told_of_the_local_aws(command: str) -> None:
    assert overridden(command).items() > overridden("global").items()
    assert overridden(command)["EndpointUrl"]  # or SAM would not let the file of variables set it
    parameters = configured()[command]["parameters"]
    assert ROOT / parameters["env_vars"] == sam_local.FILE
    assert parameters["region"] == clients.REGION


def test_loops_over_repositories_are_switched_on() -> None:
    assert configured()["global"]["parameters"]["language_extensions"] is True


def test_what_is_deployed_is_tagged() -> None:
    assert configured()["deploy"]["parameters"]["tags"]


@pytest.mark.parametrize(
    ("defaults", "origin", "looks_up"),
    [
        ("", 'origin = "internal"', "true"),
        ("", 'origin = "external"', "true"),
        ("", 'origin = "any"', "false"),
        ("", "", "false"),
        ('[defaults]\norigin = "internal"', "", "true"),
        ('[defaults]\norigin = "internal"', 'origin = "any"', "false"),
    ],
)
def test_origins_are_looked_up_where_a_rule_asks_for_them(
    defaults: str, origin: str, looks_up: str, tmp_path: Path
) -> None:
    rules = tmp_path / "rules.toml"
    rules.write_text(f'domain = "acme"\n{defaults}\n[[promotion]]\nfrom = "dev"\nto = "prod"\n{origin}\n')
    assert rules_summary.read(rules).parameters["LooksUpOrigin"] == looks_up


class TestOverrides:
    SAVED = """
        [default.global.parameters]
        parameter_overrides = ["Domain=acme", "SourceRepositories=dev", "SettleSeconds=60"]
        [default.deploy.parameters]
        parameter_overrides = "SettleSeconds=\\"90\\" NotificationEmail=\\"a@example.com\\" KmsKeyArn=\\"\\""
    """

    def test_of_a_deployment_are_the_rules_over_what_was_saved(self) -> None:
        derived = ["Domain=acme\n", "SourceRepositories=dev,staging\n", "\n"]
        assert parameter_overrides.merge(self.SAVED, derived) == [
            "Domain=acme",
            "SourceRepositories=dev,staging",
            "SettleSeconds=90",
            "NotificationEmail=a@example.com",
        ]

    def test_are_taken_by_sam(self) -> None:
        found = parameter_overrides.merge(self.SAVED, [])
        assert CfnParameterOverridesType().convert(found, None, None) == dict(
            entry.split("=", 1) for entry in found
        )

    def test_of_a_first_deployment_are_those_of_the_file(self) -> None:
        entries = configured()["global"]["parameters"]["parameter_overrides"]
        assert parameter_overrides.merge((ROOT / "samconfig.toml").read_text("utf-8"), []) == entries

    def test_are_none_where_nothing_says_any(self) -> None:
        assert parameter_overrides.merge("version = 0.1", []) == []
