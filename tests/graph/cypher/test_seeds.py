"""Whole queries as they are printed, one snapshot for each kind of seed and of asking."""

from __future__ import annotations

from inline_snapshot import snapshot

from graph import model
from graph.cypher import queries
from graph.cypher.nodes import Among, Events, Exists, Group, Leaf, Negated, Numbers, Path, Told
from graph.cypher.queries import Everyone, Groups, Inward, Page, Query, These, Verdicts
from graph.cypher.render import render
from tests.graph.cypher.samples import EITHER, LATE, OPENED, VIEWED, T, counted


def test_things_are_found_once() -> None:
    """Things below a place are found before all else, and once where two ask for them."""
    negated = Negated(Exists(VIEWED))

    assert counted(Everyone(), Exists(VIEWED), negated) == snapshot("""\
WITH COLLECT {
  MATCH (:Topic {key: $topic})<-[:ABOUT]-(thing:Content)
  RETURN DISTINCT thing
} AS things
MATCH (contact:Contact)
WHERE EXISTS {
  MATCH (contact)-[e:PAGE_VIEWED]->(thing:Content)
  WHERE e.at >= $since
  AND thing IN things
}
AND NOT (EXISTS {
  MATCH (contact)-[e:PAGE_VIEWED]->(thing:Content)
  WHERE e.at >= $since
  AND thing IN things
})
RETURN count(contact) AS count\
""")


def test_things_at_each() -> None:
    """Where nothing is gathered, the place is looked for at each thing."""
    query = Query(These(("ann",)), (Exists(VIEWED),), Verdicts(), T, gathers=False)

    assert render(query).text == snapshot("""\
UNWIND $these.keys AS key
MATCH (contact:Contact {key: key})
WHERE EXISTS {
  MATCH (contact)-[e:PAGE_VIEWED]->(thing:Content)
  WHERE e.at >= $since
  AND EXISTS {
    MATCH (:Topic {key: $topic})<-[:ABOUT]-(thing)
  }
}
RETURN contact.key AS key\
""")


def test_contacts_are_found_once() -> None:
    """A group that is a filter is found before all else."""
    assert counted(Everyone(), Negated(Among(Group(OPENED)))) == snapshot("""\
WITH COLLECT {
  MATCH (contact)-[e:EMAIL_OPENED]->(thing)
  USING INDEX SEEK e:EMAIL_OPENED(at)
  WHERE e.at >= $since
  RETURN DISTINCT contact
} AS contacts
MATCH (contact:Contact)
WHERE NOT (contact IN contacts)
RETURN count(contact) AS count\
""")


def test_group() -> None:
    """A group starts at an index on time, one for each type."""
    assert counted(Group(OPENED)) == snapshot("""\
MATCH (contact)-[e:EMAIL_OPENED]->(thing)
USING INDEX SEEK e:EMAIL_OPENED(at)
WHERE e.at >= $since
WITH DISTINCT contact
RETURN count(contact) AS count\
""")
    assert counted(Group(EITHER, bounds=((">=", 3),)), Leaf("contact.a")) == snapshot("""\
CALL () {
  MATCH (contact)-[e:EMAIL_OPENED]->(thing)
  USING INDEX SEEK e:EMAIL_OPENED(at)
  WHERE e.at >= $since
  RETURN contact, e, thing
  UNION ALL
  MATCH (contact)-[e:PAGE_VIEWED]->(thing)
  USING INDEX SEEK e:PAGE_VIEWED(at)
  WHERE e.at >= $since
  RETURN contact, e, thing
}
WITH contact, count(*) AS matches
WHERE matches >= $number
WITH contact
WHERE contact.a
RETURN count(contact) AS count\
""")


INWARD = Path(Leaf("(thing:Content)"), (Leaf("thing.key IN $keys", {"keys": ["a"]}),))


def test_group_from_things() -> None:
    """A group starts from things inwards, or seeks by time where these have more events."""
    assert counted(Group(EITHER, INWARD, ((">=", 2),), Leaf("thing"))) == snapshot("""\
MATCH (thing:Content)
WHERE thing.key IN $keys
WITH DISTINCT thing
MATCH (thing)<-[e:EMAIL_OPENED|PAGE_VIEWED]-(contact)
WHERE e.at >= $since
WITH contact, count(DISTINCT thing) AS matches
WHERE matches >= $number
WITH contact
RETURN count(contact) AS count\
""")


