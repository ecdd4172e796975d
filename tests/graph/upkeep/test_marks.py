"""Who is looked at again for what was told of things and accounts: those of whom it may matter."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from graph.conditions import read
from graph.needs import Described, needed
from tests.graph.upkeep.writing import built, contact, event, owner, row, writing

if TYPE_CHECKING:
    from graph.database import Database
    from graph.upkeep.draft import Row
    from graph.upkeep.writer import Writer

FREE = {"name": "tier", "is": {"eq": "free"}}
DESCRIBED = {
    "nothing": ({"did": {"about": {"content": {"keys": ["/a"]}}}}, Described()),
    "topics": ({"did": {"about": {"content": {"topic": "a"}}}}, Described(filed=True)),
    "kinds": ({"did": {"about": {"content": {"kind": "a"}}}}, Described(frozenset({"kind"}))),
    "properties": (
        {"did": {"about": {"product": {"where": [{"property": "size", "is": {"gt": 1}}]}}}},
        Described(frozenset({"size"})),
    ),
    "categories": ({"favourite": {"by": {"category": True}, "is": "a"}}, Described(filed=True)),
    "account": ({"account": {"traits": [FREE]}}, Described(traits=frozenset({"tier"}))),
    "colleagues": (
        {
            "not": {
                "colleagues": {
                    "who": {"account": {"traits": [FREE]}},
                    "account": [FREE | {"name": "a"}],
                }
            }
        },
        Described(traits=frozenset({"tier", "a"})),
    ),
    "segment": ({"segment": {"key": "used"}}, Described(frozenset({"title"}))),
}
USED = {"did": {"about": {"content": {"where": [{"property": "title", "is": {"exists": True}}]}}}}


@pytest.mark.parametrize(("raw", "described"), DESCRIBED.values(), ids=DESCRIBED)
def test_what_a_definition_looks_at_is_known(raw: object, described: Described) -> None:
    """Names of properties and traits, and where things are filed; of what it uses too."""
    assert needed(read(raw), {"used": read(USED)}).described == described


def saving(key: str, where: object) -> Row:
    """Return a segment to be saved."""
    return row(type="segment", key=key, name=key, where=where)


async def commits(database: Database, writer: Writer, *rows: Row) -> int:
    """Return how many commits follow from rows: one more where anybody is looked at again."""
    before = (await owner(database))["batch"]
    await writer.tell(rows)
    return (await owner(database))["batch"] - before


PRICED = {"did": {"about": {"content": {"topic": "pricing", "kind": "page"}}}}
TITLED = {"did": {"about": {"content": {"where": [{"property": "title", "is": {"eq": "New"}}]}}}}


@pytest.mark.engine
async def test_what_nobody_looks_at_concerns_nobody(database: Database) -> None:
    """Titles and traits of accounts do not; what a definition looks at, and a new place, does."""
    async with writing(database) as writer:
        await writer.tell([row(type="content", key="/a", title="Old", kind="page")])
        await writer.tell([contact("ann", accounts=["acme"]), row(type="account", key="acme")])
        await writer.tell([event("ann", "1", about={"content": "/a"})])
        await writer.tell([saving("priced", PRICED)])
        await built(writer)

        assert await commits(database, writer, row(type="content", key="/a", title="New")) == 1
        assert (
            await commits(database, writer, row(type="account", key="acme", traits={"tier": 1}))
            == 1
        )
        assert await commits(database, writer, row(type="content", key="/b", kind="page")) == 1
        assert (
            await commits(database, writer, row(type="content", key="/a", topics=["pricing"])) == 2
        )
        assert await commits(database, writer, row(type="content", key="/a", kind="post")) == 2


@pytest.mark.engine
async def test_a_later_definition_sees_things_as_they_are(database: Database) -> None:
    """Also of contacts in memory, whom nobody had to look at again when a thing changed."""
    async with writing(database) as writer:
        await writer.tell([row(type="content", key="/a", title="Old", kind="page")])
        await writer.tell([saving("priced", PRICED)])
        await built(writer)
        await writer.tell([event("ann", "1", about={"content": "/a"})])
        await writer.tell([row(type="content", key="/a", title="New")])
        await writer.tell(
            [saving("titled", {"not": {"not": TITLED}}), event("bob", "1", about={"content": "/a"})]
        )
        await built(writer)

    rows = await database.read("MATCH (c)-[of:MEMBER_OF]->() RETURN c.key + ' ' + of.segment AS of")
    assert sorted(each["of"] for each in rows) == ["ann titled", "bob titled"]
