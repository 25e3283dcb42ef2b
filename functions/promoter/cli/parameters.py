"""`promoter parameters`: print the template parameters that are derived from the rules."""

import json
from pathlib import Path

import click

from promoter.cli.errors import BadUsage
from promoter.cli.options import example, output_option, read_rules, rules_option
from promoter.cli.template_sizes import (
    RepositoryAccess,
    Size,
    destinations_of,
    npm_latest_of,
    sizes_of,
    sources_of,
)
from promoter.cli.terminal import show_line
from promoter.rules.rule_set import RuleSet


@example(
    "promoter parameters",
    "sam deploy --parameter-overrides $(promoter parameters)",
    "promoter parameters --output json",
)
@click.command("parameters")
@rules_option
@output_option
def command(rules_file: Path, output: str) -> None:
    """Print the template parameters that are derived from the rules.

    Each line is an entry for parameter_overrides in samconfig.toml. RepositoryAccess=domain is printed only if the
    rules name too many repositories for the role's policies. Exit code 2: they name too many source repositories for
    one stack, because AWS limits the event pattern.
    """
    _, rule_set = read_rules(rules_file)
    pattern, policies = sizes_of(rule_set)
    if not pattern.fits:
        raise BadUsage(f"{rules_file}: {pattern.text}\n  {pattern.fix}")
    access: RepositoryAccess = "each" if policies.fits else "domain"
    if access == "domain":
        show_line(_note(policies, rules_file), err=True)
    parameters = _parameters(rule_set, access)
    if output == "json":
        click.echo(_to_json(parameters, sizes_of(rule_set, access)))
    else:
        click.echo("\n".join(f"{name}={value}" for name, value in parameters.items()))


def _parameters(rule_set: RuleSet, access: RepositoryAccess) -> dict[str, str]:
    """The parameters by name. "each" is left out: it is the template's default, and not to undo a user's choice."""
    return {
        "Domain": rule_set.domain,
        "SourceRepositories": ",".join(sources_of(rule_set)),
        "DestinationRepositories": ",".join(destinations_of(rule_set)),
        **({"EvidenceRepository": rule_set.evidence} if rule_set.evidence else {}),
        **(
            {"NpmLatestRepositories": ",".join(npm_latest)} if (npm_latest := npm_latest_of(rule_set)) else {}
        ),
        **({"RepositoryAccess": access} if access == "domain" else {}),
    }


def _note(policies: Size, rules_file: Path) -> str:
    return (
        f'{rules_file}: {policies.text}. RepositoryAccess is "domain": the function may copy between all '
        "repositories of the domain. To avoid that, split the rules into two files, and deploy a stack with each"
    )


def _to_json(parameters: dict[str, str], sizes: tuple[Size, Size]) -> str:
    """`{"parameters": {...}, "sizes": {"eventPattern": {...}, "rolePolicies": {...}}}`, in characters."""
    names = ("eventPattern", "rolePolicies")
    counted = {
        name: {"characters": size.characters, "limit": size.limit}
        for name, size in zip(names, sizes, strict=True)
    }
    return json.dumps({"parameters": parameters, "sizes": counted}, indent=2)
