"""One contact as conditions see it: its events in time, its traits at an instant."""

from __future__ import annotations

import pytest

from graph import times
from graph.model import ThingKind
from graph.subject import Account, Event, History, Subject, Telling, Thing

WEB = Thing(ThingKind.SOURCE, "web")
ANN = Subject(
    "ann",
    5,
    traits={
        "plan": (Telling(10, "free"), Telling(20, None), Telling(30, "pro")),
        "zone": (Telling(10, "Europe/Berlin"), Telling(20, "Mars/Phobos"), Telling(30, 7)),
    },
)


def event(name: str, at: int, key: str = "1") -> Event:
    """Return an event at an instant."""
    return Event(f"{name}{key}", name, at, WEB)


def test_events_are_in_order_of_time() -> None:
    """Whatever their order of arrival; equal times by id."""
    history = History((event("b", 2), event("a", 1), event("a", 2, "2"), event("a", 2)))

    assert [each.id for each in history.events] == ["a1", "a1", "a2", "b1"]
    assert [each.at for each in history.events] == [1, 2, 2, 2]


@pytest.mark.parametrize("read", [False, True], ids=["at-once", "read-before"])
@pytest.mark.parametrize("before", [(), (event("a", 3),), (event("b", 1), event("a", 9))])
def test_more_events_are_taken_in_once(before: tuple[Event, ...], read: bool) -> None:  # noqa: FBT001
    """Whether or not the history was looked at before, it is as if it had them from the start."""
    more = [event("a", 4), event("b", 2), event("a", 1), event("c", 7)]
    history, whole = History(before), History((*before, *more))
    if read:
        assert [*history.between(("c",), 0, 9)] == []
    history.extend(more[:1])
    history.extend(more[1:])

    assert history.events == whole.events
    for names in (("a",), ("b",), ("c",), ()):
        assert [*history.between(names, 0, 9)] == [*whole.between(names, 0, 9)]


BETWEEN: dict[str, tuple[tuple[str, ...], int, int, list[int]]] = {
    "both-ends": (("a",), 1, 3, [1, 2, 3]),
    "one-instant": (("a",), 2, 2, [2]),
    "none": (("a",), 4, 9, []),
    "empty": (("a",), 3, 1, []),
    "other": (("b",), 0, 9, [2]),
    "two-kinds": (("a", "b"), 2, 9, [2, 3, 2]),
    "unknown": (("c",), 0, 9, []),
    "any": ((), 2, 3, [2, 2, 3]),
}


@pytest.mark.parametrize(("names", "first", "last", "found"), BETWEEN.values(), ids=BETWEEN)
def test_both_instants_are_in(
    names: tuple[str, ...], first: int, last: int, found: list[int]
) -> None:
    """Events of the kinds named, or of any, from one instant to another."""
    history = History((event("a", 1), event("a", 2), event("b", 2), event("a", 3)))

    assert [each.at for each in history.between(names, first, last)] == found


@pytest.mark.parametrize(
    ("t", "plan"), [(9, None), (10, "free"), (19, "free"), (20, None), (30, "pro"), (99, "pro")]
)
def test_a_trait_has_the_value_told_last(t: int, plan: str | None) -> None:
    """From the instant of a telling on, until the next; nothing before the first."""
    assert ANN.trait("plan", t) == plan


def test_what_is_known_besides() -> None:
    """The key and the first instant are asked like traits; what nobody told of is missing."""
    assert ANN.trait("key", 0) == "ann"
    assert ANN.trait("createdAt", 0) == times.instant(5)
    assert ANN.trait("other", 99) is None


@pytest.mark.parametrize(
    ("t", "zone"), [(9, "UTC"), (10, "Europe/Berlin"), (20, "UTC"), (30, "UTC")]
)
def test_a_contact_has_a_zone(t: int, zone: str) -> None:
    """Its own at that instant, UTC where it has none that is one."""
    assert ANN.zone(t) == zone


def test_a_key_is_asked_like_a_property() -> None:
    """Of a thing and of an account the key is known under `key`, and nothing that was not told."""
    thing = Thing(ThingKind.CONTENT, "home", {"words": 3})
    account = Account("acme", {"tier": "free"})

    assert [thing.value(name) for name in ("key", "words", "url")] == ["home", 3, None]
    assert [account.trait(name) for name in ("key", "tier", "seats")] == ["acme", "free", None]
