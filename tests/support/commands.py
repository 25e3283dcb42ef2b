"""The command line, called as `promoter` is."""

from dataclasses import dataclass

import pytest

from promoter.cli.app import main


@dataclass(frozen=True)
class Ran:
    """What a command came to."""

    code: int
    out: str
    err: str

    @property
    def lines(self) -> list[str]:
        return self.out.splitlines()


def run(capsys: pytest.CaptureFixture[str], *arguments: object) -> Ran:
    """Run a command; it has to end by itself."""
    capsys.readouterr()
    with pytest.raises(SystemExit) as ended:
        main([str(argument) for argument in arguments])
    captured = capsys.readouterr()
    assert "Traceback" not in captured.err
    return Ran(int(ended.value.code or 0), captured.out, captured.err)
