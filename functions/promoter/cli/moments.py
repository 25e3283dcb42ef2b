"""Moments as people type and read them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import click

from promoter.times import format_duration

_END = 32_503_680_000.0  # 3000-01-01


class Moment(click.ParamType):
    """A moment in ISO 8601, as UTC seconds since the epoch; without a zone it is UTC."""

    name = "time"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """Read it, or say what it should look like."""
        if isinstance(value, float):
            return value
        try:
            moment = datetime.fromisoformat(value)
            seconds = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
        except (ValueError, OverflowError):
            self.fail(f'"{value}" is not a time; write 2026-01-02T03:04:05Z, or 2026-01-02', param, ctx)
        if not 0 <= seconds < _END:
            self.fail(f'"{value}" is before 1970 or after 2999', param, ctx)
        return seconds


def format_ago(seconds: float) -> str:
    """How long ago something was: `3d ago`, `just now`."""
    return f"{format_duration(seconds)} ago" if seconds >= 60 else "just now"
