"""`promoter init`: write rules for a domain, from what it holds."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from promoter.cli.errors import BadUsage
from promoter.cli.options import DEFAULT_RULES, example, profile_option

if TYPE_CHECKING:
    from collections.abc import Sequence

    from promoter.cli.domain import Repository
    from promoter.cli.stages import Family

_DOMAIN = re.compile(r"[a-z][a-z0-9\-]{0,48}[a-z0-9]\Z")  # API reference: DomainName
_ACCOUNT = re.compile(r"[0-9]{12}\Z")


@example(
    "promoter init --domain acme",
    "promoter init --domain acme --owner 123456789012 --profile packages --file other-rules.toml",
)
@click.command("init")
@click.option("--domain", required=True, help="The domain to read.")
@click.option("--owner", help="The account that owns the domain, if that is not yours.")
@profile_option
@click.option(
    "--file",
    "--rules",
    "file",
    type=click.Path(path_type=Path),
    default=DEFAULT_RULES,
    show_default=True,
    help="The rules file to write.",
)
@click.option("--force", is_flag=True, help="Replace the file if there is one.")
def command(domain: str, owner: str | None, profile: str | None, file: Path, force: bool) -> None:
    """Write rules for a domain, from what it holds.

    Reads the domain's repositories and packages by lists alone and changes nothing there. Hops are guessed from the
    repositories' names (dev, staging, prod; team-a-dev, team-a-prod); the rules only observe.
    """
    from promoter.cli import domain as domains
    from promoter.cli.draft import rules
    from promoter.cli.stages import families

    _require_names(domain, owner)
    _require_room(file, force=force)
    try:
        repositories = domains.read(domain, owner, profile, _progress)
    finally:
        _progress("")
    found = families(repository.name for repository in repositories)
    _write(file, rules(domain, repositories, found))
    click.echo("\n".join(_summary(domain, file, repositories, found)))


def _require_names(domain: str, owner: str | None) -> None:
    if not _DOMAIN.match(domain):
        raise BadUsage(
            f'"{domain}" cannot be the name of a domain; `aws codeartifact list-domains` lists yours'
        )
    if owner is not None and not _ACCOUNT.match(owner):
        raise BadUsage(f'--owner "{owner}" is not an account; it has 12 digits')


def _require_room(file: Path, *, force: bool) -> None:
    if file.exists() and not force:
        raise BadUsage(f"{file} is there already; --force replaces it, --file names another")
    if not file.parent.is_dir():
        raise BadUsage(f"there is no directory {file.parent}; make it, or name another file with --file")


def _write(file: Path, text: str) -> None:
    from promoter.cli.draft import SCHEMA_LINE

    beside = (file.parent / "rules.schema.json").exists()
    try:
        file.write_text((SCHEMA_LINE if beside else "") + text, encoding="utf-8")
    except OSError as error:
        raise BadUsage(f"cannot write {file}: {error.strerror}") from None


def _progress(text: str) -> None:
    """What is being done, on one line of a terminal; nothing elsewhere."""
    if sys.stderr.isatty():
        click.echo(f"\r\033[K{text}", err=True, nl=False)


def _summary(
    domain: str, file: Path, repositories: Sequence[Repository], families: Sequence[Family]
) -> list[str]:
    from promoter.cli.draft import contents

    lines = [f"domain {domain}: {len(repositories)} repositor{'y' if len(repositories) == 1 else 'ies'}"]
    width = max((len(repository.name) for repository in repositories), default=0)
    lines += [f"  {each.name:{width}}  {contents(each.packages)}" for each in repositories]
    lines += ["  " + " -> ".join(", ".join(step) for step in family.steps) for family in families]
    named = "" if str(file) == DEFAULT_RULES else f" {file}"
    if not families:
        return [
            *lines,
            "no two repositories are named as stages that follow each other, so no hop is proposed",
            f"{file} has an example; say in it what is promoted where. Next: promoter validate{named}",
        ]
    rules = f" --rules{named}" if named else ""
    lines.append(f"{file} written; its rules only observe, nothing would be copied")
    return [*lines, f"Next: promoter validate{named}, then promoter plan{rules}"]
