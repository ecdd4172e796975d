"""Pieces of English sentences: durations, instants, lists, values."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import TYPE_CHECKING

from graph import times
from graph.values import Location

if TYPE_CHECKING:
    from collections.abc import Sequence

    from graph.values import Scalar, Stored

_UNITS = (
    (times.DAY, "day"),
    (times.HOUR, "hour"),
    (times.MINUTE, "minute"),
    (times.SECOND, "second"),
    (1, "millisecond"),
)


_DIGITS = 24
"""Of a number with more it is said to which power of ten it goes."""
_MOST, _SHOWN = 12, 10
_SINGLE = {unit for unit, _ in _UNITS}
_ENDINGS = {1: "st", 2: "nd", 3: "rd"}


def counted(number: int, noun: str) -> str:
    """Return `1 day` or `3 days`."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def several(number: int, noun: str) -> str:
    """Return `day` or `3 days`, as they follow `the last`."""
    return noun if number == 1 else counted(number, noun)


def often(number: int) -> str:
    """Return `once`, `twice` or `3 times`."""
    return {1: "once", 2: "twice"}.get(number, f"{number} times")


def ordinal(number: int) -> str:
    """Return `first` or `22nd`."""
    if number == 1:
        return "first"
    teens = number % 100 in {11, 12, 13}
    return f"{number}{'th' if teens else _ENDINGS.get(number % 10, 'th')}"


def duration(length: int) -> str:
    """Return a duration such as `14 days` or `1 day and 6 hours`."""
    parts: list[str] = []
    for unit, noun in _UNITS:
        number, length = divmod(length, unit)
        if number:
            parts.append(counted(number, noun))
    return joined(parts, "and")


def passing(length: int) -> str:
    """Return a duration after `the last` or `the next`: `14 days`, `hour`, and of a day its hours.

    `The last day` might be taken for yesterday.
    """
    if length == times.DAY:
        return "24 hours"
    return duration(length).removeprefix("1 ") if length in _SINGLE else duration(length)


def instant(at: int) -> str:
    """Return an instant such as `23 November 2026 10:00:00 UTC`, a midnight without the time."""
    moment = times.instant(at)
    day = f"{moment.day} {moment:%B} {moment.year}"
    if at % times.DAY == 0:
        return day
    fraction = f".{at % times.SECOND:03d}" if at % times.SECOND else ""
    return f"{day} {moment:%H:%M:%S}{fraction} UTC"


def moment(at: int, t: int) -> str:
    """Return the minute of an instant as seen from t, such as `12:04 UTC tomorrow`.

    Within the minute of t it is said to the second, within its second to the millisecond.
    """
    found = times.instant(at)
    clock = f"{found:%H:%M}"
    if at // times.MINUTE == t // times.MINUTE:
        clock = f"{found:%H:%M:%S}"
    if at // times.SECOND == t // times.SECOND:
        clock = f"{clock}.{at % times.SECOND:03d}"
    day = {0: "today", 1: "tomorrow", -1: "yesterday"}.get(at // times.DAY - t // times.DAY)
    return f"{clock} UTC {day or f'on {found.day} {found:%B} {found.year}'}"


def dated(at: int) -> str:
    """Return an instant after `at`, such as `12:04 UTC on 23 November 2026`."""
    found, fraction = times.instant(at), at % times.SECOND
    clock = f"{found:%H:%M:%S}.{fraction:03d}" if at % times.MINUTE else f"{found:%H:%M}"
    return f"{clock.removesuffix('.000')} UTC on {found.day} {found:%B} {found.year}"


def sequel(*parts: str) -> str:
    """Return parts of a sentence as one, without `logged in in the last 7 days`."""
    said = ""
    for part in parts:
        if said.endswith(" in") and part.startswith("in "):
            said = f"{said} within {part.removeprefix('in ')}"
        elif part:
            said = f"{said} {part}" if said else part
    return said


def either(*ways: str | None) -> str | None:
    """Return the ways there are, joined by `or`; None where there is none."""
    there = [way for way in ways if way is not None]
    return ", or ".join(there) or None


def value(operand: Scalar) -> str:
    """Return an operand as a reader would write it."""
    if isinstance(operand, bool):
        return "true" if operand else "false"
    if isinstance(operand, str):
        return quoted(operand)
    if isinstance(operand, dt.date):
        return instant(times.milliseconds(operand))
    return number(operand)


def number(operand: float) -> str:
    """Return a number in full: `20`, `0.00001`, `1234567.8`."""
    if isinstance(operand, int):
        return str(operand)
    full = f"{Decimal(repr(operand)):f}".removesuffix(".0")
    return full if len(full) <= _DIGITS else repr(operand)


def shown(stored: Stored | None) -> Scalar | None:
    """Return a value that is kept as evidence shows it: lists and places as text."""
    return value_or_none(stored) if isinstance(stored, tuple | Location) else stored


def value_or_none(stored: Stored | None) -> str:
    """Return a value that is kept as a reader would write it."""
    match stored:
        case None:
            return "none"
        case tuple():
            return f"[{', '.join(value(each) for each in stored)}]"
        case Location():
            return f"{number(stored.latitude)}, {number(stored.longitude)}"
        case _:
            return value(stored)


def quoted(text: str) -> str:
    """Return a text in typographic quotes."""
    return f"“{text}”"


def choice(parts: Sequence[str]) -> str:
    """Return `a, b or c`; of many some, and how many others there are."""
    if len(parts) <= _MOST:
        return joined(parts, "or")
    return joined([*parts[:_SHOWN], f"{len(parts) - _SHOWN:,} others"], "or")


def joined(parts: Sequence[str], word: str) -> str:
    """Return `a, b and c`."""
    if len(parts) == 1:
        return parts[0]
    return f"{', '.join(parts[:-1])} {word} {parts[-1]}"
