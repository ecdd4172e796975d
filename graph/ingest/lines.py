"""Lines of an import: one thing that is told, in the fields of the API's inputs.

A line's `type` says what it is; without one it is an event. A field that is absent changes
nothing; null takes back.
"""

from __future__ import annotations

from typing import TypeAlias

from msgspec import UNSET, Struct, UnsetType

Properties: TypeAlias = dict[str, object]


class ThingRef(Struct, forbid_unknown_fields=True):
    """What an event was about: at most one of these, by key."""

    content: str | None = None
    product: str | None = None
    feature: str | None = None
    ticket: str | None = None
    search: str | None = None
    campaign: str | None = None


class EventLine(Struct, tag="event", forbid_unknown_fields=True):
    """Something that a contact did."""

    contact: str
    event: str
    id: str | None = None
    at: str | None = None
    about: ThingRef | None = None
    properties: Properties | None = None
    source: str | None = None
    purpose: str | None = None


class ContactLine(Struct, tag="contact", forbid_unknown_fields=True):
    """Traits of a contact from an instant on, and its accounts."""

    key: str
    traits: Properties | None = None
    accounts: list[str] | None = None
    at: str | None = None
    createdAt: str | None = None  # noqa: N815 - the API's name


class AccountLine(Struct, tag="account", forbid_unknown_fields=True):
    """Traits of an account."""

    key: str
    traits: Properties | None = None


class ConsentLine(Struct, tag="consent", forbid_unknown_fields=True):
    """What a contact decided on a purpose."""

    contact: str
    purpose: str
    state: str
    at: str | None = None


class ContentLine(Struct, tag="content", forbid_unknown_fields=True):
    """A content and its topics."""

    key: str
    kind: str | UnsetType | None = UNSET
    title: str | UnsetType | None = UNSET
    url: str | UnsetType | None = UNSET
    topics: list[str] | None = None
    properties: Properties | None = None


class ProductLine(Struct, tag="product", forbid_unknown_fields=True):
    """A product and its category."""

    key: str
    name: str | UnsetType | None = UNSET
    category: str | UnsetType | None = UNSET
    properties: Properties | None = None


class TopicLine(Struct, tag="topic", forbid_unknown_fields=True):
    """A topic and the one above it."""

    key: str
    name: str | UnsetType | None = UNSET
    parent: str | UnsetType | None = UNSET


class CategoryLine(Struct, tag="category", forbid_unknown_fields=True):
    """A category of products and the one above it."""

    key: str
    name: str | UnsetType | None = UNSET
    parent: str | UnsetType | None = UNSET


class SegmentLine(Struct, tag="segment", forbid_unknown_fields=True):
    """A saved segment; one that is archived is kept, and nobody is told of it."""

    key: str
    where: dict[str, object]
    name: str | None = None
    description: str | UnsetType | None = UNSET
    expectedRevision: int | None = None  # noqa: N815 - the API's name
    announce: bool = False
    archived: bool = False


NodeLine: TypeAlias = AccountLine | ContentLine | ProductLine | TopicLine | CategoryLine
Line: TypeAlias = EventLine | ContactLine | ConsentLine | NodeLine | SegmentLine
