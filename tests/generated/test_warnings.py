"""What the linter says of a definition is so, of everybody at every instant."""

from __future__ import annotations

import dataclasses
import random
from collections import Counter
from functools import cache
from typing import TYPE_CHECKING, Final, cast

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from graph import values
from graph.conditions import Condition, read
from graph.conditions.did import Did
from graph.conditions.logic import AllOf, AnyOf
from graph.conditions.pattern import Pattern
from graph.segmentation import SKEW
from graph.warnings import Names, Suspicion, warnings
from graph.warnings.names import Kind
from graph.warnings.parts import parts
from graph.warnings.relations import Relations
from tests import worlds
from tests.generated import histories, pools
from tests.generated.definitions import DEFINITION, logic_of
from tests.generated.graphs import SAVED
from tests.generated.instants import edges
from tests.generated.kin import BOUNDS, WINDOW, kin
from tests.generated.parts import ABOUT, COMPARISON, Body, choice, fields, merged, pick, some
from tests.report import PROVE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from graph.errors import Path
    from graph.subject import Subject

EXAMPLES: Final = 20_000 if PROVE else 700
WORLDS: Final = 5
INSTANTS: Final = 5

_KINDS: Final = (
    fields({"event": pick(("Page Viewed", "Feature Used", "Unheard"))})
    | st.just({"events": ["Page Viewed", "Feature Used"]})
    | fields({})
)
_VALUE: Final = pick((1, 1.0, True, "pro", "", 2, "2024-03-10", "2024-03-10T00:00:00Z"))
_NUMBER: Final = pick((0, 1, 2, "2024-03-10", "2024-03-31T00:00:00Z"))
_COMPARISON: Final = choice(
    {
        "eq": _VALUE,
        "ne": _VALUE,
        "in": some(_VALUE),
        "notIn": some(_VALUE),
        "lt": _NUMBER,
        "lte": _NUMBER,
        "gt": _NUMBER,
        "gte": _NUMBER,
        "between": pick(({"from": 1, "to": 2}, {"from": "2024-03-01", "to": "2024-03-31"})),
        "exists": st.booleans(),
        "startsWith": fields({"text": pick(("p", "P"))}, {"ignoreCase": st.booleans()}),
        "before": pick(("2024-03-10T00:00:00Z", "2024-03-31T00:00:00Z")),
        "after": pick(("2024-03-10T00:00:00Z", "2024-03-31T00:00:00Z")),
        "inLast": pick(("P7D", "P366D")),
        "inNext": pick(("P7D", "P366D")),
        "agoMoreThan": pick(("P7D", "P30D")),
    }
)
_NAME: Final = pick(("amount", "odd"))
_WHERE: Final = some(fields({"property": _NAME, "is": _COMPARISON}), 2)
_PATTERN: Final = st.tuples(_KINDS, fields({}, {"where": _WHERE, "about": ABOUT})).map(merged)
_TRAIT: Final = fields(
    {"name": pick(("plan", "score", "tags", "odd", "createdAt")), "is": _COMPARISON | COMPARISON}
)
_DISTINCT: Final = choice(
    {"thing": st.just(True), "property": _NAME, "day": pick(pools.ZONES)}  # noqa: FBT003 - a value of JSON
)


def _of(required: dict[str, Body], optional: dict[str, Body] | None = None) -> Body:
    return st.tuples(_PATTERN, fields(required, optional)).map(merged)


