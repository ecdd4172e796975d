"""Lines that a few contacts and things are told of, near the present: late, doubled, ahead."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from graph import times
from tests.generated import pools

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from random import Random

Line = dict[str, object]

CONTACTS: Final = ("ann", "bob", "cyd", "dan", "`eve'", "\U0001f600")
EVENTS: Final = (
    "Page Viewed",
    "Page Viewed",
    "Page Viewed",
    "Content Clicked",
    "Feature Used",
    "Email Opened",
    "Order Completed",
)
AGO: Final = (
    0,
    0,
    1,
    times.MINUTE,
    times.HOUR,
    times.DAY - 1,
    times.DAY,
    2 * times.DAY,
    6 * times.DAY,
    7 * times.DAY - 1,
    7 * times.DAY,
    8 * times.DAY,
    14 * times.DAY,
    40 * times.DAY,
    400 * times.DAY,
    -1,
    -times.MINUTE,
    -5 * times.MINUTE,
)
"""How long before the present something happened; some of it is told ahead."""
TRAITS: Final[Mapping[str, Sequence[object]]] = {
    "plan": ("pro", "free", 1, None),
    "score": (0, 1, 2.5, None),
    "a": (1, 2, None),
    "birthday": ("1988-02-29", "1990-04-03", "1990-04-09", None),
    "zone": ("UTC", "Europe/Berlin", "Australia/Lord_Howe", "Pacific/Kiritimati", None),
    "location": ({"latitude": 52.5, "longitude": 13.4}, {"latitude": 0, "longitude": 0}, None),
}
AMOUNTS: Final = (0, 1, 2, 0.5, 60, 150, "pro", True)
CONTENTS: Final = pools.CONTENTS[:3]
ABOUT: Final = (
    *({"content": key} for key in (*CONTENTS, *CONTENTS[:2])),
    *({"product": key} for key in pools.PRODUCTS[:2]),
    {"feature": "x"},
    None,
)


def first() -> list[Line]:
    """Return what is known before anything is told: trees, things in them, an account."""
    return [
        {"type": "topic", "key": "t0"},
        {"type": "topic", "key": "t1", "parent": "t0"},
        {"type": "topic", "key": "t2", "parent": "t1"},
        {"type": "category", "key": "t0"},
        {"type": "category", "key": "k1", "parent": "t0"},
        {"type": "content", "key": "c1", "topics": ["t1"], "kind": "page"},
        {"type": "content", "key": "c2", "topics": ["t2"]},
        {"type": "product", "key": "p1", "category": "k1"},
        {"type": "account", "key": "acme", "traits": {"plan": "pro"}},
    ]


def batch(chance: Random, now: int, most: int = 8) -> list[Line]:
    """Return lines told at an instant, of which one at most moves a place of a tree.

    Told twice, moves of several may be refused that were not.
    """
    lines = [chance.choice(_LINES)(chance, now) for _ in range(chance.randint(1, most))]
    return [*lines, _place(chance)] if chance.random() < 0.2 else lines


def events(chance: Random, now: int) -> list[Line]:
    """Return events that happen at an instant."""
    return [_event(chance, now) | {"at": times.instant_text(now)} for _ in range(4)]


def instants(lines: Sequence[Line]) -> set[int]:
    """Return the instants that lines name."""
    told = [line.get(name) for line in lines for name in ("at", "createdAt")]
    return {times.read_instant(at) for at in told if isinstance(at, str)}


def _at(chance: Random, now: int) -> str:
    return times.instant_text(now - chance.choice(AGO))


def _event(chance: Random, now: int) -> Line:
    line: Line = {
        "type": "event",
        "contact": chance.choice(CONTACTS),
        "event": chance.choice(EVENTS),
        "id": str(chance.randrange(60)),
        "at": _at(chance, now),
        "about": chance.choice(ABOUT),
    }
    if chance.random() < 0.3:
        line["purpose"] = chance.choice(pools.PURPOSES)
    if chance.random() < 0.5:
        line["properties"] = {"amount": chance.choice(AMOUNTS)}
    return line


def _contact(chance: Random, now: int) -> Line:
    line: Line = {"type": "contact", "key": chance.choice(CONTACTS), "at": _at(chance, now)}
    line["traits"] = {
        name: chance.choice(values) for name, values in TRAITS.items() if chance.random() < 0.4
    }
    if chance.random() < 0.5:
        line["accounts"] = chance.sample(pools.ACCOUNTS, chance.choice((0, 1, 1, 2)))
    if chance.random() < 0.2:
        line["createdAt"] = _at(chance, now)
    return line


def _consent(chance: Random, now: int) -> Line:
    return {
        "type": "consent",
        "contact": chance.choice(CONTACTS),
        "purpose": chance.choice(pools.PURPOSES),
        "state": chance.choice(("GRANTED", "WITHDRAWN")),
        "at": _at(chance, now),
    }


def _thing(chance: Random, now: int) -> Line:
    del now
    match chance.choice(("content", "product", "account")):
        case "content":
            topics = chance.sample(pools.TOPICS[:4], chance.choice((0, 1, 1, 2)))
            line: Line = {"type": "content", "key": chance.choice(CONTENTS)}
            return line | {"topics": topics, "kind": chance.choice((*pools.KINDS, None))}
        case "product":
            category = chance.choice((None, *pools.CATEGORIES))
            return {
                "type": "product",
                "key": chance.choice(pools.PRODUCTS[:2]),
                "category": category,
            }
        case _:
            traits = {"plan": chance.choice(TRAITS["plan"])}
            return {"type": "account", "key": chance.choice(pools.ACCOUNTS), "traits": traits}


def _place(chance: Random) -> Line:
    kind, keys = chance.choice((("topic", pools.TOPICS[:4]), ("category", pools.CATEGORIES)))
    return {"type": kind, "key": chance.choice(keys), "parent": chance.choice((None, *keys))}


_LINES: Final[Sequence[Callable[[Random, int], Line]]] = (
    *(_event,) * 5,
    *(_contact,) * 2,
    _consent,
    _thing,
)
