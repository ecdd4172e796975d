"""What becomes of webhooks that are made, edited and delivered to, and how that is written."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final, assert_never

from graph import errors
from graph.catalogue import Catalogue, unknown
from graph.upkeep.outcome import Done, Hooked
from graph.webhooks import (
    NewWebhook,
    Progress,
    Removed,
    Replayed,
    Rotated,
    Tried,
    Turned,
    Webhook,
    WebhookRow,
    WebhookStatus,
    found,
)

if TYPE_CHECKING:
    from graph.database import Transaction

MOST: Final = 1000
"""Webhooks that are kept."""

WEBHOOKS: Final = """
UNWIND $lists.rows AS row
MERGE (webhook:Webhook {id: row.id})
SET webhook = row
"""
REMOVED: Final = """
UNWIND $lists.ids AS id
MATCH (webhook:Webhook {id: id})
DELETE webhook
"""


@dataclass(slots=True)
class Hooks:
    """The webhooks as a batch will leave them; `sequence` is the last change before it."""

    known: dict[str, Webhook] = field(default_factory=dict[str, Webhook])
    sequence: int = 0
    changed: set[str] = field(default_factory=set[str])

    def fold(self, row: WebhookRow, catalogue: Catalogue) -> Hooked:
        """Take a row in.

        Raises:
            WebhookNotFound: there is none.
            BadInput: there are too many, or it names a segment that there is not.
        """
        match row:
            case NewWebhook(webhook=new):
                return self._made(new, catalogue)
            case Removed():
                known = found(self.known, row.id)
                del self.known[row.id]
                self.changed.add(row.id)
                return Hooked(Done.DELETED, known)
            case Progress():
                known = found(self.known, row.webhook.id)
                after = _further(known, row)
            case _:
                known = found(self.known, row.id)
                after = _edited(known, row)
        return Hooked(Done.UNCHANGED, known) if after is known else self._kept(after)

    def _made(self, new: Webhook, catalogue: Catalogue) -> Hooked:
        if len(self.known) >= MOST:
            raise errors.BadInput(
                f"There are {MOST} webhooks already; delete one first",
                code="TOO_MANY_WEBHOOKS",
            )
        for place, key in enumerate(new.segments or ()):
            if key not in catalogue or catalogue[key].archived:
                raise unknown(key, catalogue, "segments", place)
        return self._kept(replace(new, position=self.sequence))

    def _kept(self, webhook: Webhook) -> Hooked:
        self.known[webhook.id] = webhook
        self.changed.add(webhook.id)
        return Hooked(Done.UPDATED, webhook)


def _edited(known: Webhook, row: Turned | Rotated | Replayed | Tried) -> Webhook:
    """Return a webhook as one asks for it; itself where it is so already."""
    match row:
        case Turned():
            waits = row.status is WebhookStatus.ACTIVE and known.failures > 0
            if known.status is row.status and not waits:
                return known
            return known.anew(row.status, known.position)
        case Rotated():
            return known.rotated(row.secret, row.now, row.until)
        case Replayed():
            return known.anew(known.status, row.position)
        case Tried():
            return known.delivered((row.delivery,))
        case _:
            assert_never(row)


def _further(known: Webhook, row: Progress) -> Webhook:
    """Return a webhook as who delivers has told of it, unless it was edited meanwhile."""
    told, known = row.webhook, known.delivered(row.deliveries)
    if told.run != known.run or known.status is not WebhookStatus.ACTIVE:
        return known
    return replace(
        known,
        position=told.position,
        upto=told.upto,
        failures=told.failures,
        next_attempt=told.next_attempt,
        status=told.status,
        reason=told.reason,
    )


async def write_webhooks(transaction: Transaction, hooks: Hooks) -> None:
    """Write what changed; the caller has fenced the transaction."""
    rows = [hooks.known[each].row() for each in hooks.changed if each in hooks.known]
    if rows:
        await transaction.run(WEBHOOKS, rows=rows)
    if gone := [each for each in hooks.changed if each not in hooks.known]:
        await transaction.run(REMOVED, ids=gone)
