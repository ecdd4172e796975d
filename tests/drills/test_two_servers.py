"""Two servers on one graph: one writes, the other stands by and takes over."""

from __future__ import annotations

import signal
from typing import TYPE_CHECKING

import pytest

from graph.upkeep.owner import LEASE
from tests.drills.serving import Server, at, events, stored, until

if TYPE_CHECKING:
    from pathlib import Path

    from tests.engine import Running

pytestmark = [pytest.mark.drill, pytest.mark.timeout(180)]

COUNT = '{ audience(where: {did: {event: "Page Viewed"}}) { count asOf } }'


def owns(server: Server) -> bool:
    """Tell whether a server takes what is told."""
    return server.status().get("ready") is True


async def test_the_second_takes_over(graph: Running, tmp_path: Path) -> None:
    """It serves reads, takes over after a kill or a pause, and the paused one cannot commit."""
    told = list(events(30))
    with at(graph, tmp_path / "1") as first:
        until(lambda: owns(first), 30)
        accepted = first.load(*told[:10]).json()["accepted"]
        with at(graph, tmp_path / "2") as second:
            counted = second.ask(COUNT)["data"]["audience"]
            standing_by = second.http.get("/readyz")
            refused = second.load(*told[10:20])

            first.signal(signal.SIGKILL)
            after_kill = until(lambda: owns(second), 20)
            second.load(*told[10:20])
            with at(graph, tmp_path / "3") as third:
                second.signal(signal.SIGSTOP)
                after_pause = until(lambda: owns(third), 20)
                second.signal(signal.SIGCONT)
                late = second.load(*told[20:30])
                until(lambda: not owns(second), 15)
                third.load(*told[15:25])

    assert accepted == 10
    assert counted["count"] == 10
    assert counted["asOf"]
    assert (standing_by.status_code, standing_by.json()["ready"]) == (503, False)
    assert refused.status_code == late.status_code == 503
    assert refused.json()["code"] == late.json()["code"] == "NOT_OWNER"
    assert max(after_kill, after_pause) < 10
    assert after_pause > LEASE / 1000 - 3
    assert await stored(graph) == (25, 25, 25)
