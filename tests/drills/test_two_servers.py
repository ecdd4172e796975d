"""Two servers on one graph: one writes, the other stands by and takes over."""

from __future__ import annotations

import random
import signal
import time
from typing import TYPE_CHECKING

import pytest

from graph.upkeep.owner import LEASE
from tests import report
from tests.drills import keeping
from tests.drills.listening import ByEvents, BySocket, listening, logged
from tests.drills.serving import Server, at, events, stored, until

if TYPE_CHECKING:
    from pathlib import Path

    from tests.engine import Running

pytestmark = [pytest.mark.drill, pytest.mark.timeout(180)]

COUNT = '{ audience(where: {did: {event: "Page Viewed"}}) { count asOf } }'


def owns(server: Server) -> bool:
    """Tell whether a server takes what is told."""
    return server.status().get("ready") is True


async def test_the_second_stands_by(graph: Running, tmp_path: Path) -> None:
    """It serves reads, says that it is not ready, and refuses what is told."""
    told = list(events(20))
    with at(graph, tmp_path / "1") as first:
        assert owns(first)
        accepted = first.load(*told[:10]).json()["accepted"]
        with at(graph, tmp_path / "2") as second:
            counted = second.ask(COUNT)["data"]["audience"]
            standing_by = second.http.get("/readyz")
            refused = second.load(*told[10:])

    assert accepted == counted["count"] == 10
    assert counted["asOf"]
    reason = "Another server is the writer of this graph; this one only reads."
    assert standing_by.status_code == 503
    assert standing_by.json() == {"ready": False, "reason": reason}
    assert (refused.status_code, refused.json()["code"]) == (503, "NOT_OWNER")
    assert await stored(graph) == (10, 10, 10)


async def test_the_second_takes_over(graph: Running, tmp_path: Path) -> None:
    """After a kill or a pause; who was paused cannot commit, and takes over in its turn.

    Meanwhile others tell on, and windows close: members stay those that Cypher finds.
    """
    with at(graph, tmp_path / "1") as first, at(graph, tmp_path / "2") as second:
        assert owns(first)
        keeping.begin(first)
        tellers = keeping.Tellers(first.url, random.Random())  # noqa: S311 - any moment will do
        with tellers.at_work(2):
            tellers.again()
            first.signal(signal.SIGSTOP)
            after_pause = taken_over(tellers, second)
            first.signal(signal.SIGCONT)
            late = first.load(*events(20))
            until(lambda: not owns(first), 15)
            second.signal(signal.SIGKILL)
            after_kill = taken_over(tellers, first)
        differing = await keeping.differences(first, graph)

    assert (late.status_code, late.json()["code"]) == (503, "NOT_OWNER")
    assert max(after_pause, after_kill) < 10
    assert after_pause > LEASE / 1000 - 3
    assert differing == []
    assert await stored(graph) == (sum(tellers.acknowledged),) * 3


async def test_who_listens_goes_on_at_the_other(graph: Running, tmp_path: Path) -> None:
    """By the cursor of what it heard last, whichever wrote it: no gap, no double, in order."""
    with at(graph, tmp_path / "1") as first, at(graph, tmp_path / "2") as second:
        assert owns(first)
        keeping.begin(first)
        ports = [int(each.url.rpartition(":")[2]) for each in (first, second)]
        listeners = [kind("127.0.0.1", port) for kind in (BySocket, ByEvents) for port in ports]
        tellers = keeping.Tellers(first.url, random.Random())  # noqa: S311 - any moment will do
        with listening(*listeners):
            with tellers.at_work(2):
                tellers.again()
                for each in listeners:
                    each.move(ports[each.port == ports[0]])
                tellers.again()
                until(lambda: all(each.heard for each in listeners), 30)
                first.signal(signal.SIGKILL)
                for each in listeners:
                    each.move(ports[1])
                taken_over(tellers, second)
            time.sleep(keeping.SHORT)  # noqa: ASYNC251 - nobody else is on this loop
            until(lambda: keeping.rested(second), 30)
            log = await logged(graph)
            until(lambda: all(each.heard[-1:] == log[-1:] for each in listeners), 30)

    assert len(log) > keeping.CONTACTS
    assert [each.heard == log for each in listeners] == [True] * 4


def taken_over(tellers: keeping.Tellers, server: Server) -> float:
    """Return after how many seconds a server took over; it is told from then on."""
    seconds = until(lambda: owns(server), 20)
    report.RECOVERED["takeover"].append(seconds)
    tellers.url = server.url
    tellers.again()
    return seconds