_LEAF: Final = choice({"trait": _TRAIT}) | choice(
    {
        "did": st.tuples(_of({}, {"within": WINDOW, "distinct": _DISTINCT}), BOUNDS).map(merged),
        "consent": fields(
            {"purpose": pick(("email", "unheard")), "is": pick(("GRANTED", "WITHDRAWN", "UNKNOWN"))}
        ),
        "near": fields(
            {"latitude": st.just(52.5), "longitude": st.just(13.4), "km": pick((7, 1e4))}
        ),
        "sample": fields({"percent": pick((0, 10, 50, 100)), "salt": pick(("june", "july"))}),
        "moreOften": _of({"than": _PATTERN}, {"within": WINDOW}),
        "latest": _of({"has": _WHERE}, {"within": WINDOW}),
        "favourite": _of(
            {
                "by": pick(({"topic": True}, {"category": True}, {"thing": "TICKET"})),
                "is": pick(("t1", "no")),
            }
        ),
        "rfm": _of({"frequencyAtLeast": pick((0, 1))}),
        "total": _of({"of": _NAME, "is": _COMPARISON}, {"by": pick(("SUM", "LEAST", "AVERAGE"))}),
        "firstTime": _of({"within": WINDOW}),
        "traitHeld": fields({"name": pick(("plan", "odd")), "within": WINDOW}),
    }
)
_FEW: Final = choice({"did": st.tuples(_KINDS, fields({}, {"within": WINDOW}), BOUNDS).map(merged)})
_SIDES: Final = _FEW | _LEAF
_CLOSE: Final = choice(logic_of(_SIDES | choice(logic_of(_SIDES))))


@st.composite
def _narrow(draw: st.DrawFn) -> object:
    """Draw a definition whose parts are near to one another, so that they meet."""
    return draw(_CLOSE)


@st.composite
def _twins(draw: st.DrawFn) -> object:
    """Draw conditions of the same events or of one trait, joined, some negated."""
    number = draw(st.integers(2, 3))
    if draw(st.booleans()):
        name = draw(pick(("plan", "score", "amount")))
        twins = [{"trait": {"name": name, "is": draw(_COMPARISON)}} for _ in range(number)]
    else:
        pattern = draw(_PATTERN)
        rest = st.tuples(BOUNDS, fields({}, {"within": WINDOW})).map(merged)
        twins = [{"did": merged((pattern, draw(rest)))} for _ in range(number)]
    twins = [{"not": each} if draw(st.integers(0, 3)) == 0 else each for each in twins]
    return {draw(st.sampled_from(("all", "any"))): twins}


@cache
def _world(number: int) -> tuple[list[Subject], Names]:
    """Return the contacts of one of a few worlds, some with few types, and what is known of it."""
    chance = random.Random(number)  # noqa: S311 - no secret
    lines = [_plain(line, number) for line in histories.made(chance, 20)]
    for contact in {str(line.get("contact", "ann")) for line in lines}:
        state, at = chance.choice(("GRANTED", "WITHDRAWN")), "2024-03-20T00:00:00Z"
        if chance.random() < 0.5:
            line: histories.Line = {"type": "consent", "contact": contact, "at": at}
            lines.append({**line, "purpose": "email", "state": state})
    people = worlds.subjects(lines, histories.NOW + SKEW, SAVED)
    return people, _names(people, lines)


def _plain(line: histories.Line, number: int) -> histories.Line:
    """Return a line in which some names have values of one type, as most data has."""
    for holder in ("properties", "traits"):
        told = dict(cast("histories.Line", line.get(holder, {})))
        for name, pool in (
            ("plan", ("pro", "free")),
            ("amount", (0, 1, 1.5, 2)),
            ("score", (1, 2)),
        ):
            if number % 2 and told.get(name) is not None:
                told[name] = pool[len(repr(told)) % len(pool)]
        line = {**line, holder: told} if told else line
    return line


