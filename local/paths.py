"""Paths of the project's files."""

from pathlib import Path

ROOT = Path(__file__).parent.parent
TEMPLATE = ROOT / "template.yaml"
FUNCTIONS = ROOT / "functions"
EVENTS = ROOT / "events"
