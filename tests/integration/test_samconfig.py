"""samconfig.toml against the rules file that it is deployed with."""

import tomllib
from typing import Any

import pytest

from local import clients, containers, hops

from .translated import ROOT


def configured() -> dict[str, Any]:
    return tomllib.loads((ROOT / "samconfig.toml").read_text("utf-8"))["default"]


def overrides(command: str) -> dict[str, str]:
    return dict(entry.split("=", 1) for entry in configured()[command]["parameters"]["parameter_overrides"])


def test_parameters_are_those_that_follow_from_the_rules() -> None:
    assert overrides("global") == hops.read(ROOT / "functions" / "rules.toml").parameters


@pytest.mark.parametrize("command", ["local_invoke", "local_start_lambda"])
def test_in_a_container_it_is_told_of_the_local_aws(command: str) -> None:
    assert overrides(command).items() > overrides("global").items()
    assert overrides(command)["EndpointUrl"]  # or SAM would not let the file of variables set it
    parameters = configured()[command]["parameters"]
    assert ROOT / parameters["env_vars"] == containers.FILE
    assert parameters["region"] == clients.REGION


def test_loops_over_repositories_are_switched_on() -> None:
    assert configured()["global"]["parameters"]["language_extensions"] is True


def test_what_is_deployed_is_tagged() -> None:
    assert configured()["deploy"]["parameters"]["tags"]
