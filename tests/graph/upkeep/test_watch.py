"""What events may turn is found by counts, and time by instants that are never late."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import TYPE_CHECKING, Final, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph import times
from graph.catalogue import Saved
from graph.conditions import read
from graph.subject import NEVER, History
from graph.upkeep.people import Person
from graph.upkeep.rules import Rules
from graph.upkeep.watch import Watch
from tests.generated import pools
from tests.generated.parts import Body, choice, fields, pick, some
from tests.generated.test_canonical import people

if TYPE_CHECKING:
    from collections.abc import Sequence
    from random import Random

    from graph.conditions import Condition
    from graph.subject import Event, Subject
    from graph.upkeep.counts import Counting

LENGTHS: Final = ("PT1H", "P1D", "P2D", "P7D", "P30D")
_NUMBER: Final = pick((0, 1, 2, 3))
_TEST: Final = choice({"eq": pick(pools.TEXTS), "exists": pick((True, False))})
_CONTENT: Final = fields({}, {"topic": pick(pools.TOPICS), "kind": pick(pools.KINDS)})
_ABOUT: Final = choice(
    {
        "content": _CONTENT | fields({"keys": some(pick(pools.CONTENTS))}),
        "product": fields({"category": pick(pools.CATEGORIES)}),
        "source": fields({}),
    }
)
_BOUNDS: Final = (
    choice({"atLeast": pick((1, 2, 3, 4)), "atMost": _NUMBER, "exactly": _NUMBER})
    | fields({})
    | pick([{"atLeast": few, "atMost": few + more} for few in (0, 1, 2) for more in (1, 2)])
)
_PATTERN: Final = choice({"event": pick(pools.EVENTS), "events": some(pick(pools.EVENTS), 3)})
_REST: Final = fields(
    {},
    {
        "where": some(fields({"property": pick(pools.PROPERTIES), "is": _TEST})),
        "about": _ABOUT,
        "within": fields({"last": pick(LENGTHS)}),
    },
)


def _did(parts: Sequence[object]) -> object:
    merged: dict[str, object] = {}
    for each in parts:
        merged |= cast("dict[str, object]", each)
    return {"did": merged}


_DID: Final[Body] = st.tuples(_PATTERN | fields({}), _BOUNDS, _REST).map(_did)
COUNTING: Final[Body] = st.recursive(
    _DID,
    lambda inner: choice({"all": some(inner, 3), "any": some(inner, 3), "not": inner}),
    max_leaves=4,
)


class Kept:
    """What is kept of one contact: the verdicts, and until when time does not turn them."""

    def __init__(self, definitions: list[Condition], contact: Subject) -> None:
        self.watch = Watch()
        self.definitions = {str(place): each for place, each in enumerate(definitions)}
        self.counts = {
            key: cast("Counting", self.watch.add(key, each, {}))
            for key, each in self.definitions.items()
        }
        self.person = Person(replace(contact, history=History()))
        self.verdicts: dict[str, bool] = {}

    def judge(self, segments: list[str], t: int) -> None:
        """Judge by counts."""
        for key in segments:
            verdict, until = self.counts[key].judge(
                lambda number: self.person.instants(number, self.watch.patterns), t
            )
            assert until > t
            self.verdicts[key], self.person.turns[key] = verdict, until

    def pass_time(self, now: int) -> None:
        """Judge what time may have turned, at the instants at which it may have."""
        while (due := self.person.next_turn()) is not None and due <= now:
            self.judge(self.person.turning(due), due)

    def told(self, events: list[Event], now: int) -> None:
        """Judge what events may turn."""
        turned = self.watch.turned(self.person, events, now)
        for event in events:
            self.person.subject.history.extend([event])
        self.judge(list(turned), now)

    def wrong(self, t: int) -> dict[str, object]:
        """Return what is kept that is not so."""
        return {
            key: (each, self.verdicts[key], t)
            for key, each in self.definitions.items()
            if each.holds(self.person.subject, t) is not self.verdicts[key]
        }


@pytest.mark.timeout(120)
@given(st.lists(COUNTING, min_size=1, max_size=6), st.integers(0, 2**32))
def test_verdicts_are_right_whenever_events_and_time_come(
    definitions: list[object], seed: int
) -> None:
    """Judging only what is named, at instants that were told, is as good as judging everything."""
    chance = random.Random(seed)  # noqa: S311 - no secret
    contacts = [each for each in people(seed % 5) if each.history.events and not each.consents]
    contact = chance.choice(contacts)
    kept = Kept([read(each).canonical() for each in definitions], contact)
    waiting = list(contact.history.events)
    chance.shuffle(waiting)
    now = min(event.at for event in waiting)
    kept.judge(list(kept.watch.standing), now)
    kept.verdicts = dict.fromkeys(kept.definitions, False) | kept.verdicts

    while waiting:
        now = _later(chance, now, waiting)
        kept.pass_time(now)
        assert kept.wrong(now) == {}
        told = [event for event in waiting if event.at <= now][: chance.choice((1, 1, 2, 9))]
        waiting = [event for event in waiting if event not in told]
        kept.told(told, now)
        assert kept.wrong(now) == {}
        assert kept.person.counted(now)

    kept.pass_time(NEVER - 1)
    assert kept.wrong(NEVER - 1) == {}


@given(COUNTING, st.integers(0, 2**32))
def test_a_verdict_stands_since_it_last_turned(raw: object, seed: int) -> None:
    """What the instants of events tell is what looking at each end of a verdict tells."""
    chance = random.Random(seed)  # noqa: S311 - no secret
    contacts = [each for each in people(seed % 5) if each.history.events and not each.consents]
    contact, definition = chance.choice(contacts), read(raw).canonical()
    kept = Kept([definition], contact)
    kept.person.subject = contact
    events = contact.history.events
    t = chance.choice(events).at + chance.choice((0, 1, times.HOUR, times.DAY, 30 * times.DAY))
    first = turn = at = events[0].at - 1
    so = definition.holds(contact, first)
    while (at := definition.valid_until(contact, at)) <= t:
        if definition.holds(contact, at) is not so:
            turn, so = at, not so

    verdict, since = kept.counts["0"].stood(
        lambda number: kept.person.instants(number, kept.watch.patterns), t
    )

    assert (verdict, max(since, first)) == (so, turn)


def _later(chance: Random, now: int, waiting: list[Event]) -> int:
    """Return an instant from which at least one event that waits is past."""
    step = chance.choice((0, 1, times.HOUR, times.DAY, 9 * times.DAY))
    return max(now + step, min(event.at for event in waiting))


def test_patterns_are_found_by_what_they_name() -> None:
    """Each pattern of an event is found once, however it is looked up."""
    watch = Watch()
    for number in range(100):
        raw = {"did": {"event": "Page Viewed", "about": {"content": {"topic": f"t{number}"}}}}
        assert watch.add(str(number), read(raw).canonical(), {}) is not None
    some = 0
    for event in (
        event for world in range(5) for each in people(world) for event in each.history.events
    ):
        found = watch.patterns.matched(event)
        topics = {f"t{number}" for number in range(100)} & event.about.topics
        assert len(found) == len(set(found)) == len(topics) * (event.name == "Page Viewed")
        some += bool(found)
    assert some


def test_what_is_watched_no_more_takes_no_room() -> None:
    """After many edits a watch is made anew, without the patterns of definitions that are gone."""
    rules, standing = Rules(), Saved("a", "A", None, read({"did": {"event": "A"}}), 1, 0)
    for number in range(500):
        asked = {"did": {"event": "B", "where": [{"property": "n", "is": {"eq": number}}]}}
        edited = Saved("b", "B", None, read(asked), number, 0)
        rules = rules.following({"a": standing, "b": edited})

    assert len(rules.watch.patterns) < 150
    assert set(rules.by_key) == {"a", "b"}
