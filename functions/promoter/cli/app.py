"""The commands, by what they are for, and what every one of them has in common."""

from __future__ import annotations

import importlib
import sys
from typing import TYPE_CHECKING, Any, NoReturn

import click

from promoter.cli.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

# each command's module is imported when it is called: `explain` does not pay for what `status` needs
COMMANDS: Mapping[str, Mapping[str, str]] = {
    "Ask": {
        "explain": "why a version moves or does not, hop by hop",
        "plan": "what would be promoted now, and what not",
        "status": "the deployed pipeline: queues, alarms, rules",
    },
    "Author": {
        "init": "write rules for a domain, from what it holds",
        "validate": "check a rules file, and say every mistake",
        "graph": "draw the hops, in Mermaid",
        "schema": "print the rules file's JSON Schema",
        "parameters": "what the deployment needs, from the rules",
    },
}
DONE, NO, USAGE = 0, 1, 2  # exit codes: done; something was rejected or failed; usage or bad rules


class Commands(click.Group):
    """The commands, loaded when they are called and listed by their purpose."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Every command."""
        return [name for group in COMMANDS.values() for name in group]

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        """Import the command's module."""
        if name not in self.list_commands(ctx):
            return None
        command: click.Command = importlib.import_module(f"promoter.cli.{name}").command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List them without importing any."""
        for title, group in COMMANDS.items():
            with formatter.section(title):
                formatter.write_dl(list(group.items()))

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command; an unknown one is answered with the nearest."""
        if args and args[0] not in self.list_commands(ctx) and not args[0].startswith("-"):
            from difflib import get_close_matches

            near = get_close_matches(args[0], self.list_commands(ctx), n=1)
            mend = f"did you mean `promoter {near[0]}`?" if near else "see `promoter --help`"
            raise click.UsageError(f'there is no command "{args[0]}"; {mend}', ctx)
        return super().resolve_command(ctx, args)


@click.command(
    cls=Commands,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog='Completion: eval "$(_PROMOTER_COMPLETE=bash_source promoter)", likewise zsh_source and fish_source.',
)
@click.version_option(package_name="codeartifact-promoter", message="%(version)s")
def app() -> None:
    """Promote package versions between AWS CodeArtifact repositories.

    Every command takes --help, and shows an example there. Exit codes: 0 done, 1 something was rejected or
    failed, 2 usage or bad rules.
    """


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run a command and end the process with its exit code; a user's mistake is one sentence, never a traceback."""
    try:
        code: Any = app.main(arguments, prog_name="promoter", standalone_mode=False)
    except click.ClickException as error:
        error.show()
        code = USAGE
    except UserError as error:
        click.echo(str(error), err=True)
        code = error.exit_code
    except (click.Abort, KeyboardInterrupt):
        click.echo("interrupted", err=True)
        code = 130
    except BrokenPipeError:  # `promoter plan | head`
        sys.stderr.close()
        code = DONE
    sys.exit(code if isinstance(code, int) else DONE)
