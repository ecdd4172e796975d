"""Listeners are cut off at any moment, with the server or the graph, and miss nothing."""

from __future__ import annotations

import os
import random
import signal
import time
from contextlib import ExitStack
from typing import TYPE_CHECKING, Final

import pytest

from tests import report
from tests.drills import keeping
from tests.drills.listening import ByEvents, BySocket, Listener, listening, logged
from tests.drills.serving import Server, graph_of, served, until
from tests.report import PROVE

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = [pytest.mark.drill, pytest.mark.timeout(180)]

GRAPHS, ROUNDS = (10, 50) if PROVE else (1, 10)
"""How many graphs there are, and how often something is cut off or killed on each."""
KILLED: Final = ("server", "graph")
CUT: Final = ("socket", "socket", "window")
MEMORY: Final = {"SEGRAPH_LOCAL_HEAP_MIB": "512", "SEGRAPH_LOCAL_PAGE_CACHE_MIB": "128"}


def rounds(chance: random.Random) -> list[str]:
    """Return what happens: most often to a connection, and each of the others at least once."""
    rest = [
        chance.choice(KILLED) if chance.random() < 0.1 and PROVE else chance.choice(CUT)
        for _ in range(ROUNDS - len(KILLED) - 1)
    ]
    found = [*KILLED, "window", *rest]
    chance.shuffle(found)
    return found


@pytest.mark.timeout(1800 if PROVE else 180)
@pytest.mark.parametrize("graph", range(GRAPHS))
async def test_who_is_cut_off_and_comes_back_has_the_log(tmp_path: Path, graph: int) -> None:
    """By WebSocket and by events, each ends with exactly the log: no gap, no double, in order."""
    chance = random.Random(f"{random.random()}/{graph}")  # noqa: S311 - any moment will do
    data = tmp_path / "data"
    with ExitStack() as ends:
        server = ends.enter_context(served("--data", data, "--port", 0, **MEMORY))
        port = server.url.rpartition(":")[2]
        keeping.begin(server)
        listeners = [BySocket("127.0.0.1", int(port)), ByEvents("127.0.0.1", int(port))]
        tellers = keeping.Tellers(server.url, chance)
        with listening(*listeners):
            with tellers.at_work(2):
                for what in rounds(chance):
                    time.sleep(chance.random() / 2)  # noqa: ASYNC251 - nobody else is on this loop
                    if what == "server":
                        server.signal(signal.SIGKILL)
                        server = ends.enter_context(
                            served("--data", data, "--port", port, **MEMORY)
                        )
                    elif what == "graph":
                        os.kill(graph_of(data).pid, signal.SIGKILL)
                        tellers.again()
                    else:
                        _cut(what, chance.choice(listeners), chance)
            log = await _rested_log(server, data)
            until(lambda: all(each.heard[-1:] == log[-1:] for each in listeners), 30)

    assert len(log) > ROUNDS
    assert [each.heard == log for each in listeners] == [True, True]
    report.COUNTED["heard"].update(rounds=ROUNDS, changes=len(log))


def _cut(what: str, listener: Listener, chance: random.Random) -> None:
    """Cut a connection; by its window, after it has taken nothing for a while."""
    if what == "window":
        listener.paused.set()
        time.sleep(chance.random())
        if chance.random() < 0.5:
            listener.cut()
        listener.paused.clear()
    else:
        listener.cut()


async def _rested_log(server: Server, data: Path) -> list[int]:
    """Return the numbers of the log, as the graph has them once no window is open."""
    time.sleep(keeping.SHORT)  # noqa: ASYNC251 - nobody else is on this loop
    until(lambda: keeping.rested(server), 30)
    return await logged(graph_of(data))
