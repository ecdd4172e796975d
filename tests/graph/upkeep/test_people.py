"""Contacts in memory share the budget with what is known beside them."""

from __future__ import annotations

import tracemalloc
from dataclasses import replace

from graph.model import ThingKind
from graph.subject import Event, History, Subject, Telling, Thing
from graph.upkeep.known import Known, KnownContact
from graph.upkeep.people import People, Person

PAGE = Thing(ThingKind.CONTENT, "pricing")


def person(events: int = 0, properties: int = 1, length: int = 1) -> Person:
    """Return one with so many events, a third of them in a segment of their own."""
    told = [
        Event(
            f"told-{n}-of-it",
            "Viewed",
            n,
            PAGE,
            {f"{place} of {n}": f"value {n} " * length for place in range(properties)},
        )
        for n in range(events)
    ]
    segments = {f"s{n}": 1_000_000 + n for n in range(events // 3)}
    return Person(Subject("c", 0, history=History(told)), members=dict(segments), turns=segments)


def test_the_longest_unused_gives_way() -> None:
    """Being asked for is being used."""
    people = People(person().bytes() * 2, Known())
    for key in ("a", "b"):
        people.keep(key, person())
    people.get("a")
    people.keep("c", person())

    assert "a" in people
    assert "b" not in people


def test_what_is_known_beside_takes_of_the_same_budget() -> None:
    """A budget that holds three holds one where the ids of events take the place of two."""
    known = Known()
    people = People(person().bytes() * 3, known)
    for key in ("a", "b"):
        people.keep(key, person())
    while known.bytes < person().bytes():
        key = str(known.bytes)
        known.keep_contact(key, KnownContact("4:x:1", 0))
    people.keep("c", person())

    assert "a" not in people
    assert "c" in people


def test_the_budget_is_of_real_bytes() -> None:
    """What is counted is what is taken or a little more, of long histories and short ones."""
    for contacts, *events in (
        (1000, 0),
        (1000, 30),
        (10, 5000),
        (10, 5000, 0),
        (100, 100, 3),
        (100, 100, 10),
        (100, 100, 30),
        (100, 100, 1, 100),
    ):
        tracemalloc.start()
        before, _ = tracemalloc.get_traced_memory()
        kept = [person(*events) for _ in range(contacts)]
        after, _ = tracemalloc.get_traced_memory()
        tracemalloc.stop()

        counted = sum(each.bytes() for each in kept)
        assert counted * 0.4 < after - before < counted * 1.1, (contacts, events)


def test_what_is_told_later_counts() -> None:
    """In whatever order it happened."""
    late = person()
    late.bytes()
    for event in reversed(person(20, 5, 10).subject.history.events):
        late.subject.history.extend([event])
        late.bytes()
    late.subject = replace(late.subject, traits={"about": (Telling(0, "x" * 10_000),)})

    assert late.bytes() - person(20, 5, 10).bytes() > 9_000
    assert late.bytes() > 20_000
