"""Deliver to one webhook: in order, each message until it is taken, by the standard's schedule."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import random
from collections import deque
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final, TypeAlias

from graph import errors, times
from graph.clock import Clock
from graph.endpoints import Endpoints
from graph.feed import Feed, Wanted
from graph.webhooks import Delivery, Progress, Webhook, WebhookPacking, WebhookStatus
from server.webhooks.messages import MOST, Message, message
from server.webhooks.posting import LANES, Poster
from server.webhooks.schedule import FURTHEST, PAUSES, pause

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Sequence

    from graph.changes import Change
    from graph.feed import Batch
    from server.webhooks.posting import Answer

_log = logging.getLogger(__name__)
_SAVED_EVERY: Final = 0.25
"""Seconds; what was delivered since is posted again after a crash, by the same ids."""
_ENDING: Final = 1.0
"""Seconds in which it can be kept at an end that is none."""
_ANEW: Final = times.HOUR
"""After which the log is looked at anew, so that what it deletes is known to be worked off."""


Refusal: TypeAlias = "tuple[Message, Answer]"
"""A message that is not taken, and what came of it."""


class Ended(Exception):
    """The webhook is no longer active."""


@dataclass(frozen=True, slots=True)
class Means:
    """What all deliveries of a server share."""

    endpoints: Endpoints
    feed: Feed
    clock: Clock
    poster: Poster
    chance: random.Random


@dataclass(slots=True)
class Left:
    """Messages that are to be posted, in order, and those among them that are taken."""

    messages: deque[Message]
    single: bool
    taken: set[str] = field(default_factory=set[str])

    def done(self, taken: Message) -> int | None:
        """Note one; return the number up to which all are taken, if there are more of them now."""
        self.taken.add(taken.id)
        upto = None
        while self.messages and self.messages[0].id in self.taken:
            upto = self.messages.popleft().last
        return upto

    def taken_before(self, stuck: Message) -> None:
        """Note what comes before a single one that failed, of the same contact and segment.

        It failed only after these were taken, however little of that is kept; posted after it, they
        would be the last that is heard of the contact.
        """
        of = _of(stuck)
        before = (each for each in self.messages if each.last < stuck.first)
        self.taken |= {each.id for each in before if _of(each) == of}

    def lanes(self) -> list[list[Message]]:
        """Return what is left by contact and segment, of which each is posted one by one."""
        lanes: list[list[Message]] = [[] for _ in range(LANES)]
        for each in self.messages:
            if each.id not in self.taken:
                lane = hash(_of(each)) % LANES if self.single else 0
                lanes[lane].append(each)
        return [lane for lane in lanes if lane]


class Delivering:
    """Delivers to a webhook in one of its runs, until it is cancelled or the webhook inactive."""

    def __init__(self, means: Means, webhook: Webhook) -> None:
        self._means = means
        self.webhook = webhook
        wanted = None if webhook.segments is None else frozenset(webhook.segments)
        self._wanted = Wanted(wanted)
        self._single = webhook.packing is WebhookPacking.SINGLE
        self._attempts: deque[Delivery] = deque(maxlen=200)
        self._moved = asyncio.Event()

    async def run(self) -> None:
        """Deliver; ends where the writer cannot be told, to be begun anew from what is kept."""
        try:
            async with asyncio.TaskGroup() as tasks:
                saving = tasks.create_task(self._saving())
                await self._delivering()
                saving.cancel()
        except* (Ended, errors.WebhookNotFound):
            pass  # it was deleted while something was under way
        except* errors.SegraphError as group:
            for error in group.exceptions:
                _log.warning("delivering to webhook %s waits: %s", self.webhook.id, error)
        except* Exception:  # noqa: BLE001 - a defect of ours; the others are delivered to
            _log.exception("webhook %s cannot be delivered to", self.webhook.id)
        finally:
            if self._moved.is_set():
                with contextlib.suppress(errors.SegraphError, TimeoutError):
                    async with asyncio.timeout(_ENDING):
                        await self._save()

    async def _delivering(self) -> None:
        while True:
            try:
                async with contextlib.aclosing(
                    self._means.feed.after(self.webhook.position, self._wanted)
                ) as batches:
                    await self._followed(batches)
            except errors.NoLongerKept as lost:
                await self._disabled(f"{lost.message}. Replay it, and resume it")

    async def _followed(self, batches: AsyncGenerator[Batch]) -> None:
        """Deliver what comes, for an hour or more."""
        held: list[Change] = []
        anew = self._means.clock.now() + _ANEW
        while self._means.clock.now() < anew or held:
            batch = await self._next(batches, anew)
            if batch is None:
                return
            held += [each for each in batch.changes if each.announced]
            upto = self.webhook.upto
            if held and upto is not None and batch.upto < upto:
                continue  # the rest of a message that was under way before
            await self._sent(held)
            held = []
            if batch.upto > self.webhook.position:
                self._move(position=batch.upto)

    async def _next(self, batches: AsyncGenerator[Batch], anew: int) -> Batch | None:
        """Return the next batch; None where none comes until an instant."""
        coming = asyncio.ensure_future(anext(batches))
        until = asyncio.ensure_future(self._means.clock.reach(anew))
        try:
            await asyncio.wait({coming, until}, return_when=asyncio.FIRST_COMPLETED)
            return coming.result() if coming.done() else None
        finally:
            until.cancel()
            coming.cancel()
            await asyncio.gather(until, coming, return_exceptions=True)

    def _messages(self, changes: Sequence[Change]) -> deque[Message]:
        """Return changes as messages; one that was under way before is as it was."""
        if self._single:
            return deque(message(self.webhook, [each]) for each in changes)
        upto = self.webhook.upto or 0
        before = [each for each in changes if each.sequence <= upto]
        rest = changes[len(before) :]
        groups = [before] if before else []
        groups += [rest[start : start + MOST] for start in range(0, len(rest), MOST)]
        return deque(message(self.webhook, group) for group in groups)

    async def _sent(self, changes: Sequence[Change]) -> None:
        """Post changes until all are taken."""
        left = Left(self._messages(changes), self._single)
        under_way = (each for each in left.messages if each.last == self.webhook.upto)
        stuck = next(under_way, None)
        if stuck is not None and self._single and self.webhook.failures:
            left.taken_before(stuck)
        while left.messages:
            if self.webhook.failures:
                # One alone, until it is taken.
                furthest = self._means.clock.now() + FURTHEST
                await self._means.clock.reach(min(self.webhook.next_attempt or 0, furthest))
                refused = await self._attempt(left, stuck or left.messages[0])
            else:
                refused = await self._volley(left)
            if refused is not None:
                stuck, answer = refused
                await self._failed(stuck, answer)

    async def _volley(self, left: Left) -> Refusal | None:
        """Post all that is left; return the first refusal, with which no more are begun."""
        refused: list[Refusal] = []

        async def lane(messages: Sequence[Message]) -> None:
            for each in messages:
                if refused:
                    return
                refusal = await self._attempt(left, each)
                if refusal is not None:
                    refused.append(refusal)

        async with asyncio.TaskGroup() as tasks:
            for messages in left.lanes():
                tasks.create_task(lane(messages))
        return refused[0] if refused else None

    async def _attempt(self, left: Left, message: Message) -> Refusal | None:
        """Post a message once; return it with the answer where it is not taken."""
        if not self._single and self.webhook.upto != message.last:
            # Known before it is posted, so that after a crash it is the same message.
            self._move(upto=message.last)
            await self._save()
        now = self._means.clock.now()
        answer = await self._means.poster.post(self.webhook, message, now)
        self._attempts.append(delivery(message, answer, now))
        if answer.error is not None:
            return message, answer
        upto = left.done(message)
        if self.webhook.failures:
            self._move(upto=None, failures=0, next_attempt=None, reason=None)
        if upto is not None:
            self._move(position=upto, upto=None)
        return None

    async def _failed(self, message: Message, answer: Answer) -> None:
        """Say when the next attempt is, or give the webhook up."""
        failures = self.webhook.failures + 1
        wait = pause(failures, answer.asked, self._means.chance)
        if answer.gone:
            await self._disabled(f"{answer.error}")
        if wait is None:
            await self._disabled(
                f"{answer.error}, the last of {failures} attempts within {_days()} days; resume it "
                "to go on where it was"
            )
        at = self._means.clock.now() + (wait or 0)
        self._move(upto=message.last, failures=failures, next_attempt=at, reason=answer.error)
        await self._save()

    async def _disabled(self, reason: str) -> None:
        _log.warning("webhook %s is disabled: %s", self.webhook.id, reason)
        self._move(status=WebhookStatus.DISABLED, reason=reason, next_attempt=None)
        await self._save()
        raise Ended

    def _move(self, **fields: object) -> None:
        self.webhook = replace(self.webhook, **fields)  # pyright: ignore[reportArgumentType]
        self._moved.set()

    async def _saving(self) -> None:
        """Keep how far it is, some times a second."""
        while True:
            await self._moved.wait()
            await self._save()
            await asyncio.sleep(_SAVED_EVERY)

    async def _save(self) -> None:
        self._moved.clear()
        attempts = tuple(self._attempts)
        self._attempts.clear()
        try:
            await self._told(attempts)
        except BaseException:
            # Cut off, it may be on its way to the graph still: whoever ends waits for one more.
            self._moved.set()
            raise

    async def _told(self, attempts: tuple[Delivery, ...]) -> None:
        while True:
            try:
                await self._means.endpoints.tell(Progress(self.webhook, attempts))
            except errors.Busy as busy:
                await asyncio.sleep(busy.retry_after)
            else:
                return


def delivery(message: Message, answer: Answer, at: int) -> Delivery:
    """Return an attempt as it is kept."""
    return Delivery(message.id, at, len(message.changes), answer.status, answer.error, answer.took)


def _of(single: Message) -> tuple[str, str]:
    """Return the contact and the segment of a single message, whose order is kept."""
    change = single.changes[0]
    return change.contact, change.segment


def _days() -> int:
    return round(sum(PAUSES) / times.DAY)
