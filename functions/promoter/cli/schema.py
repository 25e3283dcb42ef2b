"""`promoter schema`: print the rules file's JSON Schema."""

from __future__ import annotations

import click

from promoter.cli.options import example


@example("promoter schema", "promoter schema > functions/rules.schema.json")
@click.command("schema")
def command() -> None:
    """Print the rules file's JSON Schema (draft-07).

    An editor that speaks TOML completes and checks a rules file that begins with the line
    `#:schema ./rules.schema.json` and stands beside the schema.
    """
    from promoter.rules_file import json_schema

    click.echo(json_schema.text(), nl=False)
