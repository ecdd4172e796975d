"""Saved segments: up to which instant it is kept who was in them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from graph.ingest.lines import SegmentLine
from graph.ingest.segments import Archiving, SegmentChange, segment_change
from graph.times import DAY, read_instant
from graph.upkeep.segments import Segments

if TYPE_CHECKING:
    from graph.catalogue import Saved

NOW = read_instant("2026-03-10T12:00:00Z")
READ = {"did": {"event": "Page Viewed"}}
TWICE = {"did": {"event": "Page Viewed", "atLeast": 2}}


def saving(key: str, where: object, at: int, **fields: object) -> SegmentChange:
    """Return a segment to be saved at an instant."""
    return segment_change(SegmentLine(key=key, name=key, where=where, **fields), at)  # pyright: ignore[reportArgumentType]


@pytest.fixture
def segments() -> Segments:
    """Give a segment and one that uses it, both live."""
    segments = Segments()
    segments.fold(saving("base", READ, NOW))
    segments.fold(saving("user", {"segment": {"key": "base"}}, NOW))
    for key, saved in segments.catalogue.items():
        segments.catalogue[key] = replace(saved, filled=None, first=False)
    return segments


def recorded(segments: Segments, now: int) -> dict[str, int | None]:
    """Return up to when it is kept who was in each."""
    return {key: saved.recorded(now) for key, saved in segments.catalogue.items()}


def test_of_one_that_is_live_it_is_kept_up_to_now(segments: Segments) -> None:
    """Of one that never was nothing is."""
    segments.fold(saving("new", READ, NOW))

    assert recorded(segments, NOW + DAY) == {"base": NOW + DAY, "user": NOW + DAY, "new": None}


def test_an_edit_ends_what_is_kept_of_all_that_use_it(segments: Segments) -> None:
    """Also where another comes before they are live again: what lies between is not whole."""
    segments.fold(saving("base", TWICE, NOW + DAY))
    segments.fold(saving("base", READ, NOW + 2 * DAY))

    assert recorded(segments, NOW + 3 * DAY) == dict.fromkeys(("base", "user"), NOW + DAY - 1)


def test_an_archived_one_keeps_its_past(segments: Segments) -> None:
    """Up to when it was archived, however that came, and when it is saved again and built."""
    segments.fold(Archiving("user", NOW + DAY))
    segments.fold(saving("base", READ, NOW + 2 * DAY, archived=True))
    segments.fold(saving("user", READ, NOW + 3 * DAY, archived=True))
    archived = recorded(segments, NOW + 4 * DAY)
    segments.fold(saving("base", READ, NOW + 5 * DAY))

    assert archived == {"base": NOW + 2 * DAY - 1, "user": NOW + DAY - 1}
    assert recorded(segments, NOW + 6 * DAY) == archived


@pytest.mark.parametrize("announced", [True, False])
def test_an_edit_is_announced_of_all_that_use_it(segments: Segments, *, announced: bool) -> None:
    """Or of none of them, whatever was chosen when those were saved."""
    segments.catalogue["user"] = replace(segments.catalogue["user"], announced=not announced)
    segments.fold(saving("base", TWICE, NOW + DAY, announce=announced))

    assert [each.announced for each in segments.catalogue.values()] == [announced, announced]


def test_a_name_is_the_key_until_one_is_given(segments: Segments) -> None:
    """And an edit that gives none leaves it."""
    names: list[str] = []
    for number, name in enumerate((None, "Some", None)):
        line = SegmentLine(key="new", name=name, where={"did": {"atLeast": number + 1}})
        segments.fold(segment_change(line, NOW + number))
        names.append(segments.catalogue["new"].name)

    assert names == ["new", "Some", "Some"]


def test_equal_ones_are_not_built_anew(segments: Segments) -> None:
    """Nothing ends by that."""
    before: dict[str, Saved] = dict(segments.catalogue)
    segments.fold(saving("base", READ, NOW + DAY))

    assert segments.catalogue == before
