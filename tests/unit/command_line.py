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


def promoter(*arguments: str) -> Ran:
    """Run `promoter` with these arguments."""
    out, err = io.StringIO(), io.StringIO()
    code: object = None
    with redirect_stdout(out), redirect_stderr(err):
        try:
            main(arguments)
        except SystemExit as ended:
            code = ended.code
    assert isinstance(code, int)
    return Ran(code, out.getvalue(), err.getvalue())
