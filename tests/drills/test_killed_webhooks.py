"""The server is killed while it posts to webhooks: nothing is lost, and repeats keep their ids."""

from __future__ import annotations

import random
import signal
import time
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any, Final

import pytest

from tests.drills.serving import at, until
from tests.report import PROVE
from tests.server.webhooks.receiver import CREATE, receiving

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from graph.local import Running
    from tests.drills.serving import Server
    from tests.server.webhooks.receiver import Posted

pytestmark = pytest.mark.drill

ROUNDS: Final = 20 if PROVE else 2
SAVE: Final = """mutation($segment: SegmentInput!) { saveSegment(segment: $segment) {
  __typename } }"""
SIGNED: Final = {"did": {"event": "Signed Up"}}
SEGMENTS: Final = {
    "signed": SIGNED,
    "silent": {"all": [SIGNED, {"not": {"did": {"event": "Logged In"}}}]},
}
LOG: Final = """query($key: String!, $after: String) { segment(key: $key) {
  changes(first: 500, after: $after) {
    nodes { __typename sequence contactKey segment { key } }
    pageInfo { hasNextPage endCursor } } } }"""
STATUS: Final = "{ segments { nodes { status } } }"

Told = tuple[int, str, str, str]
"""The sequence, the contact, the segment, and what became of it there."""


def tell(server: Server, first: int) -> None:
    """Let contacts sign up, and then log in."""
    for event in ("Signed Up", "Logged In"):
        contacts = range(first, first + 100)
        answer = server.load(
            *({"contact": f"c{n}", "event": event, "id": f"{event} {n}"} for n in contacts)
        )
        assert answer.json()["accepted"] == 100


def logged(server: Server) -> list[Told]:
    """Return the whole log."""
    found: list[Told] = []
    for key in SEGMENTS:
        after, more = None, True
        while more:
            page = server.ask(LOG, key=key, after=after)["data"]["segment"]["changes"]
            after, more = page["pageInfo"]["endCursor"], page["pageInfo"]["hasNextPage"]
            found += [
                (each["sequence"], each["contactKey"], key, each["__typename"])
                for each in page["nodes"]
            ]
    return sorted(found)


def told(posts: Iterable[Posted]) -> list[tuple[str, Told]]:
    """Return each change that was posted, after the id of its message."""
    kinds = {"segment.entered": "MemberEntered", "segment.left": "MemberLeft"}
    found: list[tuple[str, Told]] = []
    for post in posts:
        payload = post.payload
        single = [{"type": payload["type"], **payload["data"]}]
        found += [
            (post.id, (each["sequence"], each["contactKey"], each["segment"], kinds[each["type"]]))
            for each in payload["data"].get("changes", single)
        ]
    return found


def made(server: Server, url: str, packing: str) -> dict[str, Any]:
    """Make a webhook of all segments."""
    return server.ask(CREATE, url=url, packing=packing)["data"]["createWebhook"]["webhook"]


def ready(server: Server) -> Server:
    """Return a server once it writes."""
    until(lambda: server.status().get("ready", False), 30)
    return server


def through(server: Server, webhooks: Sequence[dict[str, Any]], last: int) -> bool:
    """Tell whether all webhooks have been told of all."""
    query = "query($id: ID!) { webhook(id: $id) { sequence } }"
    found = [server.ask(query, id=each["id"]).get("data") for each in webhooks]
    return all(each and each["webhook"]["sequence"] >= last for each in found)


def saved(server: Server) -> None:
    """Save the segments, and wait until they are built."""
    for key, where in SEGMENTS.items():
        server.ask(SAVE, segment={"key": key, "name": key, "where": where})
    until(lambda: "BUILDING" not in str(server.ask(STATUS)), 30)


@pytest.mark.timeout(300)
async def test_a_clean_end_repeats_no_post(graph: Running, tmp_path: Path) -> None:
    """What was answered just before is kept while the server ends."""
    hosts = {"SEGRAPH_WEBHOOK_HOSTS": "127.0.0.1"}
    with receiving() as receiver:
        with at(graph, tmp_path, **hosts) as server:
            saved(ready(server))
            webhook = made(server, receiver.url, "SINGLE")
            for number in range(ROUNDS):
                tell(server, number * 100)
            before = len(receiver.wait(300 * ROUNDS, 60))
        with at(graph, tmp_path, **hosts) as server:
            tell(ready(server), ROUNDS * 100)
            log = logged(server)
            until(lambda: through(server, [webhook], log[-1][0]), 60)

    assert before == 300 * ROUNDS
    assert sorted(each for _, each in told(receiver.posts)) == log


@pytest.mark.timeout(600)
async def test_a_kill_loses_no_post(graph: Running, tmp_path: Path) -> None:
    """Each change of the log arrives, in order, and again only by the same id.

    The server is begun again, or one that stands by takes over, in turns.
    """
    chance = random.Random(7)  # noqa: S311 - a seed to be told again
    hosts = {"SEGRAPH_WEBHOOK_HOSTS": "127.0.0.1"}
    with receiving() as singly, receiving() as together, ExitStack() as ends:
        server = ready(ends.enter_context(at(graph, tmp_path, **hosts)))
        saved(server)
        webhooks = [
            made(server, singly.url, "SINGLE"),
            made(server, together.url, "COALESCED"),
        ]
        for number in range(ROUNDS):
            other = None
            if number % 2:
                other = ends.enter_context(at(graph, tmp_path / f"{number}", **hosts))
            tell(server, number * 100)
            time.sleep(chance.random() / 20)  # noqa: ASYNC251 - nobody else is on this loop
            server.signal(signal.SIGKILL)
            server = ready(other or ends.enter_context(at(graph, tmp_path, **hosts)))
        tell(server, ROUNDS * 100)
        log = logged(server)
        until(lambda: through(server, webhooks, log[-1][0]), 60)

    assert len(log) == 300 * (ROUNDS + 1)
    for receiver in (singly, together):
        found = told(receiver.posts)
        assert sorted({each for _, each in found}) == log
        assert len(set(found)) == len(log), "a change came by two ids"
        by_stay: dict[tuple[str, str], list[int]] = {}
        for _, (sequence, contact, segment, _) in dict.fromkeys(found):
            by_stay.setdefault((contact, segment), []).append(sequence)
        assert all(each == sorted(each) for each in by_stay.values())
