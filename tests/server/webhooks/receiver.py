"""A real receiver of webhooks: it answers as it is told, and keeps what was posted to it."""

from __future__ import annotations

import asyncio
import json
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeAlias

from standardwebhooks import Webhook
from starlette.applications import Starlette
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from graph.clock import FixedClock
from tests.server.live import listening

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Generator

    from starlette.requests import Request

    from tests.server.live import Live

CREATE = """mutation($url: String!, $segments: [String!], $secret: String,
    $packing: WebhookPacking! = SINGLE) {
  createWebhook(url: $url, segments: $segments, secret: $secret, packing: $packing) {
    ... on WebhookSecret { secret webhook { id url segments packing status sequence failures } }
    ... on Problem { __typename code message path } } }"""
READ = """query($id: ID!) { webhook(id: $id) {
  status reason sequence failures nextAttemptAt
  deliveries { nodes { messageId at changes succeeded status error } } } }"""
TEST = """mutation($id: ID!) { testWebhook(id: $id) {
  ... on Delivery { messageId changes succeeded status error }
  ... on Problem { __typename code message path } } }"""

Answer: TypeAlias = "Callable[[Posted], Response | Awaitable[Response]]"


@dataclass(frozen=True, slots=True)
class Posted:
    """A post as it came."""

    headers: dict[str, str]
    body: bytes
    at: int

    @property
    def id(self) -> str:
        """The message's id."""
        return self.headers["webhook-id"]

    @property
    def payload(self) -> dict[str, Any]:
        """What it says."""
        return json.loads(self.body)

    def verified(self, secret: str) -> dict[str, Any]:
        """Return what it says, once its signature is found to be right."""
        return Webhook(secret).verify(self.body, self.headers)

    def told(self) -> list[tuple[str, str, str]]:
        """Return the type, contact and segment of each change."""
        payload = self.payload
        changes = payload["data"].get("changes") or [{"type": payload["type"], **payload["data"]}]
        return [(each["type"], each["contactKey"], each["segment"]) for each in changes]


@dataclass(slots=True)
class Receiver:
    """Keeps posts, and answers them by `answer`, with 204 at first."""

    clock: FixedClock | None = None
    url: str = ""
    posts: list[Posted] = field(default_factory=list[Posted])
    answer: Answer = field(default=lambda _: Response(status_code=204))

    async def take(self, request: Request) -> Response:
        """Keep a post, and answer."""
        at = 0 if self.clock is None else self.clock.now()
        posted = Posted(dict(request.headers), await request.body(), at)
        self.posts.append(posted)
        answer = self.answer(posted)
        return answer if isinstance(answer, Response) else await answer

    def wait(self, number: int, seconds: float = 10) -> list[Posted]:
        """Return all posts once there are so many."""
        until = time.monotonic() + seconds
        while len(self.posts) < number:
            assert time.monotonic() < until, f"{len(self.posts)} of {number} posts came"
            time.sleep(0.005)
        return self.posts


@contextmanager
def receiving(clock: FixedClock | None = None) -> Generator[Receiver]:
    """Receive on a free port of this machine for as long as the block."""
    receiver = Receiver(clock)
    app = Starlette(routes=[Route("/hook", receiver.take, methods=["POST", "GET"])])
    with listening(app) as url:
        receiver.url = f"{url}/hook"
        yield receiver


def status(code: int, **headers: str) -> Callable[[Posted], Response]:
    """Return an answer of a status."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda _: Response(status_code=code, headers=named)


def dripping(_: Posted) -> Response:
    """Answer with a byte now and then, without an end."""

    async def drops() -> AsyncIterator[bytes]:
        """Yield a byte now and then."""
        while True:
            yield b"."
            await asyncio.sleep(0.05)

    return StreamingResponse(drops())


async def sleeping(_: Posted) -> Response:
    """Answer too late."""
    await asyncio.sleep(3)
    return Response()


def create(live: Live, url: str, *segments: str, **options: object) -> dict[str, Any]:
    """Make a webhook, and return what became of it."""
    given = {"segments": list(segments)} if segments else {}
    return live.ask(CREATE, url=url, **given, **options)["createWebhook"]


def read(live: Live, made: dict[str, Any]) -> dict[str, Any]:
    """Return a webhook as it is."""
    return live.ask(READ, id=made["webhook"]["id"])["webhook"]


def until(live: Live, made: dict[str, Any], past: int = 0, **expected: object) -> dict[str, Any]:
    """Return a webhook once it is past a number of the log, and its fields are as expected."""
    end = time.monotonic() + 10
    while True:
        found = read(live, made)
        as_expected = all(found[name] == value for name, value in expected.items())
        if as_expected and found["sequence"] >= past:
            return found
        assert time.monotonic() < end, found
        time.sleep(0.01)


def forget(live: Live) -> None:
    """Delete all webhooks."""
    for each in live.ask("{ webhooks(first: 500) { nodes { id } } }")["webhooks"]["nodes"]:
        edit(live, "deleteWebhook", {"webhook": each})


def edit(live: Live, mutation: str, made: dict[str, Any], **more: object) -> dict[str, Any]:
    """Edit a webhook, and return what became of it."""
    names = "".join(f", ${name}: String" for name in more)
    given = "".join(f", {name}: ${name}" for name in more)
    query = f"""mutation($id: ID!{names}) {{ {mutation}(id: $id{given}) {{ __typename
      ... on Webhook {{ status sequence failures reason }}
      ... on Problem {{ code message path }} }} }}"""
    return live.ask(query, id=made["webhook"]["id"], **more)[mutation]
