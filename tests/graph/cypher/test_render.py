"""Predicates as they are printed, one snapshot for each kind of node."""

from __future__ import annotations

import pytest
from inline_snapshot import snapshot

from graph import errors
from graph.cypher import queries
from graph.cypher.nodes import (
    AsTold,
    AtLeast,
    Counted,
    Each,
    Either,
    Events,
    Every,
    Exists,
    Leaf,
    Listed,
    Negated,
    Newest,
    Numbers,
    Path,
    Some,
    Told,
)
from graph.cypher.queries import Everyone, Query
from graph.cypher.render import render
from tests.graph.cypher.samples import OPENED, T, where


def test_leaf_keeps_its_names() -> None:
    """A leaf's names stay; where two leaves use one, the later gets a number; `$t` is shared."""
    leaf = Leaf("contact.a = $value AND contact._since <= $t", {"value": 1})
    other = Leaf("contact.b = $value", {"value": 2})

    statement = render(Query(Everyone(), (leaf, other, leaf), queries.Count(), T))

    assert statement.text == snapshot("""\
MATCH (contact:Contact)
WHERE contact.a = $value AND contact._since <= $t
AND contact.b = $value_2
AND contact.a = $value AND contact._since <= $t
RETURN count(contact) AS count\
""")
    assert statement.parameters == {"t": T, "value": 1, "value_2": 2}


def test_each() -> None:
    """A list passes by any element, or by every one and not none."""
    value, test = Leaf("contact.a"), Leaf("value = $value", {"value": 1})

    assert where(Each(value, test)) == snapshot(
        "WHERE coalesce(any(value IN [] + contact.a WHERE value = $value), false)"
    )
    assert where(Each(value, test, every=True)) == snapshot(
        "WHERE coalesce(size([] + contact.a) > 0 "
        "AND all(value IN [] + contact.a WHERE value = $value), false)"
    )


def test_logic() -> None:
    """Several stand in brackets, one alone does not."""
    a, b = Leaf("contact.a"), Leaf("contact.b")

    assert where(Every((a, Either((a, b)), Negated(b)))) == snapshot("""\
WHERE (contact.a
  AND (contact.a
    OR contact.b)
  AND NOT (contact.b))\
""")
    assert where(Every((a,))) == snapshot("WHERE contact.a")


def test_logic_needs_something() -> None:
    """Logic of nothing cannot exist."""
    with pytest.raises(errors.Fault, match="Logic needs something to hold"):
        Every(())


def test_as_told() -> None:
    """Traits of old are looked at only where one may have been told for after the instant."""
    told = AsTold(Leaf("contact.b"), Exists(OPENED))
    at_once = Query(Everyone(), (told, Leaf("$told OR contact.c")), queries.Count(), T, told=T)

    assert where(told) == snapshot("""\
WHERE CASE WHEN coalesce(contact._told <= $t, true) THEN contact.b ELSE EXISTS {
  MATCH (contact)-[e:EMAIL_OPENED]->(thing)
  WHERE e.at >= $since
} END\
""")
    assert render(at_once).text == snapshot("""\
MATCH (contact:Contact)
WHERE contact.b
AND $told OR contact.c
RETURN count(contact) AS count\
""")
    assert render(at_once).parameters == {"t": T, "told": True}


def test_existence() -> None:
    """Events exist, of a type, of any, or after the first of another."""
    after = Events((), where=(Leaf("e.at >= start"),), first=("TRIAL_STARTED",))

    assert where(Exists(OPENED)) == snapshot("""\
WHERE EXISTS {
  MATCH (contact)-[e:EMAIL_OPENED]->(thing)
  WHERE e.at >= $since
}\
""")
    assert where(Exists(Events())) == snapshot("""\
WHERE EXISTS {
  MATCH (contact)-[e]->(thing)
  WHERE e.id IS NOT NULL
}\
""")
    assert where(Exists(after)) == snapshot("""\
WHERE EXISTS {
  MATCH (contact)-[first:TRIAL_STARTED]->()
  WHERE first.at <= $t
  WITH contact, min(first.at) AS start
  MATCH (contact)-[e]->(thing)
  WHERE e.id IS NOT NULL
  AND e.at >= start
}\
""")
    assert where(Exists(Path(Leaf("(contact)-->(a)"), (Leaf("a.b"),)))) == snapshot("""\
WHERE EXISTS {
  MATCH (contact)-->(a)
  WHERE a.b
}\
""")


