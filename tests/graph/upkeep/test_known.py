"""What is remembered stays within its budget, the longest unused going first."""

from __future__ import annotations

import tracemalloc

from graph.upkeep.known import Known, KnownContact


def contact(ids: int = 0) -> KnownContact:
    """Return one with so many events."""
    return KnownContact("4:x:1", 0, ids={hash(str(n)) for n in range(ids)})


def test_the_longest_unused_is_forgotten() -> None:
    """Being asked for is being used."""
    known = Known(budget=contact().bytes() * 2)
    for key in ("a", "b"):
        known.keep_contact(key, contact())
    known.contact("a")
    known.keep_contact("c", contact())

    assert known.contact("a") is not None
    assert known.contact("b") is None


def test_what_grows_is_counted() -> None:
    """Events that are added push others out; the last one stays, however large."""
    known = Known(budget=contact(100).bytes())
    kept = contact()
    known.keep_contact("a", contact())
    known.keep_contact("b", kept)
    known.add("b", kept, range(1000))

    assert known.contact("a") is None
    assert known.contact("b") is kept


def test_what_was_forgotten_is_not_added_to() -> None:
    """A contact that gave way meanwhile is read again."""
    known = Known()
    stranger = contact()
    known.keep_contact("a", contact())
    known.add("a", stranger, [1])
    known.clear()
    known.add("a", stranger, [1])

    assert stranger.ids == set()


def test_things_have_a_number() -> None:
    """Of things the last used are remembered."""
    known = Known(things=2)
    for key in ("a", "b"):
        known.keep_thing("Content", key, key)
    known.thing("Content", "a")
    known.keep_thing("Content", "c", "c")

    assert known.thing("Content", "a") == "a"
    assert known.thing("Content", "b") is None


def test_the_budget_is_of_real_bytes() -> None:
    """What is counted is about what is taken, of long histories and short ones."""
    for contacts, events in ((2000, 15), (20, 5000)):
        tracemalloc.start()
        before, _ = tracemalloc.get_traced_memory()
        kept = [contact(events) for _ in range(contacts)]
        after, _ = tracemalloc.get_traced_memory()
        tracemalloc.stop()

        counted = sum(each.bytes() for each in kept)
        assert after - before < counted * 1.3
