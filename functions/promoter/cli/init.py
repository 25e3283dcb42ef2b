"""`promoter init`: write rules for a domain from its contents."""

import re
import sys
from collections.abc import Sequence
from pathlib import Path

import click

from promoter.cli.connections import connect_to_domain
from promoter.cli.draft import SCHEMA_LINE, RepositoryContents, draft_rules, summarize
from promoter.cli.errors import BadUsage, aws_errors
from promoter.cli.options import DEFAULT_RULES, FilePath, domain_owner_option, example, profile_option
from promoter.cli.terminal import show_line
from promoter.inspection.stages import Family, find_families

_DOMAIN = re.compile(r"[a-z][a-z0-9\-]{0,48}[a-z0-9]\Z")  # API reference: DomainName
_STDOUT = Path("-")
_ACCOUNT = re.compile(r"[0-9]{12}\Z")


@example(
    "promoter init --domain acme",
    "promoter init --domain acme --domain-owner 123456789012 --profile packages --rules other-rules.toml",
)
@click.command("init")
@click.option("--domain", required=True, help="The domain to read.")
@domain_owner_option
@profile_option
@click.option(
    "--rules",
    "file",
    type=FilePath(),
    default=DEFAULT_RULES,
    show_default=True,
    help="The rules file to write; - is standard output.",
)
@click.option("--force", is_flag=True, help="Replace the file if it exists.")
def command(domain: str, domain_owner: str | None, profile: str | None, file: Path, force: bool) -> None:
    """Write rules for a domain from its contents.

    It only lists the domain's repositories and packages. It guesses the hops from the names of the repositories
    (dev, staging, prod; team-a-dev, team-a-prod). The rules only observe.
    """
    _require_names(domain, domain_owner)
    _require_writable(file, force=force)
    try:
        repositories = _read_domain(domain, domain_owner, profile)
    finally:
        _show_progress("")
    families = find_families(repository.name for repository in repositories)
    _write(file, draft_rules(domain, repositories, families))
    report = "\n".join([*_contents(domain, repositories), *_outcome(file, families)])
    show_line(report, err=file == _STDOUT)


def _require_names(domain: str, owner: str | None) -> None:
    if not _DOMAIN.match(domain):
        raise BadUsage(f'"{domain}" is not a valid domain name; `aws codeartifact list-domains` lists yours')
    if owner is not None and not _ACCOUNT.match(owner):
        raise BadUsage(f'--domain-owner "{owner}" is not an AWS account id; it has 12 digits')


def _require_writable(file: Path, *, force: bool) -> None:
    if file == _STDOUT:
        return
    if file.exists() and not force:
        raise BadUsage(f"{file} exists; use --force to replace it, or --rules to write another")
    if not file.parent.is_dir():
        raise BadUsage(
            f"there is no directory {file.parent}; create it, or use --rules to write another file"
        )


def _read_domain(domain: str, owner: str | None, profile: str | None) -> list[RepositoryContents]:
    """The repositories in alphabetical order, with their packages."""
    with aws_errors(f'list the repositories of domain "{domain}"'):
        reader = connect_to_domain(domain, owner, profile)
        names = reader.repositories()
    found = []
    for number, name in enumerate(names, 1):
        _show_progress(f"reading {name}, {number} of {len(names)}")
        with aws_errors(f'list the packages of repository "{name}"'):
            found.append(RepositoryContents(name, tuple(reader.packages(name))))
    return found


def _write(file: Path, text: str) -> None:
    if file == _STDOUT:
        click.echo(text, nl=False)
        return
    has_schema = (file.parent / "rules.schema.json").exists()
    try:
        file.write_text((SCHEMA_LINE if has_schema else "") + text, encoding="utf-8")
    except OSError as error:
        raise BadUsage(f"cannot write {file}: {error.strerror}") from None


def _show_progress(text: str) -> None:
    """Replace the progress line of a terminal; print nothing elsewhere."""
    if sys.stderr.isatty():
        click.echo(f"\r\033[K{text}", err=True, nl=False)


def _contents(domain: str, repositories: Sequence[RepositoryContents]) -> list[str]:
    plural = "repository" if len(repositories) == 1 else "repositories"
    width = max((len(repository.name) for repository in repositories), default=0)
    lines = [f"  {each.name:{width}}  {summarize(each.packages)}" for each in repositories]
    return [f"domain {domain}: {len(repositories)} {plural}", *lines]


def _outcome(file: Path, families: Sequence[Family]) -> list[str]:
    argument = "" if str(file) == DEFAULT_RULES else f" {file}"
    if not families:
        return [
            "no two repositories have names of stages that follow each other, so no hop is proposed",
            f"wrote {file} with an example; edit it. Next: promoter validate{argument}",
        ]
    option = f" --rules{argument}" if argument else ""
    return [
        *("  " + " -> ".join(", ".join(stage) for stage in family.stages) for family in families),
        f"wrote {file}; its rules only observe and copy nothing",
        f"Next: promoter validate{argument}, then promoter plan{option}",
    ]
