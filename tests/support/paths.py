"""Paths of the project's files."""

import os
from pathlib import Path

ROOT = Path(__file__).parents[2]
EVENTS = ROOT / "events"
RULES = ROOT / "functions" / "rules.toml"
TEMPLATE = ROOT / "template.yaml"
PYTHONPATH = os.pathsep.join(str(ROOT / folder) for folder in ("functions", "emulator/src"))
