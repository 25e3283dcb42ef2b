"""`promoter approve`: approve a version for a promotion."""

from __future__ import annotations

from typing import Any

import click

from promoter.cli.answer_request import answer_options
from promoter.cli.approvals import give_approval
from promoter.cli.completion import complete_promotions
from promoter.cli.options import example


@example(
    'promoter approve pkg:npm/@acme/widget@1.5.0 --promotion everything-to-prod --reason "release 12"',
    'promoter approve pkg:npm/@acme/widget@1.5.0 --promotion everything-to-prod --reason "release 12" --print',
)
@click.command("approve")
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
    """Approve a version for a promotion: the revision that its source repository has now.

    An approval is a package version in the repository of answers. The newest answer about a revision counts. It
    satisfies `approval` and `mode = "manual"`; everything else that the promotion requires still counts.
    """
    return give_approval(purl, promotion, "PASSED", options)