def test_numbers() -> None:
    """So many are counted, and at least so many are looked at no further."""
    assert where(Counted(OPENED, "<=", 2)) == snapshot("""\
WHERE COUNT {
  MATCH (contact)-[e:EMAIL_OPENED]->(thing)
  WHERE e.at >= $since
  RETURN e
} <= $number\
""")
    assert where(Counted(OPENED, "=", 2, Leaf("thing"))) == snapshot("""\
WHERE COUNT {
  MATCH (contact)-[e:EMAIL_OPENED]->(thing)
  WHERE e.at >= $since
  RETURN DISTINCT thing AS counted
} = $number\
""")
    assert where(AtLeast(OPENED, 3)) == snapshot("""\
WHERE EXISTS {
  MATCH (contact)-[e:EMAIL_OPENED]->(thing)
  WHERE e.at >= $since
  WITH e SKIP $number LIMIT 1
  RETURN e
}\
""")
    assert where(AtLeast(OPENED, 3, Leaf("thing"))) == snapshot("""\
WHERE EXISTS {
  MATCH (contact)-[e:EMAIL_OPENED]->(thing)
  WHERE e.at >= $since
  WITH DISTINCT thing AS counted SKIP $number LIMIT 1
  RETURN counted
}\
""")


def test_lists() -> None:
    """Numbers, or what was told, stand in a list in order of time, and all of it is tested."""
    path = Path(Leaf("(contact)-[found:TRAIT_CHANGED]->()"))
    assert where(Some("most", Leaf("[contact.a]"), Leaf("most > 1"))) == snapshot(
        "WHERE any(most IN [contact.a] WHERE most > 1)"
    )
    assert where(Listed(OPENED, Numbers(Leaf("e.a"), Leaf("numbers[0] > 1")))) == snapshot("""\
WHERE any(numbers IN [[number IN COLLECT {
  MATCH (contact)-[e:EMAIL_OPENED]->(thing)
  WHERE e.at >= $since
  WITH e.at AS at, e.a AS number
  RETURN number ORDER BY at, number
}
  WHERE (number IS :: INTEGER NOT NULL | FLOAT NOT NULL) | toFloat(number)]] WHERE numbers[0] > 1)\
""")
    assert where(Told(path, "found.at", Leaf("size(told) > 1"))) == snapshot("""\
WHERE any(told IN [COLLECT {
  MATCH (contact)-[found:TRAIT_CHANGED]->()
  RETURN found ORDER BY found.at
}] WHERE size(told) > 1)\
""")


def test_newest() -> None:
    """Of a pattern only the newest is asked."""
    path = Path(Leaf("(contact)-[found:TRAIT_CHANGED]->()"))

    assert where(Newest(path, "found.at", Leaf("found.value"))) == snapshot("""\
WHERE EXISTS {
  MATCH (contact)-[found:TRAIT_CHANGED]->()
  WITH found ORDER BY found.at DESC LIMIT 1
  WHERE found.value
  RETURN found
}\
""")


@pytest.mark.parametrize("name", ["", "page viewed", "A`", "É"])
def test_type_is_a_name(name: str) -> None:
    """Nothing but a relationship type of the registry becomes text."""
    with pytest.raises(errors.Fault, match="is not a relationship type"):
        Events((name,))


def test_leaf_names_its_values() -> None:
    """A leaf has a value for each name in it, and no other."""
    with pytest.raises(errors.Fault, match="does not name exactly"):
        Leaf("contact.a = $b", {"c": 1})
