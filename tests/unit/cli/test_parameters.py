"""`promoter parameters`: the parameters that are derived from the rules, if AWS accepts them."""

import json
from pathlib import Path

import pytest

from promoter.cli.parameters import Size, template_sizes
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
def test_origins_are_looked_up_if_a_promotion_selects_by_origin(tmp_path: Path, origin: str) -> None:
    ran = parameters(tmp_path, *CHAIN, promotion("ours", packages=["pkg:cargo/*"], origin=origin))

    assert "LooksUpOrigin=true" in ran.out.splitlines()


def test_json_has_the_sizes_too(tmp_path: Path) -> None:
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


def test_an_event_pattern_that_is_too_long_is_refused(tmp_path: Path) -> None:
    hops = [promotion(f"p{number}", f"{'s' * 90}{number} -> prod") for number in range(20)]

    ran = parameters(tmp_path, *hops)

    assert (ran.code, ran.out) == (2, "")
    assert (
        "the event pattern of PublishRule can have 2,138 characters, and AWS accepts 2,048\n"
        "  split the rules into two files, and deploy a stack with each; or have the quota" in ran.err
    )


def test_policies_that_are_too_long_are_refused(tmp_path: Path) -> None:
    hops = [promotion(f"p{number}", f"dev -> team-{number}-prod") for number in range(20)]

    ran = parameters(tmp_path, *hops)

    assert (ran.code, ran.out) == (2, "")
    assert (
        "the inline policies of PromoteRole can have 11,360 characters, and AWS accepts 10,240\n"
        "  split the rules into two files, and deploy a stack with each; AWS does not raise this quota"
        in ran.err
    )
    assert "event pattern" not in ran.err


@pytest.mark.parametrize(("repositories", "fits"), [(18, True), (19, False)])
def test_18_destinations_with_short_names_fit(repositories: int, fits: bool) -> None:
    destinations = [f"prod-{number:02}" for number in range(repositories)]

    _, policies = template_sizes("acme", ["dev"], destinations, looks_up_origin=False)

    assert policies.fits is fits


def test_a_size_that_equals_the_limit_fits() -> None:
    def pattern(source: str) -> Size:
        return template_sizes("acme", [source], ["prod"], looks_up_origin=False)[0]

    room = pattern("dev").limit - pattern("dev").characters
    exact, longer = pattern("dev" + "v" * room), pattern("dev" + "v" * (room + 1))

    assert (exact.characters, exact.fits, longer.fits) == (2048, True, False)


def test_looking_up_the_origin_takes_room_for_each_source() -> None:
    sizes = [template_sizes("acme", ["a", "b"], ["c"], looks_up_origin=each)[1] for each in (False, True)]

    assert sizes[1].characters - sizes[0].characters == 2 * 38
