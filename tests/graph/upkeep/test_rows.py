"""What becomes of rows: once, in any order, with their types, and within the limits."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any

import pytest

from graph.clock import FixedClock
from graph.segmentation import Segmentation
from graph.times import read_instant
from graph.upkeep.batch import KINDS_AT_ONCE, Store
from graph.upkeep.known import NEVER
from graph.upkeep.limits import Limits
from graph.upkeep.outcome import Refused
from graph.upkeep.owner import Ownership
from tests.graph.upkeep.writing import AT, NOW, codes, contact, event, row, stored, told, writing

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from graph.database import Database
    from graph.upkeep.draft import Row

pytestmark = pytest.mark.engine

SENT: dict[str, Any] = {
    "at": AT,
    "about": {"content": "/p"},
    "properties": {"n": 1, "tags": ["a"]},
    "source": "web",
    "purpose": "ads",
}


def sent(name: str = "Page Viewed", **fields: Any) -> Row:  # noqa: ANN401 - a row of a table
    """Return the event of which all is told, with other fields."""
    return event("ann", "1", name, **{**SENT, **fields})


@pytest.mark.parametrize("together", [True, False], ids=["in a batch", "against the graph"])
async def test_an_event_again(database: Database, *, together: bool) -> None:
    """What the sender left out is not compared; each that differs is a conflict."""
    first = sent()
    same = [sent(), row(contact="ann", event="Page Viewed", id="1")]
    other = [
        sent(at="2026-03-10T10:00:00Z"),
        sent(about={"product": "/p"}),
        sent(properties={"n": 1.0, "tags": ["a"]}),
        sent(properties={"n": 1}),
        sent(source="app"),
        sent(purpose="mail"),
        sent("Logged In"),
    ]
    async with writing(database) as writer:
        if together:
            found = codes(await writer.tell([first, *same, *other]))
        else:
            found = codes(await writer.tell([first])) + codes(await writer.tell([*same, *other]))

    assert found == ["ACCEPTED"] + ["DUPLICATE"] * 2 + ["CONFLICT"] * 7
    assert len(await stored(database)) == 1


async def test_ids_are_a_contacts_own(database: Database) -> None:
    """Two contacts may have the same id."""
    assert await told(database, event("ann", "1"), event("bob", "1")) == ["ACCEPTED"] * 2


async def test_an_order_is_stored_with_its_lines(database: Database) -> None:
    """All of it or nothing: a line whose id is taken makes the order a conflict."""
    products = [{"product_id": "p1", "price": 1.5}, {"sku": "s2"}]
    order = event("ann", "o", "Order Completed", properties={"products": products})
    taken = event("bob", "o", "Order Completed", properties={"products": products})
    async with writing(database) as writer:
        first = codes(await writer.tell([order, event("bob", "o#2")]))
        second = codes(await writer.tell([order, taken]))
    found = await stored(database)

    assert first == ["ACCEPTED", "ACCEPTED"]
    assert second == ["DUPLICATE", "CONFLICT"]
    assert {key: found[key]["type"] for key in sorted(found)} == {
        ("ann", "o"): "ORDER_COMPLETED",
        ("ann", "o#1"): "PRODUCT_PURCHASED",
        ("ann", "o#2"): "PRODUCT_PURCHASED",
        ("bob", "o#2"): "PAGE_VIEWED",
    }
    assert found["ann", "o#1"]["edge"]["price"] == 1.5


async def test_a_collision_of_hashes_is_no_duplicate(database: Database) -> None:
    """A hit in memory is compared with the stored event; where there is none it is new."""
    async with writing(database) as writer:
        await writer.tell([event("ann", "1")])
        known = writer._store.known.contact("ann")  # pyright: ignore[reportPrivateUsage]
        assert known is not None
        known.ids.add(hash("2"))

        assert codes(await writer.tell([event("ann", "2"), event("ann", "2")])) == [
            "ACCEPTED",
            "DUPLICATE",
        ]


async def test_hashes_are_never_stored(database: Database) -> None:
    """They differ from process to process; what is read anew knows the ids all the same."""
    first, second = Store(database), Store(database)
    await told(database, event("ann", "1"))
    for store in (first, second):
        await store.reload()
        prepared = await store.prepare([event("ann", "1")], Ownership(0, 0), NOW)
        assert codes(prepared.outcomes) == ["DUPLICATE"]

    (found,) = await database.read("MATCH (c:Contact) RETURN properties(c) AS contact")
    assert found["contact"].keys() == {"key", "_hash", "_since"}


async def test_what_is_forgotten_is_read_again(database: Database) -> None:
    """A budget too small for all costs time, not truth."""
    rows = [event(f"c{n}", str(m)) for n in range(5) for m in range(5)]
    async with writing(database, Limits(memory=1)) as writer:
        first = codes(await writer.tell(rows))
        again = [code for each in rows for code in codes(await writer.tell([each]))]

    assert set(first) == {"ACCEPTED"}
    assert set(again) == {"DUPLICATE"}


async def test_new_kinds_are_taken_in_turns(database: Database) -> None:
    """A batch makes a hundred; the rest may be sent again, and comes in then."""
    rows = [event("ann", str(n), f"Kind {n}") for n in range(KINDS_AT_ONCE + 5)]
    async with writing(database) as writer:
        first = codes(await writer.tell(rows))
        second = codes(await writer.tell(rows))

    assert first == ["ACCEPTED"] * KINDS_AT_ONCE + ["BUSY"] * 5
    assert second == ["DUPLICATE"] * KINDS_AT_ONCE + ["ACCEPTED"] * 5


async def test_kinds_are_capped(database: Database) -> None:
    """More than the setting allows are refused with the way out; known ones go on."""
    async with writing(database, Limits(kinds=3)) as writer:
        first = await writer.tell([event("ann", str(n), f"Kind {n}") for n in range(5)])
        second = await writer.tell([event("ann", "9", "Kind 1"), event("ann", "10", "New")])

    assert codes(first) == ["ACCEPTED"] * 3 + ["TOO_MANY_KINDS"] * 2
    assert codes(second) == ["ACCEPTED", "TOO_MANY_KINDS"]
    assert getattr(second[1], "message", "") == (
        "'New' would be one more than the 3 kinds of events that are taken; put what varies into "
        "a property"
    )


async def test_traits_are_capped(database: Database) -> None:
    """A contact with one more than there may be is refused whole; known ones go on."""
    async with writing(database, Limits(traits=2)) as writer:
        first = await writer.tell(
            [
                contact("ann", traits={"a": 1}),
                contact("bob", traits={"b": 1, "c": 1}),
                contact("cid", traits={"b": 1}),
            ]
        )
        second = await writer.tell(
            [contact("ann", traits={"b": 2}), contact("bob", traits={"c": 1})]
        )

    assert codes(first) == ["CREATED", "TOO_MANY_TRAITS", "CREATED"]
    assert codes(second) == ["UPDATED", "TOO_MANY_TRAITS"]
    assert second[1] == Refused(
        "TOO_MANY_TRAITS",
        (
            "'c' would be one more than the 2 traits that are taken; put what varies into a "
            "trait's value, or into properties of events"
        ),
        ("traits", "c"),
    )


async def test_names_that_collide_have_types_of_their_own(database: Database) -> None:
    """Names alike but for what falls out, and our own types, are told apart."""
    names = ["a b", "A-B", "Member Of", "購入", "開封"]
    await told(database, *(event("ann", name, name) for name in names))
    found = await stored(database)

    types = {name: found["ann", name]["type"] for name in names}
    assert types == {
        "a b": "A_B",
        "A-B": "A_B_2",
        "Member Of": "MEMBER_OF_2",
        "購入": "EVENT",
        "開封": "EVENT_2",
    }


async def test_the_registry_counts(database: Database) -> None:
    """Of a kind: how many, since when, until when, about what, and its properties' types."""
    async with writing(database) as writer:
        await writer.tell([event("ann", "1", properties={"n": 1})])
        await writer.tell(
            [event("bob", "2", properties={"n": "x"}, at="2026-03-09T00:00:00Z", source="app")]
        )
        registry = writer.registry

    assert registry is not None
    kind = registry.kinds["Page Viewed"]
    assert (kind.count, kind.first_at, kind.last_at) == (
        2,
        read_instant("2026-03-09T00:00:00Z"),
        read_instant(AT),
    )
    assert kind.properties == {"n": {"integer", "string"}}