def test_group_of_things_or_times() -> None:
    """Few edges of what is named are gone over; else each type's index on time is sought."""
    assert counted(Group(EITHER, INWARD, sought=10)) == snapshot("""\
MATCH (thing:Content)
WHERE thing.key IN $keys
WITH DISTINCT thing
WITH collect(thing) AS named, sum(COUNT { (thing)<-[:EMAIL_OPENED|PAGE_VIEWED]-() }) AS edges
CALL (named, edges) {
  UNWIND CASE WHEN edges <= $sought THEN named ELSE [] END AS thing
  MATCH (thing)<-[e:EMAIL_OPENED|PAGE_VIEWED]-(contact)
  WHERE e.at >= $since
  RETURN contact, e, thing
  UNION ALL
  UNWIND CASE WHEN edges > $sought THEN [named] ELSE [] END AS about
  MATCH (contact)-[e:EMAIL_OPENED]->(thing)
  USING INDEX SEEK e:EMAIL_OPENED(at)
  WHERE e.at >= $since
  AND thing IN about
  RETURN contact, e, thing
  UNION ALL
  UNWIND CASE WHEN edges > $sought THEN [named] ELSE [] END AS about
  MATCH (contact)-[e:PAGE_VIEWED]->(thing)
  USING INDEX SEEK e:PAGE_VIEWED(at)
  WHERE e.at >= $since
  AND thing IN about
  RETURN contact, e, thing
}
WITH DISTINCT contact
RETURN count(contact) AS count\
""")


def test_group_with_things() -> None:
    """A seed that looks things up finds its contacts apart, so that no row is grouped by lists."""
    assert counted(Group(VIEWED), Leaf("contact.a")) == snapshot("""\
WITH COLLECT {
  MATCH (:Topic {key: $topic})<-[:ABOUT]-(thing:Content)
  RETURN DISTINCT thing
} AS things
CALL (things) {
  MATCH (contact)-[e:PAGE_VIEWED]->(thing:Content)
  USING INDEX SEEK e:PAGE_VIEWED(at)
  WHERE e.at >= $since
  AND thing IN things
  RETURN DISTINCT contact
}
WITH *
WHERE contact.a
RETURN count(contact) AS count\
""")


def test_groups() -> None:
    """Whomever any of several groups finds is found once."""
    assert counted(Groups((Group(OPENED), Group(VIEWED, bounds=((">=", 2),))))) == snapshot("""\
WITH COLLECT {
  MATCH (:Topic {key: $topic})<-[:ABOUT]-(thing:Content)
  RETURN DISTINCT thing
} AS things
CALL (things) {
  CALL (things) {
    MATCH (contact)-[e:EMAIL_OPENED]->(thing)
    USING INDEX SEEK e:EMAIL_OPENED(at)
    WHERE e.at >= $since
    RETURN DISTINCT contact
    UNION
    MATCH (contact)-[e:PAGE_VIEWED]->(thing:Content)
    USING INDEX SEEK e:PAGE_VIEWED(at)
    WHERE e.at >= $since
    AND thing IN things
    WITH contact, count(*) AS matches
    WHERE matches >= $number
    RETURN contact
  }
  RETURN contact
}
RETURN count(contact) AS count\
""")


def test_group_asks_of_contacts_late() -> None:
    """What concerns the contact is asked after the seek, which would not be one beside it."""
    of_contact = Leaf("e.at >= contact.a")

    assert counted(Group(Events(("A",), where=(LATE, of_contact)))) == snapshot("""\
CALL () {
  MATCH (contact)-[e:A]->(thing)
  USING INDEX SEEK e:A(at)
  WHERE e.at >= $since
  RETURN contact, e, thing
}
WITH contact, e, thing
WHERE e.at >= contact.a
WITH DISTINCT contact
RETURN count(contact) AS count\
""")


