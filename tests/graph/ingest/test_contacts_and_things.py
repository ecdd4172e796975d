"""Contacts, things and trees as they come in."""

from __future__ import annotations

import datetime as dt
from typing import Any

import msgspec
import pytest

from graph import errors
from graph.ingest.contacts import ContactChange, contact_change
from graph.ingest.decoding import decode
from graph.ingest.lines import (
    ConsentLine,
    ContactLine,
    EventLine,
    Line,
    SegmentLine,
)
from graph.ingest.things import NodeChange, node_change
from graph.times import MINUTE, read_instant
from graph.values import Location

NOW = read_instant("2026-03-10T12:00:00Z")


def line(**fields: object) -> Line:
    """Return the line of an import."""
    return decode(msgspec.json.encode(fields))


def contact(**fields: object) -> ContactChange:
    """Return a change of a contact."""
    found = line(type="contact", key="ann", **fields)
    assert isinstance(found, ContactLine)
    return contact_change(found, NOW, 5 * MINUTE)


def node(**fields: object) -> NodeChange:
    """Return a change of a node."""
    found = line(**fields)
    assert not isinstance(found, ConsentLine | ContactLine | EventLine | SegmentLine)
    return node_change(found)


def test_a_contact_is_told_of_now() -> None:
    """Without an instant it is that of the arrival; accounts count once."""
    change = contact(traits={"plan": "pro", "left": None}, accounts=["b", "a", "b"])

    assert change == ContactChange("ann", NOW, {"plan": "pro", "left": None}, ("b", "a"), None)
    assert change.since == NOW


@pytest.mark.parametrize(
    ("created", "since"),
    [("2020-01-01T00:00:00Z", "2020-01-01T00:00:00Z"), ("2026-03-10T12:01:00Z", None)],
)
def test_a_contact_exists_from_the_earliest(created: str, since: str | None) -> None:
    """An instant of its making after that of the telling changes nothing."""
    change = contact(createdAt=created)

    assert change.since == (NOW if since is None else read_instant(since))


def test_a_location_is_the_one_map() -> None:
    """A point is a trait; a zone is an IANA name."""
    change = contact(
        traits={"location": {"latitude": 48, "longitude": 11.5}, "zone": "Europe/Berlin"}
    )

    assert change.traits["location"] == Location(48.0, 11.5)
    assert change.traits["zone"] == "Europe/Berlin"


@pytest.mark.parametrize(
    ("fields", "code", "path"),
    [
        ({"traits": {"key": "x"}}, "BAD_USER_INPUT", ("traits", "key")),
        ({"traits": {"createdAt": "x"}}, "BAD_USER_INPUT", ("traits", "createdAt")),
        ({"traits": {"_x": 1}}, "BAD_USER_INPUT", ("traits", "_x")),
        ({"traits": {"zone": "Mars/Phobos"}}, "BAD_USER_INPUT", ("traits", "zone")),
        ({"traits": {"zone": 1}}, "BAD_USER_INPUT", ("traits", "zone")),
        ({"traits": {"x": {"latitude": 1, "longitude": 1}}}, "BAD_USER_INPUT", ("traits", "x")),
        ({"traits": {"location": {"latitude": 1}}}, "BAD_USER_INPUT", ("traits", "location")),
        ({"accounts": ["a", ""]}, "BAD_USER_INPUT", ("accounts", 1)),
        ({"at": "2027-01-01T00:00:00Z"}, "IN_THE_FUTURE", ("at",)),
        ({"createdAt": "2027-01-01T00:00:00Z"}, "IN_THE_FUTURE", ("createdAt",)),
        ({"createdAt": "yesterday"}, "BAD_USER_INPUT", ("createdAt",)),
    ],
    ids=repr,
)
def test_what_is_refused_of_a_contact(fields: dict[str, Any], code: str, path: errors.Path) -> None:
    """Each at its own place."""
    with pytest.raises(errors.BadInput) as caught:
        contact(**fields)

    assert (caught.value.reason, caught.value.path[: len(path)]) == (code, path)


@pytest.mark.parametrize(
    ("fields", "change"),
    [
        (
            {"type": "account", "key": "acme", "traits": {"tier": "gold", "x": None}},
            NodeChange("Account", "acme", {"tier": "gold", "x": None}, None),
        ),
        (
            {"type": "content", "key": "/p", "title": "P", "url": None, "topics": ["a", "a"]},
            NodeChange("Content", "/p", {"title": "P", "url": None}, ("a",)),
        ),
        (
            {"type": "content", "key": "/p", "kind": "page", "properties": {"on": "2026-01-01"}},
            NodeChange("Content", "/p", {"kind": "page", "on": dt.date(2026, 1, 1)}, None),
        ),
        (
            {"type": "product", "key": "s", "name": "S", "category": "shirts"},
            NodeChange("Product", "s", {"name": "S"}, ("shirts",)),
        ),
        (
            {"type": "product", "key": "s", "category": None},
            NodeChange("Product", "s", {}, ()),
        ),
        (
            {"type": "topic", "key": "t", "name": "T", "parent": "u"},
            NodeChange("Topic", "t", {"name": "T"}, ("u",)),
        ),
        (
            {"type": "category", "key": "t", "parent": None},
            NodeChange("Category", "t", {}, ()),
        ),
    ],
    ids=repr,
)
def test_a_node(fields: dict[str, Any], change: NodeChange) -> None:
    """What is absent changes nothing, null takes back."""
    assert node(**fields) == change


@pytest.mark.parametrize(
    ("fields", "path"),
    [
        ({"type": "content", "key": "", "title": "x"}, ("key",)),
        ({"type": "content", "key": "x", "topics": [""]}, ("topics", 0)),
        ({"type": "content", "key": "x", "properties": {"title": 1}}, ("properties", "title")),
        ({"type": "product", "key": "x", "properties": {"name": 1}}, ("properties", "name")),
        ({"type": "content", "key": "x", "title": "x" * 4001}, ("title",)),
        ({"type": "product", "key": "x", "category": ""}, ("category",)),
        ({"type": "account", "key": "x", "traits": {"key": 1}}, ("traits", "key")),
        ({"type": "account", "key": "x", "traits": {"a": {}}}, ("traits", "a")),
    ],
    ids=repr,
)
def test_what_is_refused_of_a_node(fields: dict[str, Any], path: errors.Path) -> None:
    """Each at its own place."""
    with pytest.raises(errors.BadInput) as caught:
        node(**fields)

    assert caught.value.path == path
