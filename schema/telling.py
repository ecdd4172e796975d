"""What is told: inputs, and what became of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import strawberry
from strawberry import UNSET

from graph.conditions.consent import ConsentState
from schema.enums import enum_of
from schema.scalars import JSON, DateTime

if TYPE_CHECKING:
    from collections.abc import Sequence

    from graph import segmentation
    from graph.segmentation import Rejection, Told

enum_of(ConsentState)


def _optional(description: str) -> str | None:
    return strawberry.field(description=description, default=UNSET)


@strawberry.input(one_of=True, description="A thing, by its key; an unknown one is created.")
class ThingRef:
    """A thing, by its key."""

    content: str | None = _optional("The key of a content.")
    product: str | None = _optional("The key of a product.")
    feature: str | None = _optional("The key of a feature.")
    ticket: str | None = _optional("The key of a ticket.")
    search: str | None = _optional("The query.")
    campaign: str | None = _optional("The key of a campaign.")


@strawberry.input(description="Something that a contact did.")
class EventInput:
    """Something that a contact did."""

    contact: str = strawberry.field(description="The contact's key; an unknown contact is created.")
    event: str = strawberry.field(description="The name of its kind, such as `Page Viewed`.")
    id: str | None = _optional(
        "The sender's; the same id of the same contact counts once. Made up where absent."
    )
    at: DateTime | None = strawberry.field(
        description="When it happened; now where absent.", default=UNSET
    )
    about: ThingRef | None = strawberry.field(
        description="What it was about; the usual names find it in their properties.",
        default=UNSET,
    )
    properties: JSON | None = strawberry.field(
        description="Flat: strings, numbers, booleans, instants, lists of them.", default=UNSET
    )
    source: str | None = _optional("Who reports it: `web`, `app`, …; `api` where absent.")
    purpose: str | None = _optional("The consent purpose that it was recorded under.")


@strawberry.input(description="Traits of a contact from an instant on, and its accounts.")
class ContactInput:
    """Traits of a contact from an instant on, and its accounts."""

    key: str = strawberry.field(description="The user's own identifier.")
    traits: JSON | None = strawberry.field(
        description="Values by name; they merge as of `at`, null removes one.", default=UNSET
    )
    accounts: list[str] | None = strawberry.field(
        description="The keys of all its accounts, in place of those before.", default=UNSET
    )
    at: DateTime | None = strawberry.field(
        description="From when on this holds; now where absent.", default=UNSET
    )
    created_at: DateTime | None = strawberry.field(
        description="From when on the contact exists, if that is earlier.", default=UNSET
    )


@strawberry.input(description="What a contact decided on a purpose.")
class ConsentInput:
    """What a contact decided on a purpose."""

    contact: str = strawberry.field(description="The contact's key; an unknown contact is created.")
    purpose: str = strawberry.field(description="The purpose's name, such as `email`.")
    state: ConsentState = strawberry.field(description="GRANTED or WITHDRAWN.")
    at: DateTime | None = strawberry.field(
        description="When it was decided; now where absent. Of two at once WITHDRAWN wins.",
        default=UNSET,
    )


@strawberry.input(description="Traits of an account.")
class AccountInput:
    """Traits of an account."""

    key: str = strawberry.field(description="The user's own identifier.")
    traits: JSON | None = strawberry.field(
        description="Values by name; they merge, null removes one.", default=UNSET
    )


@strawberry.input(description="A content and its topics.")
class ContentInput:
    """A content and its topics."""

    key: str = strawberry.field(description="The user's own identifier.")
    kind: str | None = _optional("Its kind, such as `case-study`; null removes it.")
    title: str | None = _optional("Its title; null removes it.")
    url: str | None = _optional("Where it is; null removes it.")
    topics: list[str] | None = strawberry.field(
        description="The keys of all its topics, in place of those before.", default=UNSET
    )
    properties: JSON | None = strawberry.field(
        description="Values by name; they merge, null removes one.", default=UNSET
    )


@strawberry.input(description="A product and its category.")
class ProductInput:
    """A product and its category."""

    key: str = strawberry.field(description="The user's own identifier.")
    name: str | None = _optional("Its name; null removes it.")
    category: str | None = _optional("The key of its category; null takes it out.")
    properties: JSON | None = strawberry.field(
        description="Values by name; they merge, null removes one.", default=UNSET
    )


@strawberry.input(description="A topic or category, and what it is part of.")
class TopicInput:
    """A topic or category, and what it is part of."""

    key: str = strawberry.field(description="The user's own identifier.")
    name: str | None = _optional("Its name; null removes it.")
    parent: str | None = _optional("The key of the one above; null makes it a root.")


@strawberry.type(description="A row that was not taken.")
class Rejected:
    """A row that was not taken."""

    index: int = strawberry.field(description="Its place in the list, from 0.")
    key: str | None = strawberry.field(description="Its key, or the event's id.")
    code: str = strawberry.field(description="What sort of refusal it is.")
    message: str = strawberry.field(description="What is wrong, and the way out.")
    path: list[str] = strawberry.field(description="Where in the row it is.")


@strawberry.type(description="An answer means: durable, and already counted in every segment.")
class RecordedEvents:
    """What became of events."""

    accepted: int = strawberry.field(description="Events that are new.")
    duplicates: int = strawberry.field(description="Events that were known by their id.")
    rejected: list[Rejected] = strawberry.field(description="Events that were not taken.")


@strawberry.type(description="An answer means: durable, and already counted in every segment.")
class Upserted:
    """What became of rows."""

    created: int = strawberry.field(description="Rows of something new.")
    updated: int = strawberry.field(description="Rows that changed something.")
    unchanged: int = strawberry.field(description="Rows that said what was known.")
    rejected: list[Rejected] = strawberry.field(description="Rows that were not taken.")


@strawberry.type(
    description="An answer means: they are gone, and so is what they did to any segment."
)
class Deleted:
    """What became of what was to be deleted."""

    deleted: int = strawberry.field(description="How many there were.")
    unknown: list[int] = strawberry.field(
        description="The places in the list, from 0, of those that there are not."
    )
    rejected: list[Rejected] = strawberry.field(description="Keys that were not taken.")


def deleted(found: segmentation.Deleted) -> Deleted:
    """Return what became of what was to be deleted."""
    return Deleted(deleted=found.deleted, unknown=found.unknown, rejected=_rejected(found.rejected))


def recorded(told: Told) -> RecordedEvents:
    """Return what became of events."""
    return RecordedEvents(
        accepted=told.accepted, duplicates=told.duplicates, rejected=_rejected(told.rejected)
    )


def upserted(told: Told) -> Upserted:
    """Return what became of rows."""
    return Upserted(
        created=told.created,
        updated=told.updated,
        unchanged=told.unchanged,
        rejected=_rejected(told.rejected),
    )


def _rejected(rejections: Sequence[Rejection]) -> list[Rejected]:
    return [
        Rejected(
            index=each.index,
            key=each.key,
            code=each.code,
            message=each.message,
            path=[str(part) for part in each.path],
        )
        for each in rejections
    ]
