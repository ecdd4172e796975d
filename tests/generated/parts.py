"""Strategies for what conditions are made of: values, comparisons, windows, things, patterns."""

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


def choice(choices: Mapping[str, Body]) -> Body:
    """Draw exactly one of some choices, under its word."""
    return st.one_of([under(word, body) for word, body in choices.items()])


def under(word: str, body: Body) -> Body:
    """Draw under a word."""
    return body.map(lambda each: {word: each})


def pick(pool: Sequence[object]) -> Body:
    """Draw one of a pool."""
    return st.sampled_from(list(pool))


def some(body: Body, most: int = 2) -> Body:
    """Draw a list that is not empty."""
    return st.lists(body, min_size=1, max_size=most).map(lambda drawn: drawn)


def fields(required: Mapping[str, Body], optional: Mapping[str, Body] | None = None) -> Body:
    """Draw a map of fields."""
    return st.fixed_dictionaries(dict(required), optional=dict(optional or {})).map(
        lambda drawn: drawn
    )


VALUE: Final = st.one_of([pick(pool) for pool in pools.OF_ONE_TYPE])
_TIMES: Final = (*pools.INSTANTS, *pools.DATES)
_ORDERED: Final = pick(pools.NUMBERS) | pick(_TIMES)
DURATION: Final = pick(pools.DURATIONS)
INSTANT: Final = pick(pools.INSTANTS)
ZONE: Final = pick((*pools.ZONES, "CONTACT", "CONTACT"))
EVENT: Final = pick((*pools.EVENTS, pools.NEVER))


def _place(operand: object) -> int | float:
    return point(cast("Scalar", values.of_json(operand)))


def _range(pool: Sequence[object]) -> Body:
    def ordered(pair: list[object]) -> object:
        least, greatest = sorted(pair, key=_place)
        return {"from": least, "to": greatest}

    return st.lists(pick(pool), min_size=2, max_size=2).map(ordered)


_TEXT: Final = fields({"text": pick(pools.TEXTS)}, {"ignoreCase": st.booleans()})

COMPARISONS: Final[Mapping[str, Body]] = {
    "eq": VALUE,
    "ne": VALUE,
    "in": some(VALUE, 3),
    "notIn": some(VALUE, 3),
    "lt": _ORDERED,
    "lte": _ORDERED,
    "gt": _ORDERED,
    "gte": _ORDERED,
    "between": _range(pools.NUMBERS) | _range(_TIMES),
    "exists": st.booleans(),
    "contains": _TEXT,
    "startsWith": _TEXT,
    "endsWith": _TEXT,
    "matches": pick(pools.PATTERNS),
    "before": INSTANT,
    "after": INSTANT,
    "inLast": DURATION,
    "inNext": DURATION,
    "agoMoreThan": DURATION,
    "anniversaryInNext": pick(pools.DAYS),
}
COMPARISON: Final = choice(COMPARISONS)


def _spans() -> Body:
    pairs = [(a, b) for a in pools.INSTANTS for b in pools.INSTANTS if _place(a) < _place(b)]
    return st.sampled_from(pairs).map(lambda pair: {"from": pair[0], "to": pair[1]})


def _agos() -> Body:
    lengths = sorted(pools.DURATIONS, key=times.read_duration)
    pairs = [(a, b) for place, a in enumerate(lengths) for b in lengths[place + 1 :]]
    between: Body = st.sampled_from(pairs).map(lambda pair: {"to": pair[0], "from": pair[1]})
    return between | fields({"to": DURATION})


def _calendar() -> Body:
    unit = pick(list(CalendarUnit.__members__))
    counted = fields(
        {"unit": unit, "count": pick((1, 1, 2, 3, 30, 100_000))},
        {"zone": ZONE, "current": st.booleans()},
    )
    return counted | fields({"unit": unit, "count": st.just(0)}, {"zone": ZONE})


WINDOWS: Final[Mapping[str, Body]] = {
    "last": DURATION,
    "between": _agos(),
    "since": INSTANT,
    "during": _spans(),
    "calendar": _calendar(),
    "ofFirst": fields({"event": EVENT, "within": DURATION}),
}
WINDOW: Final = choice(WINDOWS)


