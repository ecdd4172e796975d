"""`webhooks`: single posts to a receiver on this machine, each signed, each change its own."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from typing import TYPE_CHECKING, Any, Final

import httpx2

from bench import machine, measure, places

if TYPE_CHECKING:
    from argparse import Namespace

POSTS: Final = 20_000
TARGET: Final = 4_000.0
_REQUEST: Final = 5_000
_SAVE: Final = """mutation { saveSegment(segment: {
  key: "signed", name: "Signed up", where: { did: { event: "Signed Up" } } }) { __typename } }"""
_STATUS: Final = '{ segment(key: "signed") { status size } }'
_CREATE: Final = """mutation ($url: String!) { createWebhook(url: $url, packing: SINGLE) {
  ... on WebhookSecret { webhook { id cursor } } } }"""
_PAUSE: Final = "mutation ($id: ID!) { pauseWebhook(id: $id) { __typename } }"
_RESUME: Final = "mutation ($id: ID!) { resumeWebhook(id: $id) { __typename } }"
_REPLAY: Final = """mutation ($id: ID!, $after: String) {
  replayWebhook(id: $id, after: $after) { __typename } }"""


async def run(options: Namespace) -> None:
    """Print how many posts a second arrive, and what each costs the server."""
    os.environ["SEGRAPH_WEBHOOK_HOSTS"] = "127.0.0.1"
    async with places.graph(places.emptied("webhooks")) as (running, _):
        with (
            places.server("serve", running=running) as server,
            _receiving() as receiver,
            httpx2.Client(base_url=server.url, timeout=120) as client,
        ):
            assert receiver.stdout is not None
            webhook = _made(client, f"http://127.0.0.1:{receiver.stdout.readline().strip()}/")
            rates: list[float] = []
            before = machine.processor_seconds(server.pid)
            for number in range(options.rounds):
                begun = time.perf_counter()
                _asked(client, _REPLAY if number else _RESUME, **webhook)
                receiver.stdout.readline()
                rates.append(POSTS / (time.perf_counter() - begun))
            spent = machine.processor_seconds(server.pid) - before
            receiver.kill()
    each = spent / POSTS / options.rounds
    rate = measure.Spread(tuple(rates))
    head = ("single posts/s", "server CPU µs/post", "posts a second of CPU", "target")
    held = measure.verdict(1 / each, TARGET, most=False)
    measure.table(head, [(rate.text(0), f"{each * 1e6:.0f}", f"{1 / each:,.0f}", held)])


def _receiving() -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "bench.taking", str(POSTS)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)  # noqa: S603 - our own


def _made(client: httpx2.Client, url: str) -> dict[str, str]:
    """Save a segment, and let a webhook that is paused have all its changes before it."""
    _asked(client, _SAVE)
    while _asked(client, _STATUS)["segment"]["status"] != "LIVE":
        time.sleep(0.05)
    made = _asked(client, _CREATE, url=url)["createWebhook"]["webhook"]
    _asked(client, _PAUSE, id=made["id"])
    for start in range(0, POSTS, _REQUEST):
        numbers = range(start, start + _REQUEST)
        lines = [{"event": "Signed Up", "id": "1", "contact": f"c{n}"} for n in numbers]
        client.post("/import", json=lines).raise_for_status()
    assert _asked(client, _STATUS)["segment"]["size"] == POSTS
    return {"id": made["id"], "after": made["cursor"]}


def _asked(client: httpx2.Client, query: str, **variables: str) -> dict[str, Any]:
    used = {name: value for name, value in variables.items() if f"${name}" in query}
    answer = client.post("/graphql", json={"query": query, "variables": used}).json()
    assert "errors" not in answer, answer
    return answer["data"]