def _names(people: list[Subject], lines: list[histories.Line]) -> Names:
    kinds: dict[str, Kind] = {}
    for event in (event for each in people for event in each.history.events):
        known = kinds.setdefault(event.name, Kind())
        properties = dict(known.properties)
        for name, value in event.properties.items():
            properties[name] = properties.get(name, frozenset()) | {values.type_name(value)}
        kinds[event.name] = Kind(known.about | {event.about.kind}, properties)
    traits: dict[str, frozenset[str]] = {}
    for name, tellings in ((n, told) for each in people for n, told in each.traits.items()):
        types = {values.type_name(each.value) for each in tellings if each.value is not None}
        traits[name] = traits.get(name, frozenset()) | types
    places = {
        kind: {str(line["key"]) for line in lines if line.get("type") == kind}
        for kind in ("topic", "category")
    }
    for event in (event for each in people for event in each.history.events):
        places["topic"] |= event.about.topics
        places["category"] |= event.about.categories
    purposes = frozenset(purpose for each in people for purpose in each.consents)
    topics, categories = frozenset(places["topic"]), frozenset(places["category"])
    return Names(kinds, traits, topics, categories, purposes, segments=SAVED)


def test_what_is_said_of_a_definition_is_so() -> None:
    """What never or always holds, and what changes nothing, is proven by the plain meaning."""
    said: Counter[str] = Counter()

    @given(definition=_twins() | kin() | kin() | _narrow() | DEFINITION, seed=st.integers(0, 2**32))
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        phases=(Phase.explicit, Phase.reuse, Phase.generate),
        suppress_health_check=[HealthCheck.too_slow],
    )
    def is_so(definition: object, seed: int) -> None:
        people, names = _world(seed % WORLDS)
        chance = random.Random(seed)  # noqa: S311 - no secret
        condition = read(definition)
        found = warnings(condition, names, histories.NOW)
        instants = edges(chance, definition, INSTANTS)
        for each in found:
            if each.code in {"NEVER_TRUE", "ALWAYS_TRUE"}:
                told = _told(condition, each.path)
                verdict = each.code == "ALWAYS_TRUE"
                assert all(
                    told.holds(subject, t) is verdict for subject, t in _there(people, instants)
                ), (definition, each)
            said[each.code] += 1
        _needless(condition, found, people, instants)
        _settled(condition, Relations(names), people, instants)

    is_so()

    assert min(said[code] for code in ("NEVER_TRUE", "ALWAYS_TRUE", "REDUNDANT")) >= EXAMPLES / 50


def _told(condition: Condition, path: Path) -> Condition:
    """Return what a warning at a path speaks of: the nearest condition, or such an event."""
    near = [(place, part) for place, part in parts(condition) if path[: len(place)] == place]
    if path[-1] == "where":
        pattern = next(part for _, part in reversed(near) if isinstance(part, Pattern))
        return Did(event=pattern.event, events=pattern.events, where=pattern.where)
    return next(part for _, part in reversed(near) if isinstance(part, Condition))


def _needless(
    condition: Condition, found: list[Suspicion], people: list[Subject], instants: list[int]
) -> None:
    """Check that all that is said to be needless can be dropped at once."""
    needless = {each.path for each in found if each.code == "REDUNDANT"}
    for path, part in parts(condition):
        if not isinstance(part, AllOf | AnyOf):
            continue
        left = tuple(
            each for place, each in enumerate(part.children) if (*path, place) not in needless
        )
        if len(left) == len(part.children):
            continue
        less = dataclasses.replace(part, children=left)
        assert left
        for subject, t in _there(people, instants):
            assert less.holds(subject, t) is part.holds(subject, t), (part, needless)


def _settled(
    condition: Condition, relations: Relations, people: list[Subject], instants: list[int]
) -> None:
    """Check what is settled of each condition inside, of which only names may be warned of."""
    for _, part in parts(condition):
        if not isinstance(part, Condition):
            continue
        canonical = relations.canonical(part)
        for verdict, is_settled in (
            (False, relations.never(canonical)),
            (True, relations.always(canonical)),
        ):
            for subject, t in _there(people, instants) if is_settled else ():
                assert part.holds(subject, t) is verdict, part


def _there(people: list[Subject], instants: list[int]) -> Iterator[tuple[Subject, int]]:
    """Yield each contact at each instant at which it is there: before, it is in no audience."""
    return ((each, t) for each in people for t in instants if each.since <= t)
