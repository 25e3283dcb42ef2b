"""The command line, called in this process."""

import io
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass

from promoter.cli.app import main


@dataclass(frozen=True)
class Ran:
    """What a command ended with."""

    code: int
    out: str
    err: str


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def promoter(*arguments: str, terminal: bool = False) -> Ran:
    """Run `promoter` with these arguments; what it says on a `terminal` keeps its control characters."""
    out, err = (_Terminal(), _Terminal()) if terminal else (io.StringIO(), io.StringIO())
    code: object = None
    with redirect_stdout(out), redirect_stderr(err):
        try:
            main(arguments)
        except SystemExit as ended:
            code = ended.code
    assert isinstance(code, int)
    return Ran(code, out.getvalue(), err.getvalue())
