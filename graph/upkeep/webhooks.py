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
UNWIND $rows AS row
MERGE (webhook:Webhook {id: row.id})
SET webhook = row
"""
REMOVED: Final = """
UNWIND $ids AS id
MATCH (webhook:Webhook {id: id})
DELETE webhook
"""


@dataclass(slots=True)
class Hooks:
    """The webhooks as a batch will leave them; `sequence` is the last change before it."""

    known: dict[str, Webhook] = field(default_factory=dict[str, Webhook])
    sequence: int = 0
    changed: set[str] = field(default_factory=set[str])

    def fold(self, row: WebhookRow, catalogue: Catalogue) -> Hooked:  # noqa: PLR0911 - each sort
        """Take a row in.

        Raises:
            WebhookNotFound: there is none.
            BadInput: there are too many, or it names a segment that there is not.
        """
        match row:
            case NewWebhook(webhook=new):
                return self._made(new, catalogue)
            case Progress():
                return self._kept(_further(found(self.known, row.webhook.id), row))
            case Turned():
                known = found(self.known, row.id)
                if known.status is row.status:
                    return Hooked(Done.UNCHANGED, known)
                return self._kept(known.anew(row.status, known.position))
            case Rotated():
                known = found(self.known, row.id)
                former = {"former": known.secret, "former_until": row.until}
                return self._kept(replace(known, secret=row.secret, run=known.run + 1, **former))
            case Replayed():
                known = found(self.known, row.id)
                return self._kept(known.anew(known.status, row.position))
            case Removed():
                known = found(self.known, row.id)
                del self.known[row.id]
                self.changed.add(row.id)
                return Hooked(Done.DELETED, known)
            case _:
                assert_never(row)

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