def test_group_that_lists() -> None:
    """A group puts the list of a contact's numbers, or of what it was told, to a test."""
    path = Path(Leaf("(contact)-[found:TRAIT_CHANGED]->()"))
    numbers = Numbers(Leaf("e.a"), Leaf("numbers[0] > 1"))

    assert counted(Group(OPENED, bounds=((">=", 2),), numbers=numbers)) == snapshot("""\
MATCH (contact)-[e:EMAIL_OPENED]->(thing)
USING INDEX SEEK e:EMAIL_OPENED(at)
WHERE e.at >= $since
WITH contact, e.at AS at, e.a AS number ORDER BY at, number
WITH contact, count(*) AS matches, [number IN collect(number)
  WHERE (number IS :: INTEGER NOT NULL | FLOAT NOT NULL) | toFloat(number)] AS numbers
WHERE matches >= $number
AND numbers[0] > 1
WITH contact
RETURN count(contact) AS count\
""")
    assert counted(Told(path, "found.at", Leaf("size(told) > 1"))) == snapshot("""\
MATCH (contact)-[found:TRAIT_CHANGED]->()
WITH contact, found ORDER BY found.at
WITH contact, collect(found) AS told
WHERE size(told) > 1
WITH contact
RETURN count(contact) AS count\
""")


def test_inward() -> None:
    """Accounts lead to their contacts."""
    path = Path(Leaf("(account:Account)<-[:BELONGS_TO]-(contact:Contact)"), (Leaf("account.a"),))

    assert counted(Inward(path)) == snapshot("""\
MATCH (account:Account)<-[:BELONGS_TO]-(contact:Contact)
WHERE account.a
WITH DISTINCT contact
RETURN count(contact) AS count\
""")


def test_page() -> None:
    """A page is in the order of keys, after one of them."""
    statement = render(Query(Group(OPENED), (Leaf("contact.a"),), Page(21, "ann"), T))

    assert statement.text == snapshot("""\
MATCH (contact)-[e:EMAIL_OPENED]->(thing)
USING INDEX SEEK e:EMAIL_OPENED(at)
WHERE e.at >= $since
WITH DISTINCT contact
WHERE contact.key > $after
AND contact.a
WITH contact ORDER BY contact.key LIMIT $limit
RETURN properties(contact) AS contact\
""")
    assert statement.parameters == {"t": T, "since": 5, "after": "ann", "limit": 21}


def test_page_after_a_key_that_sorts_in_two_ways() -> None:
    """Where UTF-16 and code points may differ, the next key that is stored is compared with."""
    statement = render(Query(Group(OPENED), (), Page(21, "ann\uffff"), T))

    assert statement.text == snapshot("""\
MATCH (contact)-[e:EMAIL_OPENED]->(thing)
USING INDEX SEEK e:EMAIL_OPENED(at)
WHERE e.at >= $since
WITH DISTINCT contact
WHERE contact.key >= COLLECT {
  MATCH (later:Contact)
  WHERE later.key > $after
  RETURN later.key ORDER BY later.key LIMIT 1
}[0]
WITH contact ORDER BY contact.key LIMIT $limit
RETURN properties(contact) AS contact\
""")
    assert statement.parameters["after"] == "ann\uffff"


def test_others() -> None:
    """Those who are not found are all but those found and those to come."""
    assert render(Query(Group(OPENED), (), queries.Count(), T, others=True)).text == snapshot("""\
CALL () {
  MATCH (contact)-[e:EMAIL_OPENED]->(thing)
  USING INDEX SEEK e:EMAIL_OPENED(at)
  WHERE e.at >= $since
  WITH DISTINCT contact
  RETURN count(contact) AS met
}
CALL () {
  MATCH (contact:Contact)
  RETURN count(contact) AS everybody
}
CALL () {
  MATCH (contact:Contact)
  USING INDEX SEEK contact:Contact(_since)
  WHERE contact._since > $t
  RETURN count(contact) AS to_come
}
RETURN everybody - to_come - met AS count\
""")


def test_events_that_never_happened_are_sought_without_an_index() -> None:
    """No index is hinted at that the graph does not have."""
    happened = counted(Group(Events(("PAGE_VIEWED",))))
    never = counted(Group(Events((model.NO_EVENT,))))

    assert "USING INDEX SEEK e:PAGE_VIEWED(at)" in happened
    assert never == snapshot("""\
MATCH (contact)-[e:NO_EVENT]->(thing)
WITH DISTINCT contact
RETURN count(contact) AS count\
""")
