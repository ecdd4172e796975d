"""Lines of an import: one thing that is told, in the fields of the API's inputs.

A line's `type` says what it is; without one it is an event. A field that is absent changes
nothing; null takes back.
"""

from __future__ import annotations

import contextlib
import re
from typing import TYPE_CHECKING, TypeAlias, cast

import msgspec
from msgspec import UNSET, Struct, UnsetType

from graph import errors

if TYPE_CHECKING:
    from collections.abc import Callable

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
    name: str
    where: dict[str, object]
    description: str | UnsetType | None = UNSET
    expectedRevision: int | None = None  # noqa: N815 - the API's name
    archived: bool = False


NodeLine: TypeAlias = AccountLine | ContentLine | ProductLine | TopicLine | CategoryLine
Line: TypeAlias = EventLine | ContactLine | ConsentLine | NodeLine | SegmentLine


class Unreadable(errors.BadInput):
    """The line is not of the fields of its type; `key` is the one that it says, if it does."""

    key: str | None = None


class _Named(Struct):
    """What a line is called by, whatever else is wrong with it."""

    type: object = None
    id: object = None
    key: object = None


class _Untagged(EventLine, tag=False, forbid_unknown_fields=True):
    """An event that does not say that it is one."""


_LINE = msgspec.json.Decoder(Line)
_EVENT = msgspec.json.Decoder(_Untagged)
_UNTYPED = "Object missing required field `type`"
_PLACE = re.compile(r"(.*?)(?: - at `\$?(.*)`)?", re.DOTALL)
_UNKNOWN = re.compile(r"Object contains unknown field `(.*)`", re.DOTALL)


def decode(raw: bytes | memoryview) -> Line:
    """Return the line that JSON means.

    Raises:
        BadInput: it is no JSON, or not of the fields of its type.
    """
    try:
        return _typed(raw)
    except msgspec.ValidationError as error:
        raise _unreadable(str(error), msgspec.json.decode, raw) from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise errors.BadInput(f"The line is not JSON: {error}", code="NOT_JSON") from None


def converted(kind: type[Line], fields: object) -> Line | errors.BadInput:
    """Return the line of a kind with these fields, or why there is none."""
    try:
        return msgspec.convert(fields, kind)
    except msgspec.ValidationError as error:
        return _unreadable(str(error), msgspec.convert, fields)


def _unreadable(message: str, read: Callable[..., _Named], given: object) -> Unreadable:
    """Return why a line is refused, under the key that it has all the same."""
    refused = _refused(message)
    with contextlib.suppress(msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        named = read(given, type=_Named)
        is_event = named.type is None or named.type == "event"
        key = named.id if is_event else named.key
        refused.key = key if isinstance(key, str) else None
    return refused


def _typed(raw: bytes | memoryview) -> Line:
    try:
        return _LINE.decode(raw)
    except msgspec.ValidationError as error:
        if str(error) != _UNTYPED:
            raise
    return _EVENT.decode(raw)


def _refused(message: str) -> Unreadable:
    text, place = cast(
        "tuple[str, str | None]", cast("re.Match[str]", _PLACE.fullmatch(message)).groups()
    )
    path: list[str | int] = [
        int(part) if part.isdecimal() else part
        for part in re.split(r"[.\[\]]+", place or "")
        if part not in {"", "..."}
    ]
    unknown = _UNKNOWN.fullmatch(text)
    if unknown:
        path.append(unknown[1])
    return Unreadable(text, *path)
