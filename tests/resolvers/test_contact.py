"""A contact as a client sees it: values keep their types, null takes back, pages hold still."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.server.live import Live

pytestmark = pytest.mark.engine

UPSERT = """mutation($contacts: [ContactInput!]!) { upsertContacts(contacts: $contacts) {
  created updated unchanged rejected { code } } }"""
EVENTS = """query($key: String!, $after: String) { contact(key: $key) {
  events(first: 2, after: $after) { nodes { id event about { key } } pageInfo {
    hasNextPage hasPreviousPage endCursor } } } }"""
TRAITS = {
    "whole": 2**53 + 1,
    "decimal": 1.5,
    "text": "x",
    "flag": False,
    "instant": "2026-03-10T12:00:00.000Z",
    "date": "2026-03-10",
    "list": [1.0, 2.5],
    "location": {"latitude": 52.5, "longitude": 13.4},
    "zone": "Europe/Berlin",
}


def test_values_keep_their_types(live: Live) -> None:
    """What is told comes back as it was; null removes a trait, a list of accounts replaces."""
    told = live.ask(UPSERT, contacts=[{"key": "ann", "traits": TRAITS, "accounts": ["a", "b"]}])
    query = '{ contact(key: "ann") { id traits accounts { key } } }'
    first = live.ask(query)["contact"]
    live.ask(UPSERT, contacts=[{"key": "ann", "traits": {"text": None}, "accounts": ["c"]}])
    second = live.ask(query)["contact"]

    assert told["upsertContacts"] == {"created": 1, "updated": 0, "unchanged": 0, "rejected": []}
    assert (first["traits"], first["accounts"]) == (TRAITS, [{"key": "a"}, {"key": "b"}])
    assert second["traits"] == {name: TRAITS[name] for name in TRAITS if name != "text"}
    assert second["accounts"] == [{"key": "c"}]
    node = live.ask("query($id: ID!) { node(id: $id) { ... on Contact { key } } }", id=first["id"])
    assert node == {"node": {"key": "ann"}}


def test_events_come_newest_first_in_pages_that_hold_still(live: Live) -> None:
    """A cursor goes on from where it was, though newer events have come since."""
    lines = [
        {"contact": "bob", "event": "Page Viewed", "id": f"{n}", "at": f"2026-03-10T0{n}:00:00Z"}
        for n in range(4)
    ]
    live.load(*lines[:3], {"type": "contact", "key": "dan"})
    first = live.ask(EVENTS, key="bob")["contact"]["events"]
    live.load(lines[3])
    second = live.ask(EVENTS, key="bob", after=first["pageInfo"]["endCursor"])["contact"]["events"]

    assert [each["id"] for each in first["nodes"]] == ["2", "1"]
    assert first["pageInfo"]["hasNextPage"]
    assert [each["id"] for each in second["nodes"]] == ["0"]
    assert not second["pageInfo"]["hasNextPage"]
    (error,) = live.errors(EVENTS, key="dan", after=first["pageInfo"]["endCursor"])
    assert error["extensions"]["code"] == "BAD_USER_INPUT"


def test_a_zone_that_is_none_and_a_mixed_list_are_refused(live: Live) -> None:
    """A trait that cannot be kept comes back at its path."""
    query = """mutation($contacts: [ContactInput!]!) { upsertContacts(contacts: $contacts) {
      rejected { index message path } } }"""
    traits = [{"zone": "Mars/Phobos"}, {"a": [1, "x"]}]
    told = live.ask(query, contacts=[{"key": "cy", "traits": each} for each in traits])

    assert told["upsertContacts"]["rejected"] == [
        {
            "index": 0,
            "message": "'Mars/Phobos' is not a time zone: use an IANA name such as Europe/Berlin",
            "path": ["traits", "zone"],
        },
        {
            "index": 1,
            "message": (
                "A list holds one type; this one mixes number and string: tell them under "
                "two names, or all as texts"
            ),
            "path": ["traits", "a"],
        },
    ]
