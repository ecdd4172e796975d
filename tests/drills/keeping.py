"""Saved segments while servers are killed and paused: told by several at once, and compared."""

from __future__ import annotations

import math
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from random import Random
from typing import TYPE_CHECKING, Any, Final

import httpx2

from graph import times
from graph.database import Database
from tests.drills.serving import until
from tests.generated.kept.ledger import Ledger

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator, Mapping

    from tests.drills.serving import Server
    from tests.engine import Running

PATIENCE: Final = 90.0
"""Seconds in which what was told is acknowledged again, whatever has ended."""
SHORT: Final = 2.0
"""Seconds after which no window of these definitions is open."""
_VIEWED: Final = {"event": "Page Viewed"}
_LATELY: Final = {"did": {**_VIEWED, "within": {"last": "PT2S"}}}
DEFINITIONS: Final[Mapping[str, Mapping[str, Any]]] = {
    "ever": {"did": _VIEWED},
    "lately": _LATELY,
    "often": {"did": {**_VIEWED, "within": {"last": "PT2S"}, "atLeast": 3}},
    "alone": {
        "sequence": {
            "steps": [_VIEWED, {"event": "Content Clicked", "within": "PT1S", "absent": True}]
        }
    },
    "surrounded": {"colleagues": {"who": _LATELY, "atLeast": 2}},
    "gone": {"all": [{"segment": {"key": "ever"}}, {"not": {"segment": {"key": "lately"}}}]},
}
ASK: Final = """
query($key: String!, $where: Condition!) {
  segment(key: $key) { status size members(first: 500) { nodes { key } } }
  audience(where: $where) { members(first: 500) { nodes { key } } }
}
"""
UNDUE: Final = """
MATCH (change:Change {segment: 'lately', entered: false})
WHERE NOT EXISTS {
  MATCH (:Contact {key: change.contact})-[e:PAGE_VIEWED]->()
  WHERE e.at = change.effective_at - 2000
}
RETURN change.contact AS contact, change.effective_at AS at, change.detected_at AS detected,
  change.cause AS cause, COLLECT {
    MATCH (:Contact {key: change.contact})-[e:PAGE_VIEWED]->()
    RETURN [e.at, e._received] ORDER BY e.at DESC LIMIT 5
  } AS viewed
"""
"""Those who left at another instant than the one at which their window closed."""
CONTACTS: Final = 40


def begin(server: Server) -> None:
    """Tell of contacts and their accounts, and save the segments."""
    people = [
        {"type": "contact", "key": f"c{number}", "accounts": [f"a{number % 7}"]}
        for number in range(CONTACTS)
    ]
    saved = [
        {"type": "segment", "key": key, "name": key, "where": where}
        for key, where in DEFINITIONS.items()
    ]
    assert server.load(*people, *saved).json()["rejected"] == []


@dataclass(slots=True)
class Tellers:
    """Those who tell events, each in batches one after the other, until they are stopped."""

    url: str
    chance: Random
    acknowledged: list[int] = field(default_factory=list[int])
    lost: int = 0
    _deadline: float = math.inf

    def tell(self, name: str) -> None:
        """Tell batch after batch; what got no answer is told again as it was."""
        with httpx2.Client(timeout=30) as http:
            number = 0
            while self._deadline == math.inf:
                lines = list(self._events(f"{name}-{number}"))
                self._told(http, lines)
                self.acknowledged.append(len(lines))
                number += 1

    @contextmanager
    def at_work(self, number: int) -> Generator[None]:
        """Let so many tell for as long as the block, each to the end of its last batch.

        Where the block fails because one of them has, both are shown.
        """
        with ThreadPoolExecutor(number) as pool:
            telling = [pool.submit(self.tell, str(each)) for each in range(number)]
            try:
                yield
            finally:
                self._deadline = time.monotonic() + PATIENCE
                for each in telling:
                    each.result()

    def again(self) -> float:
        """Return how many seconds it takes until something more is acknowledged."""
        before = len(self.acknowledged)
        return until(lambda: len(self.acknowledged) > before + 1, PATIENCE)

    def _told(self, http: httpx2.Client, lines: list[Mapping[str, object]]) -> None:
        while time.monotonic() < self._deadline:
            try:
                answer = http.post(f"{self.url}/import", json=lines)
                if answer.status_code == 200:
                    told = answer.json()
                    if told["accepted"] + told["duplicates"] == len(lines):
                        return
            except httpx2.TransportError:
                pass
            self.lost += 1
            time.sleep(0.05)
        raise AssertionError("no answer")

    def _events(self, batch: str) -> Iterator[Mapping[str, object]]:
        now = times.instant_text(int(time.time() * 1000))
        for number in range(self.chance.choice((1, 5, 40))):
            yield {
                "contact": f"c{self.chance.randrange(CONTACTS)}",
                "event": self.chance.choice(("Page Viewed", "Page Viewed", "Content Clicked")),
                "id": f"{batch}-{number}",
                "at": now,
                "about": {"content": f"/{number % 5}"},
            }


def rested(server: Server) -> bool:
    """Tell whether a server writes, and nothing is left to be done."""
    status = server.ask("{ status { ready pending lagMilliseconds } }")["data"]["status"]
    return status == {"ready": True, "pending": 0, "lagMilliseconds": 0.0}


async def differences(server: Server, graph: Running) -> list[str]:
    """Return the segments whose members are not those that Cypher finds, once no window is open.

    What is kept must be what the log says, in which no number is missing.
    """
    time.sleep(SHORT)  # noqa: ASYNC251 - nobody else is on this loop
    until(lambda: rested(server), 30)
    async with Database(graph.address, graph.user, graph.password) as database:
        ledger = Ledger(database)
        await ledger.replay()
        await ledger.replayed()
        found = [f"left lately: {row.data()}" for row in await database.read(UNDUE)]
    for key, where in DEFINITIONS.items():
        answer = server.ask(ASK, key=key, where=where)["data"]
        kept = {each["key"] for each in answer["segment"]["members"]["nodes"]}
        met = {each["key"] for each in answer["audience"]["members"]["nodes"]}
        sizes = {answer["segment"]["size"], len(kept), len(ledger.at(key, None))}
        if kept != met or len(sizes) > 1 or answer["segment"]["status"] != "LIVE":
            found.append(f"{key}: {sorted(kept ^ met)}, {sizes}")
    return found
