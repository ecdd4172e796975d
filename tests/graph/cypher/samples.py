"""Pieces of queries, and queries of them."""

from __future__ import annotations

from graph.cypher import nodes, queries
from graph.cypher.nodes import Below, Events, Leaf
from graph.cypher.queries import Everyone, Query
from graph.cypher.render import render

T = 1_790_000_000_000
LATE = Leaf("e.at >= $since", {"since": 5})
OPENED = Events(("EMAIL_OPENED",), where=(LATE,))
EITHER = Events(("EMAIL_OPENED", "PAGE_VIEWED"), where=(LATE,))
TOPIC = Below(
    Leaf("(:Topic {key: $topic})<-[:ABOUT]-(thing:Content)", {"topic": "a"}),
    Leaf("(:Topic {key: $topic})<-[:ABOUT]-(thing)", {"topic": "a"}),
)
VIEWED = Events(("PAGE_VIEWED",), "Content", (LATE, TOPIC))


def where(*predicates: nodes.Predicate) -> str:
    """Return the lines in which predicates stand."""
    text = render(Query(Everyone(), predicates, queries.Count(), T)).text
    return text.removeprefix("MATCH (contact:Contact)\n").removesuffix(
        "\nRETURN count(contact) AS count"
    )


def counted(seed: queries.Seed, *predicates: nodes.Predicate) -> str:
    """Return the whole text that counts."""
    return render(Query(seed, predicates, queries.Count(), T)).text
