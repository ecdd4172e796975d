"""Strategies for definitions, as a client writes them: every choice of the language is drawn."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, cast

from hypothesis import strategies as st

from graph import times, values
from graph.conditions.calendar import CalendarUnit
from graph.conditions.order import point
from tests.generated import pools

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from graph.values import Scalar


Body = st.SearchStrategy[object]


def _choice(choices: Mapping[str, Body]) -> Body:
    """Draw exactly one of some choices, under its word."""
    return st.one_of([_under(word, body) for word, body in choices.items()])


def _under(word: str, body: Body) -> Body:
    return body.map(lambda each: {word: each})


def _pick(pool: Sequence[object]) -> Body:
    return st.sampled_from(list(pool))


def _some(body: Body, most: int = 2) -> Body:
    return st.lists(body, min_size=1, max_size=most).map(lambda drawn: drawn)


def _fields(required: Mapping[str, Body], optional: Mapping[str, Body] | None = None) -> Body:
    return st.fixed_dictionaries(dict(required), optional=dict(optional or {})).map(
        lambda drawn: drawn
    )


VALUE: Final = st.one_of([_pick(pool) for pool in pools.OF_ONE_TYPE])
_TIMES: Final = (*pools.INSTANTS, *pools.DATES)
_ORDERED: Final = _pick(pools.NUMBERS) | _pick(_TIMES)
_DURATION: Final = _pick(pools.DURATIONS)
_INSTANT: Final = _pick(pools.INSTANTS)
_ZONE: Final = _pick((*pools.ZONES, "CONTACT", "CONTACT"))
_EVENT: Final = _pick((*pools.EVENTS, pools.NEVER))


def _place(operand: object) -> int | float:
    return point(cast("Scalar", values.of_json(operand)))


def _range(pool: Sequence[object]) -> Body:
    def ordered(pair: list[object]) -> object:
        least, greatest = sorted(pair, key=_place)
        return {"from": least, "to": greatest}

    return st.lists(_pick(pool), min_size=2, max_size=2).map(ordered)


_TEXT: Final = _fields({"text": _pick(pools.TEXTS)}, {"ignoreCase": st.booleans()})

COMPARISONS: Final[Mapping[str, Body]] = {
    "eq": VALUE,
    "ne": VALUE,
    "in": _some(VALUE, 3),
    "notIn": _some(VALUE, 3),
    "lt": _ORDERED,
    "lte": _ORDERED,
    "gt": _ORDERED,
    "gte": _ORDERED,
    "between": _range(pools.NUMBERS) | _range(_TIMES),
    "exists": st.booleans(),
    "contains": _TEXT,
    "startsWith": _TEXT,
    "endsWith": _TEXT,
    "matches": _pick(pools.PATTERNS),
    "before": _INSTANT,
    "after": _INSTANT,
    "inLast": _DURATION,
    "inNext": _DURATION,
    "agoMoreThan": _DURATION,
    "anniversaryInNext": _pick(pools.DAYS),
}
COMPARISON: Final = _choice(COMPARISONS)


def _spans() -> Body:
    pairs = [(a, b) for a in pools.INSTANTS for b in pools.INSTANTS if _place(a) < _place(b)]
    return st.sampled_from(pairs).map(lambda pair: {"from": pair[0], "to": pair[1]})


def _agos() -> Body:
    lengths = sorted(pools.DURATIONS, key=times.read_duration)
    pairs = [(a, b) for place, a in enumerate(lengths) for b in lengths[place + 1 :]]
    between: Body = st.sampled_from(pairs).map(lambda pair: {"to": pair[0], "from": pair[1]})
    return between | _fields({"to": _DURATION})


def _calendar() -> Body:
    unit = _pick(list(CalendarUnit.__members__))
    counted = _fields(
        {"unit": unit, "count": _pick((1, 1, 2, 3, 30, 100_000))},
        {"zone": _ZONE, "current": st.booleans()},
    )
    return counted | _fields({"unit": unit, "count": st.just(0)}, {"zone": _ZONE})


WINDOWS: Final[Mapping[str, Body]] = {
    "last": _DURATION,
    "between": _agos(),
    "since": _INSTANT,
    "during": _spans(),
    "calendar": _calendar(),
    "ofFirst": _fields({"event": _EVENT, "within": _DURATION}),
}
WINDOW: Final = _choice(WINDOWS)


def _where(names: Sequence[str]) -> Body:
    return _some(_fields({"property": _pick(names), "is": COMPARISON}))


def _keys(pool: Sequence[str]) -> Body:
    return _some(_pick((*pool, pools.UNKNOWN)), 3)


_OTHER: Final = _fields({}, {"keys": _keys(pools.OTHERS)})
ABOUTS: Final[Mapping[str, Body]] = {
    "content": _fields(
        {},
        {
            "keys": _keys(pools.CONTENTS),
            "kind": _pick(pools.KINDS),
            "topic": _pick((*pools.TOPICS, pools.UNKNOWN)),
            "where": _where(("amount", "tags", "$t", "title", "url", "kind")),
        },
    ),
    "product": _fields(
        {},
        {
            "keys": _keys(pools.PRODUCTS),
            "category": _pick((*pools.CATEGORIES, pools.UNKNOWN)),
            "where": _where(("amount", "tags", "kind", "name")),
        },
    ),
    "feature": _OTHER,
    "ticket": _OTHER,
    "search": _OTHER,
    "campaign": _OTHER,
    "source": _fields({}, {"keys": _keys(pools.SOURCES)}),
}
ABOUT: Final = _choice(ABOUTS)

DISTINCTS: Final[Mapping[str, Body]] = {
    "thing": st.just(True),  # noqa: FBT003 - a value of JSON
    "property": _pick(pools.PROPERTIES),
    "day": _ZONE,
}

_NUMBER: Final = st.sampled_from([0, 1, 1, 2, 3])
_BOUNDS: Final = (
    _fields({}, {"atLeast": _NUMBER})
    | _fields({"atMost": _NUMBER})
    | _fields({"exactly": _NUMBER})
    | st.tuples(_NUMBER, _NUMBER).map(lambda pair: {"atLeast": min(pair), "atMost": max(pair)})
)
_KINDS: Final = _fields({"event": _EVENT}) | _fields({"events": _some(_EVENT, 3)}) | _fields({})


def _merged(maps: tuple[object, ...]) -> object:
    merged: dict[str, object] = {}
    for each in maps:
        merged |= cast("dict[str, object]", each)
    return merged


_DID: Final = st.tuples(
    _KINDS,
    _BOUNDS,
    _fields(
        {},
        {
            "where": _where(pools.PROPERTIES),
            "about": ABOUT,
            "within": WINDOW,
            "distinct": _choice(DISTINCTS),
        },
    ),
).map(_merged)
_ENGAGED: Final = _fields(
    {"topic": _pick((*pools.TOPICS, pools.UNKNOWN))},
    {"contents": _pick((1, 2, 3)), "with": _some(_EVENT, 3), "within": WINDOW},
)
_TRAIT_NAME: Final = _pick((*pools.TRAITS, "zone", "location", "createdAt", "key", "unheard"))
_TRAIT: Final = _fields({"name": _TRAIT_NAME, "is": COMPARISON})
_ACCOUNT: Final = _fields({"traits": _some(_TRAIT)})

LEAVES: Final[Mapping[str, Body]] = {
    "did": _DID,
    "engaged": _ENGAGED,
    "trait": _TRAIT,
    "account": _ACCOUNT,
}
LEAF: Final = _choice({"did": _DID}) | _choice({"did": _DID}) | _choice(LEAVES)


def _logic(depth: int) -> Body:
    if not depth:
        return LEAF
    inner = _logic(depth - 1)
    return LEAF | _choice(logic_of(inner))


def logic_of(inner: Body) -> Mapping[str, Body]:
    """Return the ways to join conditions."""
    return {"all": _some(inner, 3), "any": _some(inner, 3), "not": inner}


DEFINITION: Final = _logic(3)
"""Definitions up to four levels deep."""
