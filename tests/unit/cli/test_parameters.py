"""`promoter parameters`: the parameters that are derived from the rules, if AWS accepts them."""

import json
from pathlib import Path

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
MANY = [promotion(f"p{number}", f"dev -> team-{number}-prod") for number in range(20)]


def test_each_line_is_a_parameter_override(tmp_path: Path) -> None:
    ran = parameters(tmp_path, *CHAIN)

    assert (ran.code, ran.err) == (0, "")
    assert ran.out.splitlines() == [
        "Domain=acme",
        "SourceRepositories=dev,staging",
        "DestinationRepositories=staging,prod",
    ]


def test_the_repository_of_answers_is_a_parameter(tmp_path: Path) -> None:
    ran = parameters(tmp_path, 'evidence = "answers"', *CHAIN)

    assert (ran.code, ran.err) == (0, "")
    assert ran.out.splitlines()[-1] == "EvidenceRepository=answers"


def test_the_destinations_whose_npm_tags_move_are_a_parameter(tmp_path: Path) -> None:
    moving = promotion("web", "staging -> prod", ["pkg:npm/@acme/*"], npm_latest="highest")

    ran = parameters(tmp_path, *CHAIN, moving)

    assert (ran.code, ran.err) == (0, "")
    assert ran.out.splitlines()[-1] == "NpmLatestRepositories=prod"


def test_json_has_the_sizes_too(tmp_path: Path) -> None:
    found = json.loads(parameters(tmp_path, *CHAIN, output="json").out)

    assert found["parameters"] == {
        "Domain": "acme",
        "SourceRepositories": "dev,staging",
        "DestinationRepositories": "staging,prod",
    }
    assert found["sizes"]["eventPattern"]["limit"] == 2048
    assert found["sizes"]["rolePolicies"]["limit"] == 10240
    assert 0 < found["sizes"]["eventPattern"]["characters"] < 2048
    assert 0 < found["sizes"]["rolePolicies"]["characters"] < 10240


def test_an_event_pattern_that_is_too_long_is_refused(tmp_path: Path) -> None:
    hops = [promotion(f"p{number}", f"{'s' * 90}{number} -> prod") for number in range(20)]

    ran = parameters(tmp_path, *hops)

    assert (ran.code, ran.out) == (2, "")
    assert (
        "the event pattern of PublishRule can have 2,138 characters, and AWS accepts 2,048\n"
        "  split the rules into two files, and deploy a stack with each; or request a higher quota" in ran.err
    )


def test_policies_that_would_be_too_long_are_replaced_by_one_for_the_domain(tmp_path: Path) -> None:
    ran = parameters(tmp_path, *MANY)

    assert ran.code == 0
    assert ran.out.splitlines()[0] == "Domain=acme"
    assert ran.out.splitlines()[-1] == "RepositoryAccess=domain"
    assert len(ran.err.splitlines()) == 1
    assert "the inline policies of PromoteRole can have 12,627 characters, and AWS accepts 10,240" in ran.err
    assert "the function may copy between all repositories of the domain" in ran.err


def test_json_of_policies_for_the_domain_has_their_size(tmp_path: Path) -> None:
    ran = parameters(tmp_path, *MANY, output="json")

    found = json.loads(ran.out)
    assert found["parameters"]["RepositoryAccess"] == "domain"
    assert found["sizes"]["rolePolicies"]["characters"] < 10240
    assert "AWS accepts 10,240" in ran.err
