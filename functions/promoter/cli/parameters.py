"""`promoter parameters`: what the deployment needs, from the rules."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click

from promoter.cli.errors import BadUsage
from promoter.cli.options import example, output_option, read_rules, rules_option

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from promoter.cli.quotas import Size


@example(
    "promoter parameters",
    "sam deploy --parameter-overrides $(promoter parameters)",
    "promoter parameters --output json",
)
@click.command("parameters")
@rules_option
@output_option
def command(rules_file: Path, output: str) -> None:
    """Print the template's parameters that follow from the rules.

    Each line is one entry of parameter_overrides in samconfig.toml. Rules that AWS would refuse to deploy, since
    the event pattern or the role's policies would be too long, are refused here: exit code 2.
    """
    from promoter.cli.quotas import sizes

    _, rule_set = read_rules(rules_file)
    sources = dict.fromkeys(promotion.source for promotion in rule_set.promotions)
    destinations = dict.fromkeys(promotion.destination for promotion in rule_set.promotions)
    looks_up = any(promotion.asks_for_origin for promotion in rule_set.promotions)
    taken = sizes(rule_set.domain, list(sources), list(destinations), looks_up_origin=looks_up)
    _require_room(taken, rules_file)
    parameters = {
        "Domain": rule_set.domain,
        "SourceRepositories": ",".join(sources),
        "DestinationRepositories": ",".join(destinations),
        "LooksUpOrigin": str(looks_up).lower(),
    }
    if output == "json":
        click.echo(_as_json(parameters, taken))
    else:
        click.echo("\n".join(f"{name}={value}" for name, value in parameters.items()))


def _require_room(taken: Iterable[Size], rules_file: Path) -> None:
    """Raise BadUsage where AWS would not take it."""
    refused = [
        f"{rules_file}: {size.what} could have {size.characters:,} characters, and AWS takes {size.limit:,}\n"
        f"  {size.cure}"
        for size in taken
        if not size.fits
    ]
    if refused:
        raise BadUsage("\n".join(refused))


def _as_json(parameters: dict[str, str], taken: tuple[Size, Size]) -> str:
    """`{"parameters": {...}, "sizes": {"eventPattern": {...}, "rolePolicies": {...}}}`, in characters."""
    names = ("eventPattern", "rolePolicies")
    counted = {
        name: {"characters": size.characters, "limit": size.limit}
        for name, size in zip(names, taken, strict=True)
    }
    return json.dumps({"parameters": parameters, "sizes": counted}, indent=2)
