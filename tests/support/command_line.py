"""Runs the command line in this process."""

import io
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass

from promoter.cli.app import main


@dataclass(frozen=True)
class Ran:
    """The exit code and the output of a command.

    `err` is what it printed on stderr, without the label `error:` of a single error. A report of several errors, each
    with its place, keeps the labels.
    """

    code: int
    out: str
    err: str

    @property
    def lines(self) -> list[str]:
        """The lines of standard output."""
        return self.out.splitlines()


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def promoter(*arguments: object, terminal: bool = False) -> Ran:
    """Run `promoter` with these arguments, on a terminal or in a pipe."""
    out, err = (_Terminal(), _Terminal()) if terminal else (io.StringIO(), io.StringIO())
    code: object = None
    with redirect_stdout(out), redirect_stderr(err):
        try:
            main([str(argument) for argument in arguments])
        except SystemExit as exit_:
            code = exit_.code
    assert isinstance(code, int)
    assert "Traceback" not in err.getvalue()
    return Ran(code, out.getvalue(), _without_label(err.getvalue()))


def _without_label(text: str) -> str:
    return text if "\n  --> " in text else text.removeprefix("error: ")
