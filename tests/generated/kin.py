"""Conditions of several sorts about the same events, people or trait, which meet one another."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from hypothesis import strategies as st

from tests.generated import pools
from tests.generated.parts import choice, fields, merged, pick, some

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.generated.parts import Body

BOUNDS: Final = (
    fields({}, {"atLeast": pick((0, 1, 2, 3))})
    | fields({"atMost": pick((0, 1, 2))})
    | fields({"exactly": pick((0, 1, 2))})
    | st.just({"atLeast": 1, "atMost": 2})
)
WINDOW: Final = choice(
    {
        "last": pick(("P7D", "P30D", "P366D")),
        "between": pick(({"from": "P30D", "to": "P7D"}, {"to": "P7D"})),
        "since": pick(("2024-03-10T07:00:00Z", "2024-01-01T00:00:00Z")),
        "during": st.just({"from": "2024-03-10T07:00:00Z", "to": "2024-03-31T00:00:00Z"}),
        "ofFirst": st.just({"event": "Email Opened", "within": "P7D"}),
    }
)
_KIND: Final = pick(("Page Viewed", "Feature Used", "Order Completed"))
_FLAG: Final = st.just(True)  # noqa: FBT003 - a value of JSON
_NUMBER: Final = pick((0, 0.5, 1, 2))
_NUMBERS: Final = choice(
    dict.fromkeys(("eq", "ne", "lt", "lte", "gt", "gte"), _NUMBER)
    | {"in": some(_NUMBER, 2), "between": st.just({"from": 0, "to": 1})}
)
_VALUE: Final = pick(("pro", "free", 1))
_VALUES: Final = choice(
    {"eq": _VALUE, "ne": _VALUE, "in": some(_VALUE, 2), "notIn": some(_VALUE), "gt": pick((0, 1))}
    | {"exists": st.booleans()}
)
_TRAITS: Final = some(fields({"name": pick(("plan", "score", "key")), "is": _VALUES}), 2)


def _sorts(event: str) -> Mapping[str, Body]:
    """Return bodies of conditions about one kind of event."""
    about: Body = st.just({"event": event})

    def of(required: dict[str, Body], optional: dict[str, Body] | None = None) -> Body:
        return st.tuples(about, fields(required, optional)).map(merged)

    within = {"within": WINDOW}
    counted = st.tuples(of({}, within), BOUNDS).map(merged)
    of_amount: dict[str, Body] = {"of": st.just("amount"), "is": _NUMBERS}
    return {
        "did": counted,
        "total": of(of_amount, {"by": pick(("LEAST", "AVERAGE"))}),
        "firstTime": of(within, {"nth": pick((1, 2, 3))}),
        "sequence": fields(
            {"steps": st.permutations(({"event": event}, {"event": "Email Opened"}))}
        ),
        "latest": of(
            {"has": some(fields({"property": st.just("amount"), "is": _NUMBERS}))}, within
        ),
        "moreOften": of({"than": st.just({"event": "Email Opened"})}, within),
        "regular": of({"in": pick((1, 2)), "of": st.just(4), "every": st.just({"rolling": "P7D"})}),
        "favourite": of({"by": st.just({"thing": "CONTENT"}), "is": pick(("c1", "c2"))}, within),
        "rfm": of({"frequencyAtLeast": pick((0, 1, 2))}, {"recentWithin": pick(("P7D", "P30D"))}),
    }


def _people(event: str) -> Mapping[str, Body]:
    """Return bodies of conditions about accounts and those who share them."""
    who = st.just({"did": {"event": event}})
    asked = fields({"who": who}, {"includeSelf": _FLAG, "account": _TRAITS})
    number = BOUNDS | fields({"all": _FLAG}) | fields({"none": _FLAG})
    return {
        "colleagues": st.tuples(asked | fields({"who": who}), number).map(merged),
        "account": fields({"traits": _TRAITS}),
    }


_OF_TRAITS: Final[Mapping[str, Body]] = {
    "trait": fields({"name": pick(("plan", "score")), "is": _VALUES}),
    "traitHeld": fields({"name": pick(("plan", "score")), "within": WINDOW}, {"is": _VALUES}),
}


@st.composite
def kin(draw: st.DrawFn) -> object:
    """Draw two or three of them, joined, some negated, segments about such events among them."""
    event = str(draw(_KIND))
    sorts = draw(st.sampled_from((_sorts(event), _sorts(event), _people(event), _OF_TRAITS)))
    each = choice(sorts) | choice(dict([draw(st.sampled_from(list(sorts.items())))]))
    if "did" in sorts and draw(st.booleans()):
        segment = fields({"key": pick(list(pools.SEGMENTS))})
        each |= choice({"did": sorts["did"], "segment": segment})
    found = [draw(each) for _ in range(draw(st.integers(2, 3)))]
    found = [{"not": one} if draw(st.integers(0, 3)) == 0 else one for one in found]
    return {draw(st.sampled_from(("all", "any"))): found}
