"""`promoter parameters`: print the template parameters that are derived from the rules."""

import json
from collections.abc import Iterable, Sequence
from pathlib import Path

import click
from msgspec import Struct

from promoter.cli.errors import BadUsage
from promoter.cli.options import example, output_option, read_rules, rules_option
from promoter.rules.evidence import Fact

_SPLIT = "split the rules into two files, and deploy a stack with each"
_RAISE = f'{_SPLIT}; or have the quota "Event pattern size" of EventBridge raised'

# Characters that template.yaml takes, with the longest names of a region, a stack and a queue. Names of domain and
# repositories come on top. A test measures the template.
_PATTERN, _PATTERN_SOURCE = 244, 3  # and the repository
_POLICIES, _POLICIES_SOURCE, _POLICIES_DESTINATION = 1406, 370, 432  # and 2 or 3 times domain and repository
_POLICIES_ORIGIN = 38  # for each source, if the origin is looked up


class Size(Struct, frozen=True):
    """A size that AWS limits, in characters."""

    what: str
    characters: int
    limit: int
    fix: str

    @property
    def fits(self) -> bool:
        """True if AWS accepts it."""
        return self.characters <= self.limit


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

    Each line is an entry for parameter_overrides in samconfig.toml. Exit code 2: the rules name too many
    repositories for one stack, because AWS limits the event pattern and the role's policies.
    """
    _, rule_set = read_rules(rules_file)
    sources = list(dict.fromkeys(promotion.source for promotion in rule_set.promotions))
    destinations = list(dict.fromkeys(promotion.destination for promotion in rule_set.promotions))
    looks_up_origin = any(Fact.ORIGIN in promotion.needs for promotion in rule_set.promotions)
    sizes = template_sizes(rule_set.domain, sources, destinations, looks_up_origin=looks_up_origin)
    _require_fit(sizes, rules_file)
    parameters = {
        "Domain": rule_set.domain,
        "SourceRepositories": ",".join(sources),
        "DestinationRepositories": ",".join(destinations),
        "LooksUpOrigin": str(looks_up_origin).lower(),
    }
    if output == "json":
        click.echo(_to_json(parameters, sizes))
    else:
        click.echo("\n".join(f"{name}={value}" for name, value in parameters.items()))


def template_sizes(
    domain: str, sources: Sequence[str], destinations: Sequence[str], *, looks_up_origin: bool
) -> tuple[Size, Size]:
    """The sizes of the event pattern and of the role's policies.

    Source of the limits: EventBridge User Guide, eb-quota; IAM User Guide, reference_iam-quotas.
    """
    origin = _POLICIES_ORIGIN if looks_up_origin else 0
    pattern = _PATTERN + len(domain) + sum(_PATTERN_SOURCE + len(name) for name in sources)
    policies = _POLICIES
    policies += sum(_POLICIES_SOURCE + origin + 2 * len(domain + name) for name in sources)
    policies += sum(_POLICIES_DESTINATION + 3 * len(domain + name) for name in destinations)
    return (
        Size("the event pattern of PublishRule", pattern, 2_048, _RAISE),
        Size(
            "the inline policies of PromoteRole", policies, 10_240, f"{_SPLIT}; AWS does not raise this quota"
        ),
    )


def _require_fit(sizes: Iterable[Size], rules_file: Path) -> None:
    """Raise BadUsage if AWS would refuse the deployment."""
    refused = [
        f"{rules_file}: {size.what} can have {size.characters:,} characters, and AWS accepts {size.limit:,}\n"
        f"  {size.fix}"
        for size in sizes
        if not size.fits
    ]
    if refused:
        raise BadUsage("\n".join(refused))


def _to_json(parameters: dict[str, str], sizes: tuple[Size, Size]) -> str:
    """`{"parameters": {...}, "sizes": {"eventPattern": {...}, "rolePolicies": {...}}}`, in characters."""
    names = ("eventPattern", "rolePolicies")
    counted = {
        name: {"characters": size.characters, "limit": size.limit}
        for name, size in zip(names, sizes, strict=True)
    }
    return json.dumps({"parameters": parameters, "sizes": counted}, indent=2)
