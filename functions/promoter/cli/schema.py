"""`promoter schema`: print the JSON Schema of the rules file."""

import click

from promoter.cli.options import example
from promoter.rules_file import json_schema


@example("promoter schema", "promoter schema > functions/rules.schema.json")
@click.command("schema")
def command() -> None:
    """Print the JSON Schema (draft-07) of the rules file.

    Editors that support TOML use it to complete and check a rules file. Put the schema beside the rules file, and
    begin the rules file with the line `#:schema ./rules.schema.json`.
    """
    click.echo(json_schema.text(), nl=False)
