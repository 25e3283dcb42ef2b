"""Cuts what libraries import at their own start and the function never uses, in the very copies that are deployed.

- `aws_lambda_powertools` imports its Logger, Metrics and Tracer whoever asks for one of them; the function imports
  the two that it uses by their own modules, the Logger only when there is something to log.
- `typing_extensions` rebuilds at every cold start what newer Pythons have in their standard library.

Together that is more than all else that a batch needs before it is known to promote nothing. `sam build` alone leaves
both as they are, and the function is the same.
"""

import subprocess
from pathlib import Path

_MODULES = ("typing", "collections.abc", "warnings", "types")
_TELL = """
import importlib, sys, typing_extensions
for module in sys.argv[1:]:
    found = importlib.import_module(module)
    print(module, *(name for name in typing_extensions.__all__ if hasattr(found, name)))
"""


def cut(directory: Path, python: str) -> None:
    """Cut the copies that are installed in `directory`; `python` is the one that will run them."""
    (directory / "aws_lambda_powertools" / "__init__.py").write_text(
        '"""Powertools; import what is needed from its own module."""\n', encoding="ascii"
    )
    told = subprocess.run(
        [python, "-B", "-c", _TELL, *_MODULES],  # and leaves no bytecode of what is replaced
        env={"PYTHONPATH": str(directory)},
        capture_output=True,
        text=True,
        check=True,
    )
    (directory / "typing_extensions.py").write_text(_source(told.stdout), encoding="ascii")


def _source(told: str) -> str:
    lines = ['"""What this Python has in its standard library of typing_extensions."""']
    taken: set[str] = set()
    for module, *names in (line.split() for line in told.splitlines()):
        new = sorted(set(names) - taken)
        taken |= set(new)
        if new:
            lines.append(f"from {module} import {', '.join(new)}")
    return "\n".join(lines) + "\n"
