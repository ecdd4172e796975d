"""Instants, durations and zones: how text becomes one and back."""

from __future__ import annotations

import datetime as dt
import zoneinfo

import pytest

from graph import errors, times

READ = {
    "utc": ("2026-06-01T12:00:00Z", "2026-06-01T12:00:00.000Z"),
    "small-letters": ("2026-06-01t12:00:00z", "2026-06-01T12:00:00.000Z"),
    "east": ("2026-06-01T01:00:00+02:00", "2026-05-31T23:00:00.000Z"),
    "west": ("2026-06-01T23:30:00-00:45", "2026-06-02T00:15:00.000Z"),
    "cut": ("2026-06-01T12:00:00.9999Z", "2026-06-01T12:00:00.999Z"),
    "cut-before-1970": ("1969-12-31T23:59:59.9999Z", "1969-12-31T23:59:59.999Z"),
    "tenth": ("2026-06-01T12:00:00.5Z", "2026-06-01T12:00:00.500Z"),
    "leap-day": ("2024-02-29T00:00:00Z", "2024-02-29T00:00:00.000Z"),
    "first": ("0001-01-01T00:00:00Z", "0001-01-01T00:00:00.000Z"),
    "last": ("9999-12-31T23:59:59.999Z", "9999-12-31T23:59:59.999Z"),
}


@pytest.mark.parametrize(("text", "written"), READ.values(), ids=READ)
def test_an_instant_is_read_and_written(text: str, written: str) -> None:
    """An offset is not kept, what is finer than a millisecond is cut."""
    at = times.read_instant(text)

    assert times.instant_text(at) == written
    assert times.read_instant(written) == at


@pytest.mark.parametrize(
    "text",
    [
        "2026-06-01T12:00:00",
        "2026-06-01",
        "2026-06-01T24:00:00Z",
        "2026-06-01T23:59:60Z",
        "2026-02-29T00:00:00Z",
        "2026-06-01 12:00:00Z",
        "0001-01-01T00:00:00+01:00",
        "9999-12-31T23:59:59-01:00",
        "٢026-06-01T12:00:00Z",
        "",
    ],
)
def test_what_is_no_instant_is_refused(text: str) -> None:
    """Without an offset, beyond the calendar, or in other digits there is no instant."""
    with pytest.raises(errors.BadInput) as caught:
        times.read_instant(text)

    assert caught.value.message == (
        f"'{text}' is not an instant: write it in RFC 3339 with an offset, "
        "such as 2026-11-23T10:00:00Z"
    )


DURATIONS = {
    "P1W": (7 * times.DAY, "P7D"),
    "P14D": (14 * times.DAY, "P14D"),
    "PT36H": (36 * times.HOUR, "P1DT12H"),
    "PT90M": (90 * times.MINUTE, "PT1H30M"),
    "PT1.5S": (1500, "PT1.5S"),
    "PT0,25S": (250, "PT0.25S"),
    "P1W1DT1H1M1.001S": (8 * times.DAY + 3_661_001, "P8DT1H1M1.001S"),
    "P36525D": (times.LONGEST, "P36525D"),
    "PT0.001S": (1, "PT0.001S"),
}


@pytest.mark.parametrize(("text", "length", "written"), [(k, *v) for k, v in DURATIONS.items()])
def test_a_duration_is_read_and_written(text: str, length: int, written: str) -> None:
    """A week is 7 days of 24 hours; it is written in the shortest way."""
    assert times.read_duration(text) == length
    assert times.duration_text(length) == written
    assert times.read_duration(written) == length


@pytest.mark.parametrize("text", ["P", "PT", "P1DT", "1D", "P1.5D", "PT1H ", "P1H", "-P1D", "P1M"])
def test_what_is_no_duration_is_refused(text: str) -> None:
    """Months, signs and halves of days are no part of a duration."""
    with pytest.raises(errors.BadInput, match="is not a duration"):
        times.read_duration(text)


@pytest.mark.parametrize("text", ["PT0S", "P36525DT0.001S", "P999999999W"])
def test_a_duration_has_bounds(text: str) -> None:
    """Nothing, and more than a hundred years, are refused."""
    with pytest.raises(errors.BadInput) as caught:
        times.read_duration(text)

    assert caught.value.message == (
        f"The duration {text} must be longer than 0 and at most 36525 days"
    )


