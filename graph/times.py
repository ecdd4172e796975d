"""Instants, dates, durations and zones: how text becomes one and back.

Instants and durations are integers of milliseconds, instants since 1970 in UTC.
"""

from __future__ import annotations

import datetime as dt
import re
import zoneinfo
from functools import cache
from typing import Final

from graph import errors

SECOND: Final = 1000
MINUTE: Final = 60 * SECOND
HOUR: Final = 60 * MINUTE
DAY: Final = 24 * HOUR
LONGEST: Final = 36_525 * DAY
HOW_TO_WRITE_A_DURATION: Final = (
    "write it in ISO 8601 with weeks, days, hours, minutes and seconds, such as P14D or PT6H"
)
HOW_TO_WRITE_AN_INSTANT: Final = "write it in RFC 3339 with an offset, such as 2026-11-23T10:00:00Z"

_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_EPOCH_DAY = _EPOCH.toordinal()
_TICK = dt.timedelta(milliseconds=1)
FIRST_DAY: Final = dt.date.min.toordinal() - _EPOCH_DAY
LAST_DAY: Final = dt.date.max.toordinal() - _EPOCH_DAY
"""The first and the last day of the calendar, counted since 1970."""
_FIRST = (dt.datetime.min.replace(tzinfo=dt.UTC) - _EPOCH) // _TICK
_LAST = (dt.datetime.max.replace(tzinfo=dt.UTC) - _EPOCH) // _TICK
_ERA = 146_097 * DAY
"""After 400 years the calendar repeats."""
_INSTANT = re.compile(
    r"(\d{4}-\d\d-\d\d[Tt](?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d)(?:\.(\d+))?"
    r"(?:[Zz]|([+-])([01]\d|2[0-3]):([0-5]\d))",
    re.ASCII,
)
_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_DURATION = re.compile(
    r"P(?:(\d{1,9})W)?(?:(\d{1,9})D)?(?:T(?:(\d{1,9})H)?(?:(\d{1,9})M)?(?:(\d{1,12})(?:[.,](\d{1,3}))?S)?)?",
    re.ASCII,
)


def milliseconds(value: dt.date) -> int:
    """Return an instant, or a date's midnight UTC, in milliseconds since 1970."""
    if isinstance(value, dt.datetime):
        return (value - _EPOCH) // _TICK
    return (value.toordinal() - _EPOCH_DAY) * DAY


def instant(at: int) -> dt.datetime:
    """Return milliseconds since 1970 as an aware datetime in UTC; beyond the calendar, its end."""
    return _EPOCH + min(max(at, _FIRST), _LAST) * _TICK


def day(number: int) -> dt.date | None:
    """Return the date of a day counted since 1970; None where the calendar has none."""
    ordinal = number + _EPOCH_DAY
    return dt.date.fromordinal(ordinal) if 1 <= ordinal <= dt.date.max.toordinal() else None


def instant_text(at: int) -> str:
    """Return milliseconds since 1970 in RFC 3339, in UTC with milliseconds."""
    return instant(at).isoformat(timespec="milliseconds").removesuffix("+00:00") + "Z"


def read_instant(text: str) -> int:
    """Return an RFC 3339 date-time with offset in milliseconds since 1970, cut to the millisecond.

    Raises:
        BadInput: it is something else, or no such time exists.
    """
    found = instant_of(text)
    if found is None:
        raise errors.BadInput(f"{errors.shown(text)} is not an instant: {HOW_TO_WRITE_AN_INSTANT}")
    return milliseconds(found)


def read_duration(text: str, least: int = 1) -> int:
    """Return an ISO 8601 duration of weeks, days, hours, minutes and seconds in milliseconds.

    Raises:
        BadInput: it is something else, shorter than the least, or over 36,525 days.
    """
    found = _DURATION.fullmatch(text)
    if found is None or text.endswith(("P", "T")):
        raise errors.BadInput(f"{errors.shown(text)} is not a duration: {_duration_hint(text)}")
    weeks, days, hours, minutes, seconds = (int(part or 0) for part in found.groups()[:5])
    length = (weeks * 7 + days) * DAY + hours * HOUR + minutes * MINUTE + seconds * SECOND
    length += int((found[6] or "").ljust(3, "0"))
    if not least <= length <= LONGEST:
        raise errors.BadInput(f"The duration {text} must be longer than 0 and at most 36525 days")
    return length


