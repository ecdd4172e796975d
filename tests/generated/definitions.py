"""Strategies for definitions, as a client writes them: every choice of the language is drawn."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from hypothesis import strategies as st

from graph.conditions.calendar import CalendarUnit
from graph.model import ThingKind
from tests.generated import pools
from tests.generated.parts import (
    BOUNDS,
    COMPARISON,
    COMPARISONS,
    CONSENT,
    DISTINCTS,
    DURATION,
    EVENT,
    PATTERN,
    SEGMENT,
    SOMEBODY,
    TRAIT,
    VALUE,
    WINDOW,
    ZONE,
    Body,
    choice,
    fields,
    merged,
    of_pattern,
    pick,
    some,
    under,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

_DID: Final = st.tuples(
    of_pattern(None, {"within": WINDOW, "distinct": choice(DISTINCTS)}), BOUNDS
).map(merged)
_ENGAGED: Final = fields(
    {"topic": pick((*pools.TOPICS, pools.UNKNOWN))},
    {"contents": pick((1, 2, 3)), "with": some(EVENT, 3), "within": WINDOW},
)
_SHORT: Final = pick(pools.DURATIONS[:-1])
_TIED: Final[Mapping[str, Body]] = {
    "thing": st.just(True),  # noqa: FBT003 - a value of JSON
    "property": pick(pools.PROPERTIES),
}


def _ended(drawn: tuple[object, object, list[object], bool]) -> object:
    """Return a sequence of a first step and others, of which the last may be absent."""
    sequence, first, others, absent = drawn
    last = merged((others[-1], {"absent": True} if absent else {}))
    return merged((sequence, {"steps": [first, *others[:-1], last]}))


_STEP: Final = of_pattern(None, {"within": DURATION})
_SEQUENCE: Final = st.tuples(
    fields({}, {"same": choice(_TIED), "within": WINDOW}),
    PATTERN,
    st.sampled_from((1, 1, 1, 2, 2, 2, 3, 3, 4, 5)).flatmap(
        lambda more: st.lists(_STEP, min_size=more, max_size=more)
    ),
    st.booleans(),
).map(_ended)
_TOTAL: Final = of_pattern(
    {"of": pick(pools.PROPERTIES), "is": COMPARISON},
    {"by": pick(("SUM", "AVERAGE", "LEAST", "GREATEST")), "within": WINDOW},
)
_PERIOD: Final = choice(
    {
        "rolling": _SHORT,
        "calendar": fields({"unit": pick(list(CalendarUnit.__members__))}, {"zone": ZONE}),
    }
)
_REGULAR: Final = st.tuples(
    of_pattern({"every": _PERIOD}, {"times": pick((1, 2))}),
    st.sampled_from([{"in": 1, "of": 1}, {"in": 1, "of": 3}, {"in": 2, "of": 4}]),
).map(merged)
_BY: Final[tuple[tuple[str, Body, Body], ...]] = (
    ("topic", st.just(True), pick(pools.TOPICS)),  # noqa: FBT003 - a value of JSON
    ("category", st.just(True), pick(pools.CATEGORIES)),  # noqa: FBT003 - a value of JSON
    ("thing", pick(list(ThingKind.__members__)), pick((*pools.CONTENTS, *pools.SOURCES))),
    ("property", pick(pools.PROPERTIES), VALUE),
)
_FAVOURITE: Final = st.tuples(
    of_pattern(None, {"within": WINDOW, "atLeast": pick((1, 2))}),
    st.one_of([fields({"by": under(word, by), "is": is_}) for word, by, is_ in _BY]),
).map(merged)
_MOVING: Final = {"inLast", "inNext", "agoMoreThan", "anniversaryInNext"}
_STANDING: Final = choice({word: body for word, body in COMPARISONS.items() if word not in _MOVING})
_HELD: Final = fields({"name": pick(pools.TRAITS), "within": WINDOW}) | fields(
    {"name": pick((*pools.TRAITS, "zone", "createdAt")), "within": WINDOW, "is": _STANDING},
    {"how": pick(("THROUGHOUT", "SOMETIME"))},
)
_ACCOUNT: Final = fields({"traits": some(TRAIT)})
_FLAG: Final = st.just(True)  # noqa: FBT003 - a value of JSON
_WHO: Final = (
    SOMEBODY
    | choice({"did": _DID})
    | choice({"sequence": _SEQUENCE, "total": _TOTAL, "favourite": _FAVOURITE})
    | choice({"account": _ACCOUNT, "traitHeld": _HELD})
)
_COLLEAGUES: Final = st.tuples(
    fields({"who": _WHO}, {"account": some(TRAIT), "includeSelf": st.booleans()}),
    BOUNDS | fields({"all": _FLAG}) | fields({"none": _FLAG}),
).map(merged)
_RFM: Final = st.tuples(
    of_pattern(None, {"within": WINDOW}),
    fields({"recentWithin": DURATION}, {"frequencyAtLeast": pick((0, 1, 2))})
    | fields(
        {"moneyAtLeast": pick((-1, 0, 2.5)), "of": pick(pools.PROPERTIES)},
        {"frequencyAtLeast": pick((0, 1, 2)), "recentWithin": DURATION},
    ),
).map(merged)

LEAVES: Final[Mapping[str, Body]] = {
    "did": _DID,
    "engaged": _ENGAGED,
    "trait": TRAIT,
    "account": _ACCOUNT,
    "sequence": _SEQUENCE,
    "firstTime": of_pattern({"within": WINDOW}, {"nth": pick((1, 2, 3))}),
    "latest": of_pattern(
        {"has": some(fields({"property": pick(pools.PROPERTIES), "is": COMPARISON}))},
        {"within": WINDOW},
    ),
    "total": _TOTAL,
    "regular": _REGULAR,
    "stopped": of_pattern({"active": _SHORT, "silent": _SHORT}),
    "resumed": of_pattern({"recent": _SHORT, "silent": _SHORT}),
    "favourite": _FAVOURITE,
    "moreOften": of_pattern({"than": PATTERN}, {"within": WINDOW}),
    "traitHeld": _HELD,
    "colleagues": _COLLEAGUES,
    "segment": SEGMENT,
    "consent": CONSENT,
    "near": fields(
        {
            "latitude": pick((52.5, 0, -90)),
            "longitude": pick((13.4, 13.5, 180)),
            "km": pick((7, 1e4)),
        }
    ),
    "sample": fields({"percent": pick((0, 10, 33.3, 50, 100)), "salt": pick(("june", "`'$t"))}),
    "rfm": _RFM,
}
_LEAF: Final = choice({"did": _DID}) | choice(LEAVES) | choice(LEAVES)


def _logic(depth: int) -> Body:
    if not depth:
        return _LEAF
    inner = _logic(depth - 1)
    return _LEAF | choice(logic_of(inner))


def logic_of(inner: Body) -> Mapping[str, Body]:
    """Return the ways to join conditions."""
    return {"all": some(inner, 3), "any": some(inner, 3), "not": inner}


_DEFINITION: Final = _logic(4)


@st.composite
def _leaf(draw: st.DrawFn) -> object:
    return draw(_LEAF)


@st.composite
def _definition(draw: st.DrawFn) -> object:
    return draw(_DEFINITION)


# Whatever reports of a strategy prints all that it is made of, but not what a function draws.
LEAF: Final[Body] = _leaf()
DEFINITION: Final[Body] = _definition()
"""Definitions up to five levels deep, six where others are asked about."""
