"""The commands in groups, and what they have in common."""

from __future__ import annotations

import importlib
import io
import sys
from typing import TYPE_CHECKING, Any, NoReturn

import click

from promoter.cli.errors import EXIT_CODES, EXIT_OK, EXIT_USAGE, UserError
from promoter.cli.terminal import show_error, show_line

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

COMMANDS: Mapping[str, Mapping[str, str]] = {
    "Ask": {
        "explain": "why a version is promoted or not, hop by hop",
        "plan": "what would be promoted now, and what would not",
        "pending": "what waits, until when or for whom",
        "history": "what was decided about a version, and by which rules",
        "wait": "wait until a version is in a repository",
        "status": "the deployed pipeline: queues, alarms, rules",
    },
    "Act": {
        "approve": "approve a version for a promotion",
        "refuse": "refuse a version for a promotion",
        "answer": "answer a check about a version",
        "withdraw": "withdraw a version from a repository",
        "redrive": "move dead letters back to the promotion queue",
    },
    "Author": {
        "init": "write rules for a domain from its contents",
        "validate": "check a rules file and report all errors",
        "test": "decide your own cases by the rules",
        "replay": "decide recorded decisions again by other rules",
        "graph": "draw the hops, as text or as a picture",
        "schema": "print the JSON Schema of the rules file",
        "parameters": "print the template parameters derived from the rules",
    },
}
_INTERRUPTED = 130  # as shells report it


class CommandGroup(click.Group):
    """Imports a command's module only when the command is called, and lists the commands in groups."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """All commands."""
        return [name for group in COMMANDS.values() for name in group]

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        """Import the command's module."""
        if name not in self.list_commands(ctx):
            return None
        command: click.Command = importlib.import_module(f"promoter.cli.{name}").command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands without importing them."""
        for title, group in COMMANDS.items():
            with formatter.section(title):
                formatter.write_dl(list(group.items()))
        with formatter.section("Exit codes"):
            formatter.write_dl([(str(code), text) for code, text in EXIT_CODES.items()])

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command, or suggest the nearest one."""
        if args and args[0] not in self.list_commands(ctx) and not args[0].startswith("-"):
            from difflib import get_close_matches  # 7 ms that only an unknown command needs

            near = get_close_matches(args[0], self.list_commands(ctx), n=1)
            hint = f"did you mean `promoter {near[0]}`?" if near else "see `promoter --help`"
            raise click.UsageError(f'there is no command "{args[0]}"; {hint}', ctx)
        return super().resolve_command(ctx, args)


@click.command(
    cls=CommandGroup,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog='Completion: eval "$(_PROMOTER_COMPLETE=bash_source promoter)", or zsh_source; see docs/commands.md.',
)
@click.version_option(package_name="codeartifact-promoter", message="promoter %(version)s")
def app() -> None:
    """Promote package versions between AWS CodeArtifact repositories.

    Every command has --help with an example.
    """


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run a command and exit with its code. A user's error is printed as one sentence, without a traceback."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # names may have letters that the terminal has not
    sys.exit(_exit_code(arguments))


def _exit_code(arguments: Sequence[str] | None) -> int:
    try:
        code: Any = app.main(arguments, prog_name="promoter", standalone_mode=False)
    except click.ClickException as error:
        _show_usage_error(error)
        return EXIT_USAGE
    except UserError as error:
        show_error(str(error))
        return error.exit_code
    except (click.Abort, KeyboardInterrupt):
        show_line("interrupted", err=True)
        return _INTERRUPTED
    except BrokenPipeError:  # as in `promoter plan | head`
        sys.stderr.close()
        return EXIT_OK
    return code if isinstance(code, int) else EXIT_OK


def _show_usage_error(error: click.ClickException) -> None:
    """Print click's error as ours: one sentence, and the command's help to read."""
    text = error.format_message().replace(" Did you mean ", "; did you mean ")
    context = error.ctx if isinstance(error, click.UsageError) else None
    show_error(text[:1].lower() + text[1:].removesuffix("."))
    if context is not None and "--help`" not in text:
        show_line(f"hint: `{context.command_path} --help` shows the options and examples", err=True)
