"""Webhooks: addresses that are told of changes, how far each is, and what it answered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final, TypeAlias, cast

import msgspec

from graph import errors, times

if TYPE_CHECKING:
    from graph.database import Reader

READ: Final = """
MATCH (webhook:Webhook)
RETURN properties(webhook) AS webhook
"""
SUCCEEDED_KEPT: Final = 50
FAILED_KEPT: Final = 150
"""Deliveries of each sort that are kept of one webhook, the newest."""
FORMERS_KEPT: Final = 10
"""Secrets before the newest one that sign at once, at most."""
KEPT_FOR: Final = 30 * times.DAY


class WebhookStatus(StrEnum):
    """Whether a webhook is told of changes.

    Attributes:
        ACTIVE: It is told of changes as they come; of one that fails again and again later.
        PAUSED: It waits until it is resumed; nothing that happens meanwhile is lost to it.
        DISABLED: It was given up, for a reason; once resumed it goes on where it was.
    """

    ACTIVE = "ACTIVE"
    PAUSED = "PAUSED"
    DISABLED = "DISABLED"


class WebhookPacking(StrEnum):
    """How changes are put into posts.

    Attributes:
        COALESCED: All that wait, up to 500, in one post of type `segment.changes`.
        SINGLE: Each in a post of its own, of type `segment.entered` or `segment.left`.
    """

    COALESCED = "COALESCED"
    SINGLE = "SINGLE"


@dataclass(frozen=True, slots=True)
class Delivery:
    """One attempt to deliver a message, and what came of it; `number` is its place in the list.

    `status` is the HTTP answer's, None where there was none; `error` is None where it was taken.
    `at` is the engine's instant, `took` milliseconds.
    """

    message: str
    at: int
    changes: int
    status: int | None
    error: str | None
    took: int
    number: int = 0


@dataclass(frozen=True, slots=True)
class Former:
    """A secret that was rotated away, and signs until an instant."""

    secret: str = field(repr=False)
    until: int


@dataclass(frozen=True, slots=True)
class Webhook:
    """An address that is told of the changes of some segments, None of all.

    All changes up to the number `position` of the log are delivered; `upto` is the last one of the
    message that is under way, of single ones of that which failed. `run` counts its edits: who
    delivers begins anew with each.
    `failures` are the attempts at that message, `next_attempt` is when the next one is due.
    """

    id: str
    url: str
    segments: tuple[str, ...] | None
    packing: WebhookPacking
    secret: str = field(repr=False)
    created_at: int
    formers: tuple[Former, ...] = ()
    run: int = 0
    position: int = 0
    upto: int | None = None
    failures: int = 0
    next_attempt: int | None = None
    status: WebhookStatus = WebhookStatus.ACTIVE
    reason: str | None = None
    number: int = 0
    deliveries: tuple[Delivery, ...] = ()

    def secrets(self, now: int) -> tuple[str, ...]:
        """Return the secrets that it is signed with, the newest first."""
        formers = (each.secret for each in reversed(self.formers) if now < each.until)
        return (self.secret, *formers)

    def rotated(self, secret: str, now: int, until: int) -> Webhook:
        """Return it with another secret, the one before beside it until an instant."""
        formers = (*(each for each in self.formers if now < each.until), Former(self.secret, until))
        return replace(self, secret=secret, formers=formers[-FORMERS_KEPT:], run=self.run + 1)

    def anew(self, status: WebhookStatus, position: int) -> Webhook:
        """Return it to go on after a number of the log, as if nothing had failed."""
        return replace(
            self,
            status=status,
            position=position,
            run=self.run + 1,
            upto=self.upto if position == self.position else None,
            failures=0,
            next_attempt=None,
            reason=self.reason if status is WebhookStatus.DISABLED else None,
        )

    def delivered(self, deliveries: tuple[Delivery, ...]) -> Webhook:
        """Return it with further attempts, the oldest of all forgotten."""
        if not deliveries:
            return self
        numbered = tuple(
            replace(each, number=self.number + place) for place, each in enumerate(deliveries, 1)
        )
        oldest = deliveries[-1].at - KEPT_FOR
        room = {True: SUCCEEDED_KEPT, False: FAILED_KEPT}
        kept: list[Delivery] = []
        for each in reversed((*self.deliveries, *numbered)):
            sort = each.error is None
            if room[sort] and each.at >= oldest:
                room[sort] -= 1
                kept.append(each)
        number = self.number + len(numbered)
        return replace(self, number=number, deliveries=tuple(reversed(kept)))

    def row(self) -> Mapping[str, object]:
        """Return the properties that are kept of it."""
        return msgspec.to_builtins(self) | {
            "formers": _packed(self.formers),
            "deliveries": _packed(self.deliveries),
        }


Webhooks: TypeAlias = Mapping[str, Webhook]
"""All webhooks by id."""


def found(webhooks: Webhooks, id_: str) -> Webhook:
    """Return a webhook.

    Raises:
        WebhookNotFound: there is none.
    """
    if id_ not in webhooks:
        raise errors.WebhookNotFound(
            f"There is no webhook {errors.shown(id_)}; `webhooks` lists those that there are", "id"
        )
    return webhooks[id_]


@dataclass(frozen=True, slots=True)
class NewWebhook:
    """A webhook to be kept; it hears of what comes after the commit before."""

    webhook: Webhook


@dataclass(frozen=True, slots=True)
class Turned:
    """A webhook to be paused, or resumed; one that waits to be tried again is tried at once."""

    id: str
    status: WebhookStatus


@dataclass(frozen=True, slots=True)
class Rotated:
    """A webhook to have another secret from now on, the one before beside it until an instant."""

    id: str
    secret: str = field(repr=False)
    now: int
    until: int


@dataclass(frozen=True, slots=True)
class Replayed:
    """A webhook to be told anew of what comes after a number of the log."""

    id: str
    position: int


@dataclass(frozen=True, slots=True)
class Removed:
    """A webhook to be told nothing more, and forgotten."""

    id: str


@dataclass(frozen=True, slots=True)
class Progress:
    """How far who delivers has come, in one run; of another run only the deliveries count."""

    webhook: Webhook
    deliveries: tuple[Delivery, ...]


@dataclass(frozen=True, slots=True)
class Tried:
    """A test of a webhook, which leaves it where it is."""

    id: str
    delivery: Delivery


WebhookRow: TypeAlias = NewWebhook | Turned | Rotated | Replayed | Removed | Progress | Tried


async def read_webhooks(database: Reader) -> dict[str, Webhook]:
    """Return all webhooks as they lie in the graph, in the order in which they were made."""
    rows = [cast("dict[str, Any]", row["webhook"]) for row in await database.read(READ)]
    found = [msgspec.convert(_unpacked(row), Webhook) for row in rows]
    return {each.id: each for each in sorted(found, key=lambda each: (each.created_at, each.id))}


def _packed(values: tuple[Former | Delivery, ...]) -> Sequence[str]:
    return [msgspec.json.encode(each).decode() for each in values]


def _unpacked(row: Mapping[str, Any]) -> Mapping[str, Any]:
    formers = [msgspec.json.decode(each, type=Former) for each in row.get("formers", ())]
    deliveries = [msgspec.json.decode(each, type=Delivery) for each in row.get("deliveries", ())]
    return {"segments": None, **row, "formers": formers, "deliveries": deliveries}
