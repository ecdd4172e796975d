"""`recompute`: segments kept, beside all of them computed anew each minute and compared."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, LiteralString

import duckdb
import msgspec

from bench import engine, keeping, machine, measure, pace, places
from graph import times
from graph.conditions import write
from graph.database import Statement

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Iterable, Sequence

    from graph.database import Database

EACH: Final = 60.0
"""Seconds from the start of one pass to that of the next."""
SINGLE: Final = 100
"""Events a second that come, each on its own."""
_BY_HAND: Final[LiteralString] = """
MATCH (contact:Contact)-[e:KIND]->()
WHERE $first < e.at <= $t AND e.name = $value
WITH contact, count(*) AS number WHERE number >= $least
RETURN collect(contact.key) AS keys
"""
_MEMBERS: Final = """
MATCH ()-[of:MEMBER_OF|WAS_MEMBER]->()
WHERE of.since <= $t AND coalesce(of.until > $t, true)
RETURN of.segment AS segment, collect(of.contact) AS keys
"""
_EVENTS: Final = """
MATCH (contact:Contact)-[e]->() WHERE e.name IS NOT NULL AND e.at IS NOT NULL
RETURN contact.key AS contact, type(e) AS type, e.at AS instant, e.name AS name
"""
_BY_DUCKDB: Final = """
SELECT contact FROM events
WHERE type = $type AND instant > $first AND instant <= $t AND name = $value
GROUP BY contact HAVING count(*) >= $least
"""

Members = dict[str, frozenset[str]]


@dataclass(frozen=True, slots=True)
class Asked:
    """What one of the definitions asks."""

    type: str
    least: int
    window: int
    value: str

    def parameters(self, t: int) -> dict[str, Any]:
        """Return the values of a query at an instant."""
        first = t - self.window
        return {"type": self.type, "least": self.least, "first": first, "t": t, "value": self.value}


@dataclass(frozen=True, slots=True)
class Pass:
    """All segments computed once: their members at t, and the seconds that it took."""

    members: Members
    seconds: float
    processor: float
    t: int


async def run(options: Namespace) -> None:
    """Print how late each way is and what it costs a minute."""
    del options
    asked = {key: _asked(write(each.definition)) for key, each in _catalogue()}
    now = _now()
    async with places.graph(places.emptied("recompute")) as (running, database):
        with places.server("serve", running=running) as server:
            kept = keeping.Keeping(server, database)
            before = keeping.lines(0, keeping.BEFORE * keeping.CONTACTS, now - 90 * times.DAY, now)
            await kept.send(list(keeping.packed(before, keeping.REQUEST, keeping.imported)))
            await kept.saved()
            pids = (server.pid, running.pid)
            bodies = kept.singles(int(2 * SINGLE * EACH))
            half = len(bodies) // 2
            await pace.paced(server.url, bodies[:half], SINGLE)
            cpu = _processor(pids)
            spent = await pace.paced(server.url, bodies[half:], SINGLE)
            ours = measure.Spread(tuple((answered - due) * 1000 for due, answered in spent))
            cost = _processor(pids) - cpu
            rows = [["kept", f"{ours.median:,.0f}", f"{ours.quantile(0.99):,.0f}", "", cost, 0]]
        await _by_hand(database, asked, running.pid)  # its plans are made
        passes = {
            f"Cypher by hand each {EACH:g} s": await _by_hand(database, asked, running.pid),
            f"DuckDB each {EACH:g} s": await _by_duckdb(database, asked),
        }
        for name, each in passes.items():
            rows.append(_row(name, each, await _differences(database, each)))
    head = (
        "way",
        "until an event counts, ms p50",
        "p99",
        "seconds a pass",
        f"processor seconds a minute, {SINGLE} events/s",
        "members that differ",
    )
    measure.table(head, [[*row[:4], f"{row[4]:.1f}", row[5]] for row in rows])


def _row(name: str, each: Pass, differing: int) -> list[Any]:
    """Return what a pass each minute means; an event waits for the next to begin, and for it."""
    middle, late = (1000 * (EACH * part + each.seconds) for part in (0.5, 0.99))
    cost = each.processor * 60 / max(EACH, each.seconds)
    return [name, f"{middle:,.0f}", f"{late:,.0f}", f"{each.seconds:.1f}", cost, differing]


def _catalogue() -> Iterable[tuple[str, Any]]:
    return engine.catalogue(keeping.DEFINITIONS).items()


def _asked(where: dict[str, Any]) -> Asked:
    did = where["did"]
    (test,) = did["where"]
    return Asked(
        did["event"].upper().replace(" ", "_"),
        did.get("atLeast", 1),
        times.read_duration(did["within"]["last"]),
        test["is"]["eq"],
    )


async def _by_hand(database: Database, asked: dict[str, Asked], pid: int) -> Pass:
    """Ask Neo4j for one segment after another, as an expert would write it."""
    members, t = Members(), _now()
    begun, cpu = time.perf_counter(), _processor((pid,)) + time.process_time()
    for key, each in asked.items():
        text = _BY_HAND.replace("KIND", each.type)
        (row,) = await database.read(Statement(text, each.parameters(t)))
        members[key] = frozenset(row["keys"])
    spent = _processor((pid,)) + time.process_time() - cpu
    return Pass(members, time.perf_counter() - begun, spent, t)


async def _by_duckdb(database: Database, asked: dict[str, Asked]) -> Pass:
    """Ask DuckDB, in whose table the events are already, in order of kind and time."""
    file = places.FOLDER / "recompute" / "events.ndjson"
    rows = [row.data() for row in await database.read(_EVENTS)]
    file.write_bytes(msgspec.json.Encoder().encode_lines(rows))
    table = duckdb.connect()
    table.execute(
        "CREATE TABLE events AS SELECT * FROM read_json($file) ORDER BY type, instant",
        {"file": str(file)},
    )
    members, t = Members(), _now()
    begun, cpu = time.perf_counter(), time.process_time()
    for key, each in asked.items():
        found = table.execute(_BY_DUCKDB, each.parameters(t)).fetchall()
        members[key] = frozenset(contact for (contact,) in found)
    return Pass(members, time.perf_counter() - begun, time.process_time() - cpu, t)


async def _differences(database: Database, each: Pass) -> int:
    """Return how many memberships at that instant only one of both has, kept or computed."""
    rows = await database.read(_MEMBERS, t=each.t)
    kept = {row["segment"]: frozenset(row["keys"]) for row in rows}
    return sum(len(kept.get(key, frozenset()) ^ found) for key, found in each.members.items())


def _processor(pids: Sequence[int]) -> float:
    return sum(map(machine.processor_seconds, pids))


def _now() -> int:
    return int(time.time() * 1000)
