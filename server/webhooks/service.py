"""All webhooks of a server: made and tried on request, delivered to while it owns the graph."""

from __future__ import annotations

import asyncio
import contextlib
import random
import secrets as chance_of_the_machine
from typing import TYPE_CHECKING, Final

from graph import errors
from graph.webhooks import (
    Delivery,
    Rotated,
    Tried,
    Webhook,
    WebhookPacking,
    WebhookStatus,
    found,
)
from server.webhooks import secrets
from server.webhooks.addresses import check_url
from server.webhooks.delivering import Delivering, Means, delivery
from server.webhooks.messages import trial
from server.webhooks.posting import SECONDS, Poster
from server.webhooks.room import Room

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from graph.segmentation import Segmentation
    from graph.webhooks import Webhooks

_LOOK: Final = 0.5
"""Seconds between two looks whether this server still owns the graph."""


class Service:
    """Makes webhooks, and delivers to them as long as `run` runs."""

    def __init__(
        self,
        segmentation: Segmentation,
        trusted: Collection[str] = (),
        seconds: float = SECONDS,
        chance: random.Random | None = None,
    ) -> None:
        self._endpoints = segmentation.endpoints
        self._feed = segmentation.feed
        self._clock = segmentation.clock
        self._trusted = trusted
        self._seconds = seconds
        self._room = Room()
        self._chance = chance or random.Random()  # noqa: S311 - no secret
        self._running: dict[str, tuple[int, asyncio.Task[None]]] = {}

    async def create(
        self, url: str, segments: Sequence[str] | None, packing: WebhookPacking, secret: str | None
    ) -> Webhook:
        """Return a new webhook, which is told of what comes from now on.

        Raises:
            BadInput: at the path of a URL that is not posted to, of what is no secret, or of a
                segment that there is not.
            SegraphError: as `Segmentation.tell`.
        """
        with errors.under("url"):
            posted_to = await check_url(url, self._trusted)
        key = secrets.made() if secret is None else secrets.read(secret)
        heard = None if segments is None else tuple(dict.fromkeys(segments))
        if heard == ():
            raise errors.BadInput(
                "A webhook without segments hears of nothing: name some, or leave `segments` out "
                "for all",
                "segments",
            )
        id_ = f"webhook_{chance_of_the_machine.token_hex(8)}"
        return await self._endpoints.create(
            Webhook(id_, posted_to, heard, packing, key, self._clock.now())
        )

    async def rotate(self, id_: str, secret: str | None, grace: int) -> Webhook:
        """Give a webhook another secret; for some milliseconds the one before signs as well.

        Raises:
            WebhookNotFound: there is none.
            BadInput: at the path of what is no secret.
            SegraphError: as `Segmentation.tell`.
        """
        key = secrets.made() if secret is None else secrets.read(secret)
        now = self._clock.now()
        return await self._endpoints.tell(Rotated(id_, key, now, now + grace))

    async def test(self, id_: str) -> Delivery:
        """Post a message that tells of no change, and return what came of it.

        Raises:
            WebhookNotFound: there is none.
            SegraphError: as `Segmentation.tell`.
        """
        refusal = self._endpoints.refusal
        if refusal is not None:
            raise refusal.with_traceback(None)  # before anything is posted of which nothing is kept
        webhook = found(await self._endpoints.all(), id_)
        now = self._clock.now()
        message = trial(webhook, now, webhook.number + 1)
        async with Poster(self._trusted, self._seconds, room=self._room) as poster:
            tried = delivery(message, await poster.post(webhook, message, now), now)
        kept = await self._endpoints.tell(Tried(id_, tried))
        return kept.deliveries[-1]

    async def run(self) -> None:
        """Deliver to all that are active, each on its own, until cancelled."""
        async with (
            Poster(self._trusted, self._seconds, room=self._room) as poster,
            asyncio.TaskGroup() as tasks,
        ):
            means = Means(self._endpoints, self._feed, self._clock, poster, self._chance)
            while True:
                self._endpoints.touched.clear()
                self._settle(self._endpoints.mine or {}, means, tasks)
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(_LOOK):
                        await self._endpoints.touched.wait()

    def _settle(self, webhooks: Webhooks, means: Means, tasks: asyncio.TaskGroup) -> None:
        """End what was edited, paused or removed, and begin what is active."""
        active = {
            each.id: each for each in webhooks.values() if each.status is WebhookStatus.ACTIVE
        }
        for id_, (run, task) in list(self._running.items()):
            if id_ not in active or active[id_].run != run or task.done():
                task.cancel()
                del self._running[id_]
        for id_, webhook in active.items():
            if id_ not in self._running:
                task = tasks.create_task(Delivering(means, webhook).run())
                self._running[id_] = webhook.run, task
