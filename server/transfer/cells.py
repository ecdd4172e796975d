"""Cells of a table as the JSON values they mean; an empty one is None."""

from __future__ import annotations

import datetime as dt
import decimal
import math
import re
import zoneinfo
from dataclasses import dataclass
from typing import Final, cast

import msgspec

from graph import times, values
from graph.errors import BadInput, shown

_INTEGER = re.compile(r"-?(?:0|[1-9]\d{0,18})", re.ASCII)
_FLOAT = re.compile(r"-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?", re.ASCII)
_NAIVE = re.compile(r"(\d{4}-\d\d-\d\d)(?:[Tt ](\d\d:\d\d(?::\d\d(?:\.\d+)?)?))?", re.ASCII)
_NUMBER = re.compile(r"[+-]?\d+(?:\.\d+)?", re.ASCII)
_BOOLEANS: Final = {"true": True, "false": False}
_BETWEEN: Final = "|"


@dataclass(frozen=True, slots=True)
class Beyond:
    """An instant or a date that no calendar has, as its file has it."""

    said: str

    def __str__(self) -> str:
        """Return it as it is."""
        return self.said


@dataclass(frozen=True, slots=True)
class Reading:
    """How cells are read: whether text stays text, and the zone of times that have none."""

    text: bool = False
    zone: str | None = None

    def free(self, cell: object) -> object:
        """Return the value of a property or a trait, of the type that the cell looks like."""
        if isinstance(cell, str):
            return cell if self.text else _typed(cell)
        return self._plain(cell)

    def name(self, cell: object) -> object:
        """Return the value of a field that is text."""
        value = self._plain(cell)
        match value:
            case bool():
                return str(value).lower()
            case float() if value.is_integer():
                return str(int(value))
            case int() | float():
                return str(value)
            case _:
                return value

    def instant(self, cell: object) -> object:
        """Return the value of a field that is an instant."""
        if isinstance(cell, int | float | decimal.Decimal):
            if math.isnan(cell):
                return None
            raise _no_instant(str(cell))
        if isinstance(cell, str):
            return self._written(cell.strip())
        if isinstance(cell, dt.date) and not isinstance(cell, dt.datetime):
            return self._local(dt.datetime.combine(cell, dt.time()))
        return self._plain(cell)

    def _written(self, text: str) -> str:
        """Return an instant as it is written, in UTC if it has no offset."""
        if _NUMBER.fullmatch(text):
            raise _no_instant(text)
        if _NAIVE.fullmatch(text) is None:
            return text
        try:
            return self._local(dt.datetime.fromisoformat(text))
        except ValueError:
            raise BadInput(
                f"{shown(text)} is not an instant, no calendar or clock has it: "
                f"{times.HOW_TO_WRITE_AN_INSTANT}"
            ) from None

    def names(self, cell: object) -> object:
        """Return the value of a field that is a list of texts: JSON, or parted by `|`."""
        if not isinstance(cell, str):
            return self._plain(cell)
        if cell.startswith("["):
            return _listed(cell)
        return [part for each in cell.split(_BETWEEN) if (part := each.strip())]

    def _plain(self, cell: object) -> object:
        match cell:
            case Beyond():
                raise BadInput(
                    f"{cell.said} is beyond the calendar: instants and dates are of the years 1 to "
                    "9999"
                )
            case dt.datetime():
                return self._local(cell)
            case dt.date():
                return cell.isoformat()
            case float():
                return _finite(cell)
            case decimal.Decimal():
                return int(cell) if cell == cell.to_integral_value() else float(cell)
            case list():
                return [self._plain(each) for each in cast("list[object]", cell)]
            case None | bool() | int() | str() | dict():
                return cast("object", cell)
            case _:
                raise BadInput(f"A value of type {type(cell).__name__} cannot be told")

    def _local(self, instant: dt.datetime) -> str:
        if instant.tzinfo is None:
            if self.zone is None:
                raise BadInput(
                    f"{shown(str(instant))} has no offset: say with --zone in which time zone it is"
                )
            instant = instant.replace(tzinfo=zoneinfo.ZoneInfo(self.zone))
        return times.instant_text(times.milliseconds(instant))


def _no_instant(number: str) -> BadInput:
    return BadInput(
        f"{number[:60]} is a number, not an instant: {times.HOW_TO_WRITE_AN_INSTANT}, or keep it "
        "in a column of timestamps of a Parquet file"
    )


def _listed(cell: str) -> object:
    try:
        return msgspec.json.decode(cell)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise BadInput(
            f'{shown(cell)} begins with [ and is no JSON list: write it as ["one", "two"]'
        ) from None


def _typed(cell: str) -> object:
    if _INTEGER.fullmatch(cell) and values.fits(whole := int(cell)):
        return whole
    if _FLOAT.fullmatch(cell) and ("." in cell or "e" in cell.lower()):
        number = float(cell)
        return number if math.isfinite(number) else cell
    return _BOOLEANS.get(cell.lower(), cell)


def _finite(number: float) -> float | None:
    if math.isinf(number):
        raise BadInput(f"{number} is not a number that can be kept: give one up to 1.8e308")
    return None if math.isnan(number) else number
