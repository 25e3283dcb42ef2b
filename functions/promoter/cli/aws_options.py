"""Options about AWS: the account, the region and the profile to use, and the deployed stack."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, Any, TypeVar

import click

from promoter.cli.errors import BadUsage

if TYPE_CHECKING:
    from collections.abc import Callable

_Command = TypeVar("_Command", bound="Callable[..., Any]")
_REGION = re.compile(r"[a-z]{2,4}(-[a-z]+)+-[0-9]+")  # also of partitions such as us-gov and us-iso

domain_owner_option = click.option(
    "--domain-owner", help="The AWS account that owns the domain.  [default: your own]"
)
stack_option = click.option(
    "--stack", default="package-promoter", show_default=True, help="The deployed stack."
)


def _use_region(ctx: click.Context, _: click.Parameter, region: str | None) -> None:
    """Use a region until the command ends, as if AWS_REGION named it."""
    if region is None or ctx.resilient_parsing:
        return
    if not _REGION.fullmatch(region):
        raise BadUsage(f'--region "{region}" is not an AWS region; write one such as eu-west-1')
    before = os.environ.get("AWS_REGION")
    os.environ["AWS_REGION"] = region
    ctx.call_on_close(lambda: _restore_region(before))


def _restore_region(before: str | None) -> None:
    if before is None:
        os.environ.pop("AWS_REGION", None)
    else:
        os.environ["AWS_REGION"] = before


def profile_option(command: _Command) -> _Command:
    """Add the options of the user's AWS configuration: --region and --profile."""
    region = click.option(
        "--region",
        callback=_use_region,
        expose_value=False,
        help="The AWS region.  [default: AWS_REGION, or that of your profile]",
    )
    profile = click.option("--profile", help="A profile of your AWS configuration.")
    return region(profile(command))