def _duration_hint(text: str) -> str:
    if text.startswith("-"):
        return "it cannot be negative"
    if re.match(r"P(\d+[YMWD])*\d+[YM]", text, re.ASCII):
        return "years and months differ in length; use a calendar window, or days such as P30D"
    if re.search(r"\d{10}", text, re.ASCII):
        return "it is longer than 36525 days"
    return HOW_TO_WRITE_A_DURATION


def duration_text(length: int) -> str:
    """Return milliseconds as the shortest ISO 8601 duration of days, hours, minutes, seconds."""
    days, rest = divmod(length, DAY)
    hours, rest = divmod(rest, HOUR)
    minutes, rest = divmod(rest, MINUTE)
    seconds, fraction = divmod(rest, SECOND)
    second = f"{seconds}.{fraction:03d}".rstrip("0") if fraction else str(seconds or "")
    time = "".join(
        f"{n}{unit}" for n, unit in ((hours or "", "H"), (minutes or "", "M"), (second, "S")) if n
    )
    return "P" + (f"{days}D" if days else "") + (f"T{time}" if time else "")


def read_zone(name: str) -> str:
    """Return the name of a zone if it is an IANA one.

    Raises:
        BadInput: no such zone is known.
    """
    if name in _TOO_NEW:
        raise errors.BadInput(
            f"{name} is a time zone that the graph's engine does not know yet: use "
            f"{_TOO_NEW[name]}, which has had the same time since that one came to be"
        )
    if name not in zones():
        raise errors.BadInput(
            f"{errors.shown(name)} is not a time zone: use an IANA name such as Europe/Berlin"
        )
    return name


# Names that a Java without the newest tables does not know, and what they are links to.
ENGINE_ZONES: Final = {
    "EST": "America/Panama",
    "MST": "America/Phoenix",
    "HST": "Pacific/Honolulu",
    "ROC": "Asia/Taipei",
    "GMT+0": "Etc/GMT",
    "GMT-0": "Etc/GMT",
}
# Zones that no Java of ours knows, and which others show the same time.
_TOO_NEW: Final = {"America/Coyhaique": "America/Punta_Arenas"}
_NO_ZONES: Final = frozenset({"Factory", "localtime"})


@cache
def zones() -> frozenset[str]:
    """Return the IANA names of all time zones that the graph's engine knows too."""
    return frozenset(zoneinfo.available_timezones() - _TOO_NEW.keys() - _NO_ZONES)


def local_date(at: int, zone: str) -> dt.date:
    """Return the date that the wall shows in a zone at an instant."""
    try:
        return instant(at).astimezone(zoneinfo.ZoneInfo(zone)).date()
    except OverflowError:
        return instant(at).date()


def month_and_day(at: int, zone: str) -> int:
    """Return month times 100 and day that the wall shows in a zone, at the calendar's ends too."""
    local = zoneinfo.ZoneInfo(zone)
    try:
        day = instant(at).astimezone(local)
    except OverflowError:
        day = instant(at + _ERA if at < 0 else at - _ERA).astimezone(local)
    return day.month * 100 + day.day


def midnight(date: dt.date, zone: str) -> int:
    """Return the instant at which a day begins in a zone: 0:00, or the first moment after a gap."""
    local = dt.datetime.combine(date, dt.time(), zoneinfo.ZoneInfo(zone))
    try:
        return milliseconds(local.astimezone(dt.UTC))
    except OverflowError:
        return milliseconds(date)


def instant_of(raw: str) -> dt.datetime | None:
    """Return the instant that a full RFC 3339 date-time with offset names, else None."""
    found = _INSTANT.fullmatch(raw)
    if found is None:
        return None
    second, fraction, sign, ahead_hours, ahead_minutes = found.groups()
    try:
        local = dt.datetime.fromisoformat(second).replace(
            microsecond=int(fraction[:3].ljust(3, "0")) * 1000 if fraction else 0, tzinfo=dt.UTC
        )
        if sign is None:
            return local
        ahead = dt.timedelta(hours=int(ahead_hours), minutes=int(ahead_minutes))
        return local - ahead if sign == "+" else local + ahead
    except (ValueError, OverflowError):
        return None


def date_of(raw: str) -> dt.date | None:
    """Return the date that `YYYY-MM-DD` names, else None."""
    if _DATE.fullmatch(raw) is None:
        return None
    try:
        return dt.date.fromisoformat(raw)
    except ValueError:
        return None
