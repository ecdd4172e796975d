"""The planted contacts are what is claimed of them, by loops over the raw lines."""

from __future__ import annotations

import datetime as dt
from functools import cache

import pytest

from graph import conditions
from server.demo import story
from tests.server.demo.story_by_hand import BY_HAND
from tests.server.demo.story_world import World, is_on_stage, read
from tests.worlds import members, subjects

# A usual day; the last hour of a leap day; a week after the clocks of Europe went forward.
TELLINGS = {
    "usual": ("2026-11-24T02:00:00+00:00", 1),
    "leap-day": ("2028-02-29T23:30:00.001+00:00", 7),
    "spring": ("2027-04-03T15:00:00+00:00", 3),
}


def _now(telling: str) -> int:
    """Return the instant of a telling."""
    return round(dt.datetime.fromisoformat(TELLINGS[telling][0]).timestamp() * 1000)


@cache
def _world(telling: str) -> World:
    """Return the world of a telling."""
    now = _now(telling)
    return read(story.lines(now, TELLINGS[telling][1]), now)


@pytest.mark.parametrize("telling", TELLINGS)
@pytest.mark.parametrize("name", BY_HAND)
def test_members_are_in_and_near_misses_are_out(name: str, telling: str) -> None:
    """Whoever is claimed to meet a definition meets it at `now`, and no near miss does."""
    world = _world(telling)
    planted = story.planted(world.now, TELLINGS[telling][1])[name]

    verdicts = {
        key: BY_HAND[name](world, world.people[key])
        for key in (*planted.members, *planted.near_misses)
    }

    assert [key for key in planted.members if not verdicts[key]] == []
    assert [key for key in planted.near_misses if verdicts[key]] == []


@pytest.mark.parametrize("telling", TELLINGS)
def test_each_condition_says_what_its_sentence_says(telling: str) -> None:
    """In plain Python each example's condition takes its members and none of its near misses."""
    now, seed = _now(telling), TELLINGS[telling][1]
    everybody = subjects((line for line in story.lines(now, seed) if is_on_stage(line)), now + 1)
    wrong: dict[str, list[str]] = {}
    for name, planted in story.planted(now, seed).items():
        assert planted.condition is not None, name
        claimed = {*planted.members, *planted.near_misses}
        playing = [each for each in everybody if each.key in claimed]
        found = members(conditions.read(planted.condition), playing, now)
        if others := set(found) ^ set(planted.members):
            wrong[name] = [planted.why[key] for key in sorted(others)]

    assert wrong == {}


def test_each_example_has_three_of_each_with_reasons() -> None:
    """Every definition has at least three members and three near misses, each with its why."""
    for name, planted in story.planted(_now("usual")).items():
        everybody = (*planted.members, *planted.near_misses)

        assert min(len(planted.members), len(planted.near_misses)) >= 3, name
        assert len(set(planted.why.values())) == len(everybody), name
        assert set(planted.why) == set(everybody), name


def test_nobody_plays_twice() -> None:
    """A planted contact belongs to one definition, and is nobody whom chance has made."""
    planted = story.planted(_now("usual"))
    keys = [key for found in planted.values() for key in (*found.members, *found.near_misses)]

    assert len(set(keys)) == len(keys)
    assert {key.partition("@")[2] for key in keys} == {"example.com"}


def test_all_definitions_are_judged_by_hand() -> None:
    """No planted definition goes without a check of its own."""
    assert set(story.planted(_now("usual"))) == set(BY_HAND)


def test_names_stay() -> None:
    """Who plays what does not depend on seed or instant, so that it can be written about."""
    first, second = (
        {name: found.why for name, found in story.planted(_now(telling), seed).items()}
        for telling, seed in (("usual", 1), ("spring", 5))
    )

    assert first == second
    assert "maya.lindqvist@example.com" in first["high-intent-prospect"]
