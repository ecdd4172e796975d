"""Worlds made at random: lines as an import has them, with what is late, odd and missing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from graph import times
from tests.generated import pools

if TYPE_CHECKING:
    from collections.abc import Sequence
    from random import Random

Line = dict[str, object]

NOW: Final = times.read_instant("2024-04-02T10:00:00Z")
"""The instant at which lines arrive; some events lie a little after it."""

ANCHORS: Final = (
    *(times.read_instant(at) for at in pools.INSTANTS[:12]),
    NOW,
    NOW + 5 * times.MINUTE,
    NOW - times.DAY,
)
_STEPS: Final = (0, 0, 0, 1, -1, times.HOUR, -times.DAY, -7 * times.DAY, -36 * times.HOUR)


def made(chance: Random, contacts: int) -> list[Line]:
    """Return the lines of a world with so many contacts, in an order that may be told."""
    lines = [*_trees(chance), *_things(chance), *_accounts(chance)]
    for number in range(contacts):
        key = _contact_key(number)
        told = [_contact(chance, key) for _ in range(chance.choice((0, 1, 1, 2, 4)))]
        events = [_event(chance, key, each) for each in range(chance.choice((0, 1, 2, 4, 9)))]
        lines += told or events or [{"type": "contact", "key": key, "at": _instant(chance)}]
        lines += events if told else []
        lines += [_consent(chance, key) for _ in range(chance.choice((0, 0, 1, 3)))]
    return lines


def value(chance: Random) -> object:
    """Return a value that an event or a trait may have, now and then a list."""
    pool = chance.choice(pools.OF_ONE_TYPE)
    if chance.random() < 0.75:
        return chance.choice(pool)
    return [chance.choice(pool) for _ in range(chance.choice((0, 1, 2, 3)))]


def instant(chance: Random) -> int:
    """Return an instant at or near one of a few."""
    return min(chance.choice(ANCHORS) + chance.choice(_STEPS), NOW + 5 * times.MINUTE)


def _instant(chance: Random) -> str:
    return times.instant_text(instant(chance))


def _contact_key(number: int) -> str:
    return ("ann", "`bob'", "$keys", "\U0001f600", "\uffff")[number] if number < 5 else f"c{number}"


def _trees(chance: Random) -> list[Line]:
    return [
        *_tree(chance, "topic", pools.TOPICS),
        *_tree(chance, "category", pools.CATEGORIES),
    ]


def _tree(chance: Random, kind: str, keys: Sequence[str]) -> list[Line]:
    lines: list[Line] = []
    for place, key in enumerate(keys):
        line: Line = {"type": kind, "key": key}
        if place and chance.random() < 0.7:
            line["parent"] = keys[chance.randrange(place)]
        lines.append(line)
    return lines


def _things(chance: Random) -> list[Line]:
    lines: list[Line] = []
    for key in pools.CONTENTS[:-1]:
        line: Line = {"type": "content", "key": key}
        line["topics"] = list(chance.sample(pools.TOPICS, chance.choice((0, 1, 1, 2))))
        if chance.random() < 0.6:
            line["kind"] = chance.choice(pools.KINDS)
        if chance.random() < 0.5:
            line["title"] = chance.choice(pools.TEXTS)
        lines.append(_with_properties(chance, line, "properties", ("amount", "tags", "$t")))
    for key in pools.PRODUCTS[:-1]:
        product: Line = {"type": "product", "key": key}
        if chance.random() < 0.8:
            product["category"] = chance.choice(pools.CATEGORIES)
        if chance.random() < 0.5:
            product["name"] = chance.choice(pools.TEXTS)
        lines.append(_with_properties(chance, product, "properties", ("amount", "tags", "kind")))
    return lines


def _accounts(chance: Random) -> list[Line]:
    return [
        _with_properties(chance, {"type": "account", "key": key}, "traits", pools.TRAITS)
        for key in pools.ACCOUNTS[:-1]
    ]


def _with_properties(chance: Random, line: Line, field: str, names: Sequence[str]) -> Line:
    told = {name: value(chance) for name in names if chance.random() < 0.4}
    return line | ({field: told} if told else {})


def _contact(chance: Random, key: str) -> Line:
    line: Line = {"type": "contact", "key": key, "at": _instant(chance)}
    traits: Line = {name: value(chance) for name in pools.TRAITS if chance.random() < 0.4}
    for name in pools.TRAITS:
        if chance.random() < 0.05:
            traits[name] = None  # taken back
    if chance.random() < 0.5:
        traits["zone"] = chance.choice(pools.ZONES)
    if chance.random() < 0.2:
        traits["location"] = {"latitude": 52.5, "longitude": chance.choice((13.4, 13.45, -170))}
    if traits:
        line["traits"] = traits
    if chance.random() < 0.4:
        line["accounts"] = list(chance.sample(pools.ACCOUNTS, chance.choice((0, 1, 1, 2))))
    if chance.random() < 0.2:
        line["createdAt"] = _instant(chance)
    return line


def _consent(chance: Random, contact: str) -> Line:
    return {
        "type": "consent",
        "contact": contact,
        "purpose": chance.choice(pools.PURPOSES),
        "state": chance.choice(("GRANTED", "WITHDRAWN")),
        "at": _instant(chance),
    }


def _event(chance: Random, contact: str, number: int) -> Line:
    line: Line = {
        "contact": contact,
        "event": chance.choice(pools.EVENTS),
        "id": f"{chance.choice('ba')}{number}",
        "at": _instant(chance),
    }
    line = _with_properties(chance, line, "properties", pools.PROPERTIES)
    about = chance.choice(_ABOUT)
    if about is not None:
        kind, keys = about
        line["about"] = {kind: chance.choice(keys)}
    if chance.random() < 0.3:
        line["source"] = chance.choice(pools.SOURCES)
    if chance.random() < 0.3:
        line["purpose"] = chance.choice(pools.PURPOSES)
    return line


_ABOUT: Final = (
    None,
    ("content", pools.CONTENTS),
    ("content", pools.CONTENTS),
    ("content", pools.CONTENTS),
    ("product", pools.PRODUCTS),
    ("product", pools.PRODUCTS),
    ("feature", pools.OTHERS),
    ("ticket", pools.OTHERS),
    ("search", pools.OTHERS),
    ("campaign", pools.OTHERS),
)
