"""`promoter refuse`: refuse a version for a promotion."""

from __future__ import annotations

from typing import Any

import click

from promoter.cli.answer_request import answer_options
from promoter.cli.approvals import give_approval
from promoter.cli.completion import complete_promotions
from promoter.cli.options import example


@example(
    'promoter refuse pkg:npm/@acme/widget@1.5.0 --promotion everything-to-prod --reason "not in this release"',
    'promoter refuse pkg:npm/@acme/widget@1.5.0 --promotion everything-to-prod --reason "not in this release" --print',
)
@click.command("refuse")
@click.argument("purl", metavar="PURL")
@click.option(
    "--promotion",
    required=True,
    metavar="NAME",
    shell_complete=complete_promotions,
    help="The promotion that asks for the approval.",
)
@answer_options
def command(purl: str, promotion: str, **options: Any) -> int:
    """Refuse a version for a promotion: the revision that its source repository has now.

    The version is rejected. The newest answer about a revision counts, so you can still approve it later.
    """
    return give_approval(purl, promotion, "FAILED", options)
