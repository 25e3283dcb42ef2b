"""promoter parameters: what follows from the rules, where AWS would take it."""

import json
from pathlib import Path

import pytest

from promoter.cli.quotas import sizes
from tests.support.command_line import Ran, promoter
from tests.support.samples import promotion


def parameters(tmp_path: Path, *tables: str, output: str = "text") -> Ran:
    rules = tmp_path / "rules.toml"
    rules.write_text("\n".join(['domain = "acme"', *tables]))
    return promoter("parameters", "--rules", str(rules), "--output", output)


CHAIN = (
    promotion("up", "dev -> staging"),
    promotion("also", "dev -> staging", ["pkg:pypi/acme-*"]),
    promotion("on", "staging -> prod"),
)


def test_each_line_is_a_parameter_override(tmp_path: Path) -> None:
    ran = parameters(tmp_path, *CHAIN)

    assert (ran.code, ran.err) == (0, "")
    assert ran.out.splitlines() == [
        "Domain=acme",
        "SourceRepositories=dev,staging",
        "DestinationRepositories=staging,prod",
        "LooksUpOrigin=false",
    ]


@pytest.mark.parametrize("origin", ["internal", "external"])
def test_origins_are_looked_up_where_a_rule_asks_for_one(tmp_path: Path, origin: str) -> None:
    ran = parameters(tmp_path, *CHAIN, promotion("ours", packages=["pkg:cargo/*"], origin=origin))

    assert "LooksUpOrigin=true" in ran.out.splitlines()


def test_programs_are_told_the_sizes_too(tmp_path: Path) -> None:
    found = json.loads(parameters(tmp_path, *CHAIN, output="json").out)

    assert found["parameters"] == {
        "Domain": "acme",
        "SourceRepositories": "dev,staging",
        "DestinationRepositories": "staging,prod",
        "LooksUpOrigin": "false",
    }
    assert found["sizes"]["eventPattern"]["limit"] == 2048
    assert found["sizes"]["rolePolicies"]["limit"] == 10240
    assert 0 < found["sizes"]["eventPattern"]["characters"] < 2048
    assert 0 < found["sizes"]["rolePolicies"]["characters"] < 10240


def test_an_event_pattern_that_would_be_too_long_is_refused(tmp_path: Path) -> None:
    hops = [promotion(f"p{number}", f"{'s' * 90}{number} -> prod") for number in range(20)]

    ran = parameters(tmp_path, *hops)

    assert (ran.code, ran.out) == (2, "")
    assert (
        "the event pattern of PublishRule could have 2,138 characters, and AWS takes 2,048\n"
        "  split the rules into two files, and deploy a stack with each; or have the quota" in ran.err
    )


def test_policies_that_would_be_too_long_are_refused(tmp_path: Path) -> None:
    hops = [promotion(f"p{number}", f"dev -> team-{number}-prod") for number in range(20)]

    ran = parameters(tmp_path, *hops)

    assert (ran.code, ran.out) == (2, "")
    assert (
        "the inline policies of PromoteRole could have 11,360 characters, and AWS takes 10,240\n"
        "  split the rules into two files, and deploy a stack with each; AWS does not raise it" in ran.err
    )
    assert "event pattern" not in ran.err


@pytest.mark.parametrize(("repositories", "fits"), [(18, True), (19, False)])
def test_the_limit_lies_between(repositories: int, fits: bool) -> None:
    _, policies = sizes("acme", ["dev"], [f"prod-{number:02}" for number in range(repositories)])

    assert policies.fits is fits


def test_what_is_just_as_long_as_the_limit_fits() -> None:
    pattern, _ = sizes("acme", ["dev"], ["prod"])
    room = pattern.limit - pattern.characters
    exact, _ = sizes("acme", ["dev" + "v" * room], ["prod"])
    longer, _ = sizes("acme", ["dev" + "v" * (room + 1)], ["prod"])

    assert (exact.characters, exact.fits, longer.fits) == (2048, True, False)
