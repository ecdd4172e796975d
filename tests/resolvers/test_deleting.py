"""What one deletes, as a client sees it: what there was, what there is not, and what is left."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pytest

from tests.resolvers.saving import built, save

if TYPE_CHECKING:
    from tests.server.live import Live

pytestmark = pytest.mark.engine

CONTACTS: Final = """mutation($keys: [String!]!) { deleteContacts(keys: $keys) {
  deleted unknown rejected { index key code message path } } }"""
THINGS: Final = """mutation($refs: [ThingRef!]!) { deleteThings(refs: $refs) {
  deleted unknown rejected { index key code message path } } }"""
KINDS: Final = ("content", "product", "feature", "ticket", "search", "campaign")


def contacts(live: Live, *keys: str) -> dict[str, Any]:
    """Delete contacts, and return what became of them."""
    return live.ask(CONTACTS, keys=keys)["deleteContacts"]


def things(live: Live, *refs: dict[str, str]) -> dict[str, Any]:
    """Delete things, and return what became of them."""
    return live.ask(THINGS, refs=refs)["deleteThings"]


def ordered(contact: str, id_: str, about: dict[str, str]) -> dict[str, Any]:
    """Return an order of a contact about something."""
    at = "2026-03-10T11:00:00Z"
    return {"contact": contact, "event": "Order Completed", "id": id_, "at": at, "about": about}


def test_contacts(live: Live) -> None:
    """They leave their segments before it is answered; their log says why, and names them still."""
    at = "2026-03-10T11:00:00Z"
    joined = {"event": "Joined", "id": "1", "at": at}
    live.load(*(joined | {"contact": key} for key in ("ann", "bob")))
    save(live, "joined", {"did": {"event": "Joined"}})
    built(live, "joined")

    told = contacts(live, "ann", "nobody", "", "ann")
    found = live.ask(
        '{ contact(key: "ann") { key } segment(key: "joined") { size '
        "members { nodes { key } } changes { nodes { __typename contactKey cause "
        "contact { key } } } } }"
    )
    last = found["segment"]["changes"]["nodes"][-1]

    assert (told["deleted"], told["unknown"]) == (1, [1, 3])
    (refused,) = told["rejected"]
    assert (refused["index"], refused["key"], refused["path"]) == (2, "", [])
    assert found["contact"] is None
    assert found["segment"]["size"] == 1
    assert found["segment"]["members"]["nodes"] == [{"key": "bob"}]
    assert last == {
        "__typename": "MemberLeft",
        "contactKey": "ann",
        "cause": "DELETION",
        "contact": None,
    }


@pytest.mark.parametrize("kind", KINDS)
def test_things(live: Live, kind: str) -> None:
    """Of each kind that an event may be about; its events go, those about another stay."""
    live.load(ordered(f"k{kind}", "1", {kind: "x"}), ordered(f"k{kind}", "2", {kind: "y"}))
    count = f'{{ audience(where: {{did: {{event: "Order Completed", about: {{{kind}: '
    count += '{keys: ["x"]}}}}) { count } }'

    told = things(live, {kind: "x"}, {kind: "none"})
    events = live.ask(f'{{ contact(key: "k{kind}") {{ events {{ nodes {{ id }} }} }} }}')

    assert told == {"deleted": 1, "unknown": [1], "rejected": []}
    assert events["contact"]["events"]["nodes"] == [{"id": "2"}]
    assert live.ask(count)["audience"]["count"] == 0


def test_sizes_of_the_past_stay(live: Live) -> None:
    """How large a segment was is not less for whoever was deleted since."""
    save(live, "sized", {"did": {"event": "Signed Up"}})
    built(live, "sized")
    live.load(
        *(
            {"contact": key, "event": "Signed Up", "id": "1", "at": "2026-03-10T10:30:00Z"}
            for key in ("s1", "s2")
        )
    )
    contacts(live, "s1")
    query = """{ segment(key: "sized") { sizes(
      since: "2026-03-10T10:00:00Z", until: "2026-03-10T12:00:00Z", step: "PT1H") {
      members entered left } } }"""

    points = [tuple(each.values()) for each in live.ask(query)["segment"]["sizes"]]

    assert points == [(0, 0, 0), (2, 2, 0), (1, 0, 1)]


def test_too_many_at_once(live: Live) -> None:
    """Are not taken; none is."""
    (error,) = live.errors(CONTACTS, keys=["x"] * 1001)

    assert error["message"] == "1001 keys at once; at most 1000: send them in turns"
    assert error["extensions"] == {"code": "BAD_USER_INPUT", "path": ["keys"]}
    (error,) = live.errors(THINGS, refs=[{"content": "x"}] * 1001)
    assert error["extensions"]["path"] == ["refs"]


def test_nothing_to_delete(live: Live) -> None:
    """Is answered."""
    assert contacts(live) == things(live) == {"deleted": 0, "unknown": [], "rejected": []}