def change(day: int, **fields: object) -> Row:
    """Return what is told of a contact for a day."""
    return contact("ann", at=f"2026-03-{day:02}T00:00:00Z", **fields)


async def profile(database: Database) -> Mapping[str, Any]:
    """Return the contact's node, and every value of its traits."""
    (found,) = await database.read(
        "MATCH (c:Contact) RETURN properties(c) AS node, COLLECT { MATCH (c)-[t:TRAIT_CHANGED]->(x)"
        " RETURN [t.at, x.name, t.value] ORDER BY t.at, x.name } AS told,"
        " COLLECT { MATCH (c)-[:BELONGS_TO]->(a) RETURN a.key ORDER BY a.key } AS accounts"
    )
    return found.data()


ORDERS = list(itertools.permutations([1, 2, 3]))


@pytest.mark.parametrize("order", ORDERS, ids=str)
async def test_the_order_of_arrival_does_not_matter(
    database: Database, order: Sequence[int]
) -> None:
    """The node holds the newest value, the edges hold each, whenever they came."""
    values = {1: "free", 2: "pro", 3: None}
    async with writing(database) as writer:
        for day in order:
            await writer.tell([change(day, traits={"plan": values[day]})])
    found = await profile(database)

    assert "plan" not in found["node"]
    assert found["node"]["_since"] == read_instant("2026-03-01T00:00:00Z")
    assert found["node"]["_told"] == read_instant("2026-03-03T00:00:00Z")
    assert [value for _, _, value in found["told"]] == ["free", "pro", None]