def test_beyond_the_calendar_is_its_end() -> None:
    """An instant outside the calendar is its first or last moment, a day outside is none."""
    assert times.instant(-(2**62)) == dt.datetime.min.replace(tzinfo=dt.UTC)
    assert times.instant(2**62).year == dt.MAXYEAR
    assert times.day(times.FIRST_DAY) == dt.date.min
    assert times.day(times.LAST_DAY) == dt.date.max
    assert times.day(times.FIRST_DAY - 1) is None
    assert times.day(times.LAST_DAY + 1) is None


MIDNIGHTS = {
    "utc": ("2026-06-01", "UTC", "2026-06-01T00:00:00.000Z"),
    "summer": ("2026-06-01", "Europe/Berlin", "2026-05-31T22:00:00.000Z"),
    "winter": ("2026-12-01", "Europe/Berlin", "2026-11-30T23:00:00.000Z"),
    "skipped": ("2018-11-04", "America/Sao_Paulo", "2018-11-04T03:00:00.000Z"),
    "twice": ("2025-11-02", "America/Havana", "2025-11-02T04:00:00.000Z"),
    "first-of-all": ("0001-01-01", "Asia/Tokyo", "0001-01-01T00:00:00.000Z"),
}


@pytest.mark.parametrize(("day", "zone", "begun"), MIDNIGHTS.values(), ids=MIDNIGHTS)
def test_a_day_begins_with_its_first_moment(day: str, zone: str, begun: str) -> None:
    """A day begins at 0:00, after a gap at the first moment, the first of two where it recurs."""
    assert times.instant_text(times.midnight(dt.date.fromisoformat(day), zone)) == begun


DATES = {
    "same": ("2026-06-01T12:00:00Z", "Europe/Berlin", "2026-06-01"),
    "ahead": ("2026-06-01T22:00:00Z", "Europe/Berlin", "2026-06-02"),
    "behind": ("2026-06-01T09:59:59.999Z", "Pacific/Honolulu", "2026-05-31"),
    "first-of-all": ("0001-01-01T00:00:00Z", "America/New_York", "0001-01-01"),
    "last-of-all": ("9999-12-31T23:00:00Z", "Asia/Tokyo", "9999-12-31"),
}


@pytest.mark.parametrize(("at", "zone", "date"), DATES.values(), ids=DATES)
def test_the_wall_shows_a_local_date(at: str, zone: str, date: str) -> None:
    """A zone has its own date, at the calendar's ends that of UTC."""
    assert times.local_date(times.read_instant(at), zone) == dt.date.fromisoformat(date)


def test_month_and_day_go_round_at_the_ends_of_the_calendar() -> None:
    """Beyond an end of the calendar the same days come again."""
    assert times.month_and_day(times.read_instant("9999-12-31T23:00:00Z"), "Asia/Tokyo") == 101
    assert times.month_and_day(times.read_instant("0001-01-01T00:00:00Z"), "America/Lima") == 1231
    assert times.month_and_day(times.read_instant("2026-06-01T22:00:00Z"), "Europe/Rome") == 602


def test_a_zone_that_the_engine_does_not_know_names_one_that_it_does() -> None:
    """It is a zone all the same: since it came to be, the other shows the same time."""
    with pytest.raises(errors.BadInput) as caught:
        times.read_zone("America/Coyhaique")

    assert caught.value.message == (
        "America/Coyhaique is a time zone that the graph's engine does not know yet: use "
        "America/Punta_Arenas, which has had the same time since that one came to be"
    )
    for day in ("2025-03-21", "2026-01-10", "2026-07-10"):
        noon = dt.datetime.fromisoformat(f"{day}T12:00:00+00:00")
        new, old = (
            noon.astimezone(zoneinfo.ZoneInfo(name)).utcoffset()
            for name in ("America/Coyhaique", "America/Punta_Arenas")
        )
        assert new == old


@pytest.mark.parametrize("name", ["Mars/Phobos", "CONTACT", "", "localtime", "../etc/passwd"])
def test_a_zone_is_an_iana_name(name: str) -> None:
    """No other name is a zone."""
    assert times.read_zone("Europe/Berlin") == "Europe/Berlin"
    with pytest.raises(errors.BadInput) as caught:
        times.read_zone(name)

    assert caught.value.message == (
        f"'{name}' is not a time zone: use an IANA name such as Europe/Berlin"
    )
