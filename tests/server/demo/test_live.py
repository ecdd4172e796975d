"""The story goes on by itself, and is the same however it is cut."""

from __future__ import annotations

import json
import re

from hypothesis import given, settings
from hypothesis import strategies as st

from server.demo.chance import dice
from server.demo.live import events_between
from server.demo.people import people
from tests.server.demo.story_world import milliseconds

HOUR = 3_600_000
NOW = milliseconds("2026-11-24T02:00:00.250Z")


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(0, 3 * HOUR), min_size=3, max_size=3).map(sorted))
def test_a_cut_changes_nothing(cuts: list[int]) -> None:
    """Two stretches that touch hold the same events as the whole."""
    first, middle, last = (NOW + cut for cut in cuts)

    parts = events_between(first, middle) + events_between(middle, last)

    assert json.dumps(parts) == json.dumps(events_between(first, last))


def test_no_event_is_missed_or_told_twice_at_its_own_instant() -> None:
    """A stretch takes its end in and leaves its start out."""
    event = events_between(NOW, NOW + HOUR)[7]
    at = milliseconds(str(event["at"]))

    assert event in events_between(at - 1, at)
    assert event not in events_between(at, at + 1)
    assert events_between(at, at) == []
    assert events_between(at, at - HOUR) == []


def test_every_hour_shows_life() -> None:
    """On average an event comes each one to three seconds, whatever the hour."""
    for hour in range(24):
        start = NOW + hour * HOUR

        assert 1_200 <= len(events_between(start, start + HOUR)) <= 3_600


def test_live_events_fit_the_story() -> None:
    """Ids are unique and apart from those of the year; contacts are known and never planted."""
    told = events_between(NOW, NOW + 5 * HOUR)
    ids = [str(line["id"]) for line in told]
    times = [milliseconds(str(line["at"])) for line in told]

    assert len(set(ids)) == len(ids)
    assert all(re.fullmatch(r"v[0-9a-z]+-[0-9a-z]+", number) for number in ids)
    assert times == sorted(times)
    assert NOW < times[0] <= times[-1] <= NOW + 5 * HOUR
    assert {line["contact"] for line in told} <= {person.key for person in people(1)}
    assert len({line["contact"] for line in told}) > 500


def test_seeds_live_their_own_lives() -> None:
    """Another seed tells other events of the same hour."""
    assert events_between(NOW, NOW + HOUR, 1) != events_between(NOW, NOW + HOUR, 2)


def test_answers_belong_to_whoever_asked() -> None:
    """Changing a line that was handed out changes no later answer."""
    first = events_between(NOW, NOW + HOUR)
    before = json.dumps(first)
    for line in first:
        line.clear()

    assert json.dumps(events_between(NOW, NOW + HOUR)) == before


def test_dice_repeat_by_name() -> None:
    """The same names give the same dice, others give others."""
    assert dice(1, "hour", 5).random() == dice(1, "hour", 5).random()
    assert dice(1, "hour", 5).random() != dice(1, "hour", 6).random()
