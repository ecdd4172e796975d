"""Places of things: what is in them is counted only where that is asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING, LiteralString

import pytest

from graph import vocabulary

if TYPE_CHECKING:
    from graph.database import Database, Row, Statement

pytestmark = pytest.mark.engine

FILED = """
CREATE (a:Topic {key: 'a', name: 'A'})<-[:PART_OF]-(b:Topic {key: 'b'}), (:Topic {key: 'c'}),
  (:Content {key: 'x'})-[:ABOUT]->(b), (y:Content {key: 'y'})-[:ABOUT]->(a), (y)-[:ABOUT]->(b),
  (:Product {key: 'p'})-[:IN]->(:Category {key: 'a'})
"""


class Noting:
    """Reads a graph, and notes what it is asked."""

    def __init__(self, database: Database) -> None:
        self.texts: list[str] = []
        self._database = database
        self.explain = database.explain

    async def read(
        self, statement: Statement | LiteralString, /, deadline: float = 30.0, **parameters: object
    ) -> list[Row]:
        """Read, and note the text."""
        self.texts.append(str(statement))
        return await self._database.read(statement, deadline, **parameters)


async def test_topics_of_contents_are_not_counted(database: Database) -> None:
    """A page of contents shows its topics, with what they are part of, by two cheap reads."""
    await database.change(FILED)
    reader = Noting(database)

    found = await vocabulary.places_of(reader, "Topic", ["y", "z", "x"])

    assert [[place.key for place in places] for places in found] == [["a", "b"], [], ["b"]]
    assert [place.parent and place.parent.key for place in found[0]] == [None, "a"]
    assert len(reader.texts) == 2
    assert not [text for text in reader.texts if "COUNT" in text]


async def test_things_are_counted_once_through_the_places_below(database: Database) -> None:
    """Each place has its own number, in the order asked; a topic is no category of its key."""
    await database.change(FILED)

    found = await vocabulary.things_in(
        database, [("Category", "a"), ("Topic", "b"), ("Topic", "c"), ("Topic", "a")]
    )

    assert found == [1, 2, 0, 2]
