"""The webhooks of one server's graph: what one may ask of them, and tell the writer of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graph import errors
from graph.place import LogPlace, foreign, place_of
from graph.upkeep.outcome import Hooked, Refused
from graph.webhooks import (
    NewWebhook,
    Replayed,
    Webhook,
    WebhookRow,
    Webhooks,
    read_webhooks,
)

if TYPE_CHECKING:
    import asyncio

    from graph.database import Database
    from graph.upkeep.writer import Writer


class Endpoints:
    """All webhooks, as they lie in the graph."""

    def __init__(self, database: Database, writer: Writer) -> None:
        self._database = database
        self._writer = writer

    async def all(self) -> Webhooks:
        """Return all webhooks by id, in the order in which they were made."""
        known = self.mine
        return await read_webhooks(self._database) if known is None else known

    @property
    def mine(self) -> Webhooks | None:
        """The webhooks as committed; None while another server writes, and delivers to them."""
        return self._writer.webhooks

    @property
    def refusal(self) -> errors.SegraphError | None:
        """Why nothing may be told here; None where it may."""
        return self._writer.refusal

    @property
    def touched(self) -> asyncio.Event:
        """Set by each commit that changes a webhook; who waits for it clears it."""
        return self._writer.webhooks_touched

    async def tell(self, row: WebhookRow) -> Webhook:
        """Return a webhook as it is after a row, once that is durable; of one removed as it was.

        Raises:
            WebhookNotFound: there is none.
            BadInput: there are too many, or it names a segment that there is not.
            SegraphError: as `Segmentation.tell`.
        """
        (outcome,) = await self._writer.tell([row])
        match outcome:
            case Hooked(webhook=webhook):
                return webhook
            case Refused(error=errors.SegraphError() as error):
                raise error
            case _:
                raise errors.Fault(f"Of a webhook became {outcome}")

    async def create(self, webhook: Webhook) -> Webhook:
        """Keep a webhook, which is told of what comes from now on; raises as `tell`."""
        return await self.tell(NewWebhook(webhook))

    async def replay(self, id_: str, after: str | None) -> Webhook:
        """Tell a webhook anew of what comes after a cursor; of all that is kept without one.

        Raises:
            InvalidCursor: it is a cursor of something else.
            NoLongerKept: changes that came after it are deleted, or it is a cursor of another log.
            BadInput: as `tell`.
        """
        before = await self._writer.feed.begins()
        place = LogPlace(before) if after is None else place_of(after)
        if place.sequence < before:
            raise errors.NoLongerKept(
                "Changes that came after this cursor are no longer kept: replay without `after` "
                "tells of all that are",
                "after",
            )
        reason = None if after is None else await foreign(self._database, place)
        if reason is not None:
            raise errors.NoLongerKept(f"{reason}: replay without `after` tells of all", "after")
        return await self.tell(Replayed(id_, place.sequence))