@pytest.mark.parametrize("together", [True, False], ids=["together", "one by one"])
async def test_of_one_instant_the_later_told_counts(database: Database, *, together: bool) -> None:
    """Two changes of a trait at an instant are settled by arrival; one is left."""
    changes = [change(1, traits={"plan": plan}) for plan in ("a", "b", "a", "c")]
    async with writing(database) as writer:
        if together:
            found = codes(await writer.tell(changes))
        else:
            found = [code for each in changes for code in codes(await writer.tell([each]))]
    kept = await profile(database)

    assert found == ["CREATED", "UPDATED", "UPDATED", "UPDATED"]
    assert [value for _, _, value in kept["told"]] == ["c"]
    assert kept["node"]["plan"] == "c"


async def test_what_is_told_again_changes_nothing(database: Database) -> None:
    """The same traits and accounts, in another order, are unchanged."""
    first = change(1, traits={"a": 1, "b": None}, accounts=["x", "y"])
    again = change(1, traits={"b": None, "a": 1}, accounts=["y", "x"])

    assert await told(database, first, again) == ["CREATED", "UNCHANGED"]


@pytest.mark.parametrize(
    ("created", "since"), [("2026-01-01", "2026-01-01"), ("2026-03-09", "2026-03-05")]
)
async def test_the_earliest_instant_is_kept(database: Database, created: str, since: str) -> None:
    """An instant of its making counts only where it is earlier than all that is known."""
    made = contact("ann", at="2026-03-09T12:00:00Z", createdAt=f"{created}T00:00:00Z")
    await told(database, event("ann", "1", at="2026-03-05T00:00:00Z"), made)

    assert (await profile(database))["node"]["_since"] == read_instant(f"{since}T00:00:00Z")


async def test_accounts_are_those_told_last(database: Database) -> None:
    """A list takes the place of the one before; an empty one takes all away; none leaves them."""
    async with writing(database) as writer:
        seen: list[list[str]] = []
        for accounts in (["a", "b"], None, ["b", "c"], []):
            await writer.tell([change(1, accounts=accounts)])
            seen.append((await profile(database))["accounts"])

    assert seen == [["a", "b"], ["a", "b"], ["b", "c"], []]


async def test_trees_have_no_cycle_and_an_end(database: Database) -> None:
    """Within a batch too; a level too deep is refused."""
    chain = [row(type="topic", key=f"t{n}", parent=f"t{n + 1}") for n in range(20)]
    found = await told(database, *chain, row(type="topic", key="t15", parent="t0"))

    assert found == ["CREATED"] * 15 + ["TOO_DEEP"] + ["CREATED"] * 4 + ["CYCLE"]


async def test_a_contact_is_known_with_its_instants(database: Database) -> None:
    """What is read of a contact is what was committed."""
    await told(database, event("ann", "1"), change(1, traits={"plan": "pro"}), event("bob", "1"))
    store = Store(database)
    await store.reload()
    prepared = await store.prepare([event("bob", "1"), change(2)], Ownership(0, 0), NOW)

    ann, bob = prepared.draft.contacts["ann"], prepared.draft.contacts["bob"]
    assert ann is not None
    assert bob is not None
    day = read_instant("2026-03-01T00:00:00Z")
    assert (ann.since, ann.told, bob.told) == (day, day, NEVER)


async def test_a_server_that_stands_by_tells_how_far_the_owner_is(database: Database) -> None:
    """Its audiences and its status are as of the owner's last sign of life."""
    clock = FixedClock(NOW)
    standing_by = Segmentation(database, FixedClock(NOW + 60_000))
    before = await standing_by.lag()
    async with writing(database, clock=clock) as writer:
        await writer.tell([event("ann", "1")])

        assert before == 0
        assert await standing_by.lag() == 60_000
        assert await standing_by.event_count() == 1
        assert standing_by.refusal is not None
