"""`promoter plan`: show what would be promoted now, what would not and why, and which files differ."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING

import click

from promoter.cli.chosen_rules import choose_rules
from promoter.cli.completion import complete_promotions
from promoter.cli.concurrency import SharedRateLimiter, map_concurrently
from promoter.cli.connections import Connection, connect_to_domain
from promoter.cli.errors import EXIT_NO, EXIT_OK, BadUsage, aws_errors
from promoter.cli.options import (
    domain_owner_option,
    example,
    output_option,
    profile_option,
    rules_option,
    stack_option,
)
from promoter.cli.package_filter import PackageFilter
from promoter.cli.plan_groups import counts_to_json
from promoter.cli.plan_lines import (
    DEFAULT_LIMIT,
    show_comparison,
    show_next_step,
    show_summary,
    show_upstreams,
)
from promoter.cli.terminal import show_line
from promoter.cli.upstream_lines import check_to_json
from promoter.inspection.comparison import Comparison, Scope, compare, comparison_to_json
from promoter.inspection.upstream_check import UpstreamCheck, check_upstreams

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from promoter.rules.rule_set import HopRules, RuleSet


@example(
    "promoter plan                                  every hop",
    "promoter plan --summary                        the number of versions for each reason",
    "promoter plan --promotion web-to-staging       only what one promotion decides",
    'promoter plan --package "pkg:npm/@acme/*"      only some packages; a glob of names also works: "@acme/*"',
)
@click.command("plan")
@click.option(
    "--promotion",
    metavar="NAME",
    shell_complete=complete_promotions,
    help="Show only the versions that this promotion decides.",
)
@click.option(
    "--package",
    "glob",
    metavar="GLOB",
    help="Show only these packages: a pattern as in the rules, or a glob of names.",
)
@click.option(
    "--compare",
    "max_compared",
    metavar="N",
    type=click.IntRange(min=0),
    default=500,
    show_default=True,
    help="On each hop, compare the files of at most N versions whose revisions differ.",
)
@click.option("--check", is_flag=True, help="Exit with 1 if the two repositories of a hop differ in any way.")
@stack_option
@click.option("--summary", is_flag=True, help="Count the versions by reason instead of listing them.")
@click.option(
    "--limit",
    type=click.IntRange(min=1),
    default=DEFAULT_LIMIT,
    show_default=True,
    help="Show at most this many versions for each reason; the rest is counted.",
)
@domain_owner_option
@rules_option
@output_option
@profile_option
def command(
    promotion: str | None,
    glob: str | None,
    max_compared: int,
    check: bool,
    stack: str,
    summary: bool,
    limit: int,
    domain_owner: str | None,
    rules_file: Path,
    output: str,
    profile: str | None,
) -> int:
    """Show what would be promoted now (+), what waits (?), what is rejected (x), and which files differ (!).

    It only reads, and decides as the pipeline does. With --stack, or where there is no rules file, the deployed rules
    decide. Exit code 1: a destination has one of its sources among its
    upstreams; with --check also if a hop has any version that is not promoted, or whose files differ.
    """
    chosen = choose_rules(rules_file, Connection(domain_owner, profile, stack))
    rule_set = chosen.rules.rule_set
    package_filter = PackageFilter(glob)
    scope = Scope(promotion, package_filter, max_compared)
    hops = _hops(rule_set, promotion)
    comparisons, upstreams = _compare(rule_set, hops, scope, domain_owner, profile)
    if output == "json":
        click.echo(_to_json(comparisons, upstreams, summary=summary))
    else:
        chosen.show()
        for each in comparisons:
            show_summary(each) if summary else show_comparison(each, limit)
        show_upstreams(upstreams)
        show_next_step(comparisons)
    if package_filter.problem:
        show_line(f"warning: {package_filter.problem}", err=True)
    differs = check and not all(each.equal for each in comparisons)
    return EXIT_NO if differs or not upstreams.passes else EXIT_OK


def _to_json(comparisons: Sequence[Comparison], upstreams: UpstreamCheck, *, summary: bool) -> str:
    """Each hop with its counts; a summary has no versions."""
    listed = () if summary else ("decisions", "diverged")
    hops = [
        {
            "counts": counts_to_json(comparison),
            **{
                key: value
                for key, value in comparison_to_json(comparison).items()
                if key in ("hop", "present", "notCompared", *listed)
            },
        }
        for comparison in comparisons
    ]
    return json.dumps({"hops": hops, "upstreams": check_to_json(upstreams)}, indent=2)


def _compare(
    rule_set: RuleSet, hops: Sequence[HopRules], scope: Scope, owner: str | None, profile: str | None
) -> tuple[list[Comparison], UpstreamCheck]:
    now = time.time()
    with aws_errors(f"read the repositories of domain {rule_set.domain}"):
        reader = connect_to_domain(rule_set.domain, owner, profile, SharedRateLimiter().acquire)
        comparisons = [compare(reader, rule_set, hop, now, scope, map_concurrently) for hop in hops]
        return comparisons, check_upstreams(reader, rule_set, [each.hop.destination for each in hops])


def _hops(rule_set: RuleSet, promotion: str | None) -> list[HopRules]:
    """The hop of the promotion, or all hops."""
    if promotion is None:
        return rule_set.all_hops
    names = [each.name for each in rule_set.promotions]
    if promotion not in names:
        raise BadUsage(f'there is no promotion "{promotion}"; the rules have {", ".join(names)}')
    return [hop for hop in rule_set.all_hops if any(each.name == promotion for each in hop.promotions)]
