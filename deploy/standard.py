"""Takes from the standard library what `typing_extensions` backports, by the Python that will run the function.

Powertools and msgspec import that module, which rebuilds at every cold start what newer Pythons have: a fifth
of the time before a batch is known to promote nothing. Only names are given on; one that this Python has not is left
out, so that whoever needs it fails in the build's own tests and not at night.
"""

import subprocess
from pathlib import Path

_MODULES = ("typing", "collections.abc", "warnings", "types", "inspect")
_TELL = """
import importlib, sys, typing_extensions
for module in sys.argv[1:]:
    found = importlib.import_module(module)
    print(module, *(name for name in typing_extensions.__all__ if hasattr(found, name)))
"""


def take_from(directory: Path, python: str) -> None:
    """Replace the module in `directory`, where it is installed; `python` is the one that will run it."""
    file = directory / "typing_extensions.py"
    told = subprocess.run(
        [python, "-c", _TELL, *_MODULES], env={"PYTHONPATH": str(directory)}, capture_output=True, text=True, check=True
    )
    file.write_text(_source(told.stdout), encoding="ascii")


def _source(told: str) -> str:
    lines, taken = ['"""What this Python has in its standard library of typing_extensions."""'], set()
    for module, *names in (line.split() for line in told.splitlines()):
        new = sorted(set(names) - taken)
        taken |= set(new)
        if new:
            lines.append(f"from {module} import {', '.join(new)}")
    return "\n".join(lines) + "\n"
