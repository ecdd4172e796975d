"""Only so many posts are under way at once, whoever posts them."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from starlette.responses import Response

from graph.webhooks import Webhook, WebhookPacking
from server.webhooks import secrets
from server.webhooks.messages import trial
from server.webhooks.posting import Poster
from server.webhooks.room import Room
from tests.server.webhooks.receiver import receiving

if TYPE_CHECKING:
    from server.webhooks.posting import Answer
    from tests.server.webhooks.receiver import Posted


class Busy:
    """Answers after a while, and counts how many wait for that at once."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._now = self.most = 0

    async def __call__(self, _: Posted) -> Response:
        """Answer."""
        self._now += 1
        self.most = max(self.most, self._now)
        await asyncio.sleep(self._seconds)
        self._now -= 1
        return Response()


async def post(poster: Poster, url: str) -> Answer:
    """Return what comes of a post."""
    webhook = Webhook("w", url, None, WebhookPacking.SINGLE, secrets.made(), 0)
    return await poster.post(webhook, trial(webhook, 0, 1), 0)


async def posted(room: Room, *urls: str) -> list[Answer]:
    """Return what comes of 30 posts, of two who post, to each of some URLs by turns."""
    hosts = ("127.0.0.1", "localhost")
    async with Poster(hosts, 1, room=room) as one, Poster(hosts, 1, room=room) as other:
        rounds = [post(each, url) for _ in range(15) for url in urls for each in (one, other)]
        return await asyncio.gather(*rounds)


async def test_one_host_is_posted_to_only_so_often_at_once() -> None:
    """The others wait, longer than an answer may take, and fail by nothing."""
    with receiving() as receiver:
        receiver.answer = busy = Busy(0.2)
        answers = await posted(Room(to_host=5), receiver.url)

    assert busy.most == 5
    assert {each.error for each in answers} == {None}
    assert len(receiver.posts) == 30


async def test_so_many_are_under_way_in_all() -> None:
    """Whatever the hosts are."""
    with receiving() as receiver:
        receiver.answer = busy = Busy(0.05)
        named = receiver.url.replace("127.0.0.1", "localhost")
        answers = await posted(Room(to_host=5, in_all=7), receiver.url, named)

    assert busy.most == 7
    assert {each.error for each in answers} == {None}


async def test_a_host_that_is_full_holds_no_other_up() -> None:
    """Its own posts alone wait for it."""
    with receiving() as slow, receiving() as quick:
        slow.answer = Busy(0.5)
        named = quick.url.replace("127.0.0.1", "localhost")
        async with Poster(("127.0.0.1", "localhost"), 5, room=Room(to_host=1)) as poster:
            waiting = [asyncio.create_task(post(poster, slow.url)) for _ in range(3)]
            await asyncio.sleep(0.1)
            answer = await post(poster, named)
            assert not any(each.done() for each in waiting)
            await asyncio.gather(*waiting)

    assert answer.error is None
