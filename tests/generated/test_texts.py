"""The text of a statement: made of the structure of a condition, and of no byte of the user's."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.compiler import compiled, steps, tally, verdicts
from graph.conditions import read, write
from graph.conditions.calendar import CONTACT
from graph.cypher import nodes, queries
from graph.cypher.render import render
from graph.errors import BadInput
from graph.estimates import Facts, KindFacts
from graph.ingest.names import type_of
from graph.upkeep.reach import reach
from tests.generated import histories, pools, samples
from tests.generated.definitions import DEFINITION, LEAF
from tests.generated.disguise import HOSTILE, disguised, hostile
from tests.generated.graphs import SAVED, SEEDS, seeding
from tests.report import PROVE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from graph.conditions import Condition
    from graph.database import Statement

T: Final = histories.NOW
ASKED: Final[Mapping[str, queries.Asked]] = {
    "page": queries.Page(20, "a"),
    "count": queries.Count(),
    "verdicts": queries.Verdicts(),
}


def kinds() -> Mapping[str, KindFacts]:
    """Return the kinds of the pools with their types."""
    found: dict[str, KindFacts] = {}
    for name in pools.EVENTS:
        taken = {kind.type for kind in found.values()}
        found[name] = KindFacts(type_of(name, taken), 10, 0, T)
    return found


KINDS: Final = kinds()
FACTS: Final = Facts(
    {**KINDS, **{hostile(name): kind for name, kind in KINDS.items()}},
    contacts=40,
    accounts=3,
    definitions=SAVED | {hostile(key): definition for key, definition in SAVED.items()},
)


def filtering(condition: Condition, facts: Facts, t: int = T) -> Statement:
    """Return the statement in which a condition, as it stands, filters all contacts."""
    predicate = condition.predicate(facts.scope(t))
    return render(queries.Query(queries.Everyone(), (predicate,), queries.Verdicts(), t))


@given(DEFINITION)
def test_a_text_depends_on_the_structure_alone(definition: object) -> None:
    """With every name and value another, the text and the names of its parameters stay."""
    condition = read(definition)

    plain = filtering(condition, FACTS)
    hidden = filtering(disguised(condition), FACTS)

    assert hidden.text == plain.text
    assert hidden.parameters.keys() == plain.parameters.keys()


@given(LEAF, st.sampled_from(SEEDS), st.sampled_from(sorted(ASKED)))
def test_so_does_a_seed(definition: object, seed: str, asked: str) -> None:
    """Where a statement starts from a leaf, and whatever is asked, no byte gets in either."""
    condition = read(definition).canonical()
    other = disguised(condition)

    plain = compiled(condition, ASKED[asked], T, seeding(FACTS, seed))
    hidden = compiled(other, ASKED[asked], T, seeding(FACTS, seed))

    assert tokens(hidden) == tokens(plain)
    assert len(hidden.parameters) == len(plain.parameters)


@given(st.lists(LEAF, min_size=1, max_size=2), st.sampled_from(SEEDS), st.booleans())
@settings(max_examples=1500 if PROVE else 15)
def test_so_do_the_statements_of_several(
    definitions: list[object],
    seed: str,
    every: bool,  # noqa: FBT001 - drawn
) -> None:
    """What overlaps, and what is left step by step, is counted by the structure alone."""
    plain = [read(each).canonical() for each in definitions]
    hidden = [disguised(each) for each in plain]
    places = range(len(plain))
    joined = queries.Joined((queries.Joined((*places,), every=not every), *places), every=every)
    facts = seeding(FACTS, seed)

    for one, other in (
        (tally(plain, T, facts), tally(hidden, T, facts)),
        (steps(plain, joined, T, facts), steps(hidden, joined, T, facts)),
    ):
        assert tokens(other) == tokens(one)
        assert len(other.parameters) == len(one.parameters)


@given(LEAF, st.sampled_from(SEEDS))
def test_so_do_those_of_given_contacts(definition: object, seed: str) -> None:
    """For whom of some contacts a condition holds, and of whom it may be, is asked alike."""
    plain = read(definition).canonical()
    hidden = disguised(plain)
    facts = seeding(FACTS, seed)
    reached = reach(plain), reach(hidden)

    assert (reached[0] is None) == (reached[1] is None)
    for one, other in ((plain, hidden), reached):
        if one is not None and other is not None:
            asked, disguise = (verdicts(each, ("a",), T, facts) for each in (one, other))
            assert tokens(disguise) == tokens(asked)
            assert len(disguise.parameters) == len(asked.parameters)


def tokens(statement: Statement) -> Counter[str]:
    """Return what a text is made of, without the numbers of its variables and parameters.

    Values put the tests of a condition in order, so that other ones may stand in another.
    """
    return Counter(re.findall(r"\w+|[^\w\s]", re.sub(r"_\d+\b", "", statement.text)))


@given(DEFINITION, st.sampled_from([("a", HOSTILE.replace("\U0001f600", "")), ("\uffff", HOSTILE)]))
def test_keys_are_values(definition: object, after: tuple[str, str]) -> None:
    """The keys of the contacts asked about, and where a page begins, are no part of the text.

    A page begins in one of two ways, for keys that sort in one way and for those that do not.
    """
    condition = read(definition)
    plain, hidden = (queries.Page(20, key) for key in after)

    assert HOSTILE not in verdicts(condition, (HOSTILE,), T, FACTS).text
    assert compiled(condition.canonical(), hidden, T, FACTS).text == (
        compiled(condition.canonical(), plain, T, FACTS).text
    )


@given(DEFINITION, st.sampled_from(sorted(ASKED)))
def test_the_same_condition_gives_the_same_bytes(definition: object, asked: str) -> None:
    """Asked twice at one instant, and out of its JSON, a condition gives one statement."""
    condition = read(definition)

    first = compiled(condition.canonical(), ASKED[asked], T, FACTS)

    assert compiled(read(definition).canonical(), ASKED[asked], T, FACTS) == first
    assert compiled(read(write(condition.canonical())).canonical(), ASKED[asked], T, FACTS) == first


@given(DEFINITION, st.integers(-(2**45), 2**47))
def test_the_instant_is_a_value(definition: object, t: int) -> None:
    """At another instant the text is the same."""
    condition = read(definition)

    plain, later = filtering(condition, FACTS), filtering(condition, FACTS, t)

    assert later.text == plain.text
    assert later.parameters.keys() == plain.parameters.keys()


@pytest.mark.parametrize(
    "definition",
    [
        {"did": {"event": "a\0b"}},
        {"did": {"events": ["a", "a\0b"]}},
        {"did": {"where": [{"property": "a\0b", "is": {"exists": True}}]}},
        {"did": {"distinct": {"property": "a\0b"}}},
        {"did": {"within": {"ofFirst": {"event": "a\0b", "within": "P1D"}}}},
        {"engaged": {"topic": "a\0b"}},
        {"trait": {"name": "a\0b", "is": {"exists": True}}},
    ],
)
def test_no_name_holds_nul(definition: object) -> None:
    """NUL, where a text of Cypher might end, is refused in every name."""
    with pytest.raises(BadInput, match="holds the character NUL: leave it out"):
        read(definition)


def test_a_contacts_own_zone_stays_one() -> None:
    """What changes the structure is kept in disguise."""
    definition = {"did": {"distinct": {"day": CONTACT}}}

    assert write(disguised(read(definition))) == definition


def test_all_variables_are_numbered_inside_of_others() -> None:
    """No sample names a variable that is not renamed where it is said about others."""
    names: set[str] = set()
    for _, definition in samples.definitions():
        text = re.sub(r"'[^']*'", "", filtering(read(definition), FACTS).text)
        names |= set(re.findall(r"(?<![\w$.:])([a-z_]+)(?:_\d+)?(?![\w(])(?!: )", text))

    once = {"things", "places", "key", "one", "true", "false", "date", "point"}
    of_a_list = {"window", "zone", "day"}
    assert names - set(nodes.VARIABLES) - once - of_a_list == set()
