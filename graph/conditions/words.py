"""Pieces of English sentences: durations, instants, lists, values."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from graph import times

if TYPE_CHECKING:
    from collections.abc import Sequence

    from graph.values import Scalar

_UNITS = (
    (times.DAY, "day"),
    (times.HOUR, "hour"),
    (times.MINUTE, "minute"),
    (times.SECOND, "second"),
    (1, "millisecond"),
)


def counted(number: int, noun: str) -> str:
    """Return `1 day` or `3 days`."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def often(number: int) -> str:
    """Return `once`, `twice` or `3 times`."""
    return {1: "once", 2: "twice"}.get(number, f"{number} times")


def duration(length: int) -> str:
    """Return a duration such as `14 days` or `1 day and 6 hours`."""
    parts: list[str] = []
    for unit, noun in _UNITS:
        number, length = divmod(length, unit)
        if number:
            parts.append(counted(number, noun))
    return joined(parts, "and")


def instant(at: int) -> str:
    """Return an instant such as `23 November 2026 10:00:00 UTC`, a midnight without the time."""
    moment = times.instant(at)
    day = f"{moment.day} {moment:%B} {moment.year}"
    if at % times.DAY == 0:
        return day
    fraction = f".{at % times.SECOND:03d}" if at % times.SECOND else ""
    return f"{day} {moment:%H:%M:%S}{fraction} UTC"


def value(operand: Scalar) -> str:
    """Return an operand as a reader would write it."""
    if isinstance(operand, bool):
        return "true" if operand else "false"
    if isinstance(operand, str):
        return quoted(operand)
    if isinstance(operand, dt.date):
        return instant(times.milliseconds(operand))
    return str(operand)


def quoted(text: str) -> str:
    """Return a text in typographic quotes."""
    return f"“{text}”"


def joined(parts: Sequence[str], word: str) -> str:
    """Return `a, b and c`."""
    if len(parts) == 1:
        return parts[0]
    return f"{', '.join(parts[:-1])} {word} {parts[-1]}"