def _where(names: Sequence[str]) -> Body:
    return some(fields({"property": pick(names), "is": COMPARISON}))


def _keys(pool: Sequence[str]) -> Body:
    return some(pick((*pool, pools.UNKNOWN)), 3)


DISTINCTS: Final[Mapping[str, Body]] = {
    "thing": st.just(True),  # noqa: FBT003 - a value of JSON
    "property": pick(pools.PROPERTIES),
    "day": ZONE,
}

_NUMBER: Final = st.sampled_from([0, 1, 1, 2, 3])
BOUNDS: Final = (
    fields({}, {"atLeast": _NUMBER})
    | fields({"atMost": _NUMBER})
    | fields({"exactly": _NUMBER})
    | st.tuples(_NUMBER, _NUMBER).map(lambda pair: {"atLeast": min(pair), "atMost": max(pair)})
)
KINDS: Final = fields({"event": EVENT}) | fields({"events": some(EVENT, 3)}) | fields({})


def merged(maps: tuple[object, ...]) -> object:
    """Return several maps as one."""
    merged: dict[str, object] = {}
    for each in maps:
        merged |= cast("dict[str, object]", each)
    return merged


_TRAIT_NAME: Final = pick((*pools.TRAITS, "zone", "location", "createdAt", "key", "unheard"))
TRAIT: Final = fields({"name": _TRAIT_NAME, "is": COMPARISON})
SIMPLE: Final = choice(
    {
        "trait": TRAIT,
        "did": st.tuples(KINDS, BOUNDS, fields({}, {"within": WINDOW})).map(merged),
    }
)
"""Conditions that look at one contact, and at no thing."""
SEGMENT: Final = fields({"key": pick(list(pools.SEGMENTS))}, {"at": INSTANT})
CONSENT: Final = fields(
    {"purpose": pick(pools.PURPOSES), "is": pick(("GRANTED", "WITHDRAWN", "UNKNOWN"))}
)
_ALIKE: Final = SIMPLE | choice({"segment": SEGMENT, "consent": CONSENT})
SOMEBODY: Final = (
    SIMPLE | _ALIKE | choice({"all": some(_ALIKE), "any": some(_ALIKE), "not": _ALIKE})
)
"""What others may meet, be it what they had in common with things or their accounts."""

_OTHER: Final = fields({}, {"keys": _keys(pools.OTHERS)})
_CONTENT: Final = fields(
    {},
    {
        "keys": _keys(pools.CONTENTS),
        "kind": pick(pools.KINDS),
        "topic": pick((*pools.TOPICS, pools.UNKNOWN)),
        "where": _where(("amount", "tags", "$t", "title", "url", "kind")),
    },
)
_PRODUCT: Final = fields(
    {},
    {
        "keys": _keys(pools.PRODUCTS),
        "category": pick((*pools.CATEGORIES, pools.UNKNOWN)),
        "where": _where(("amount", "tags", "kind", "name")),
    },
)


def _popular(thing: Body) -> Body:
    """Draw things that are popular, too, with contacts of some sort."""
    popular = fields({"event": EVENT, "atLeast": pick((1, 1, 2)), "who": SOMEBODY})
    return st.tuples(thing, under("popularWith", popular)).map(merged)


ABOUTS: Final[Mapping[str, Body]] = {
    "content": _CONTENT | _CONTENT | _CONTENT | _popular(_CONTENT),
    "product": _PRODUCT | _PRODUCT | _PRODUCT | _popular(_PRODUCT),
    "feature": _OTHER,
    "ticket": _OTHER,
    "search": _OTHER,
    "campaign": _OTHER,
    "source": fields({}, {"keys": _keys(pools.SOURCES)}),
}
ABOUT: Final = choice(ABOUTS)
PATTERN: Final = st.tuples(
    KINDS, fields({}, {"where": _where(pools.PROPERTIES), "about": ABOUT})
).map(merged)


def of_pattern(
    required: Mapping[str, Body] | None = None, optional: Mapping[str, Body] | None = None
) -> Body:
    """Draw a pattern with more fields."""
    return st.tuples(PATTERN, fields(required or {}, optional)).map(merged)
