"""Servers on one graph, in this process: told, dropped, paused, started again, two at a time."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import msgspec

from graph import errors
from graph.catalogue import SegmentStatus, read_catalogue
from graph.clock import Clock
from graph.database import Database
from graph.ingest.decoding import decode
from graph.segmentation import Segmentation
from graph.upkeep.limits import Limits
from tests.engine import Running
from tests.generated.kept.mortal import Mortal

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from graph.ingest.lines import Line as Read
    from graph.segmentation import Told

LAPSE: Final = "MATCH (owner:Owner) SET owner.beat = 0"
"""What the graph is like once nobody has shown a sign of life for the time of a lease."""
PATIENCE: Final = 20.0
LOST: Final = (asyncio.CancelledError, errors.GraphUnavailable, errors.NotOwner)
"""What one is told who gets no answer, and does not know what became of it."""

Line = dict[str, object]


@dataclass(frozen=True, slots=True)
class Server:
    """A server: its door to the graph, what may be asked of it, and its writer at work."""

    database: Mortal
    asked: Segmentation
    writing: asyncio.Task[None]


@dataclass(slots=True)
class Servers:
    """The servers of a graph, of which one at most writes."""

    neo4j: Running
    graph: Database
    clock: Clock
    limits: Limits
    running: list[Server] = field(default_factory=list[Server])

    @property
    def owner(self) -> Server | None:
        """The one that writes."""
        return next((each for each in self.running if each.asked.refusal is None), None)

    async def start(self) -> Server:
        """Start one more; it stands by where another writes."""
        database = Mortal(self.neo4j.address, self.neo4j.user, self.neo4j.password)
        asked = Segmentation(database, self.clock, self.limits)
        await asked.prepare()
        server = Server(database, asked, asyncio.create_task(asked.run()))
        self.running.append(server)
        return server

    async def writer(self) -> Server:
        """Return the one that writes, once there is one; who was dropped is started anew."""
        async with asyncio.timeout(PATIENCE):
            while (owner := self.owner) is None:
                for each in list(self.running):
                    if each.database.dead:
                        await self.drop(each)
                if not self.running:
                    await self.start()
                await asyncio.sleep(0.002)
        return owner

    async def successor(self, of: Server) -> None:
        """Wait until another one writes, as nobody shows a sign of life for the time of a lease."""
        if len(self.running) == 1:
            await self.start()
        async with asyncio.timeout(PATIENCE):
            while not any(each.asked.refusal is None for each in self.running if each is not of):
                await self.graph.change(LAPSE)
                await asyncio.sleep(0.002)

    async def stop(self, server: Server) -> None:
        """Stop one in order, or drop it where its process is dead."""
        self.running.remove(server)
        server.database.go_on()
        server.writing.cancel()
        await asyncio.gather(server.writing, return_exceptions=True)
        await server.database.close()

    async def drop(self, server: Server) -> None:
        """End one as a kill does: it gives nothing back, and its lease runs out."""
        server.database.dead = True
        await self.stop(server)
        await self.graph.change(LAPSE)

    async def tell(self, *batches: Sequence[Line]) -> list[Told]:
        """Tell batches at one moment, and those without an answer again until they have one.

        They come in their order: where a later one is answered and an earlier one is not, both are
        told again.
        """
        for _ in range(100):
            server = await self.writer()
            answers = await _answers(server, batches)
            told = [each for each in answers if not isinstance(each, BaseException)]
            if len(told) == len(batches):
                return told
        raise AssertionError("nobody answers")

    async def settled(self) -> None:
        """Wait until all that arrived, fell due and is to be filled is worked off."""
        async with asyncio.timeout(PATIENCE):
            while not await self._rested(await self.writer()):  # noqa: ASYNC110 - it is not told
                await asyncio.sleep(0.002)

    async def _rested(self, server: Server) -> bool:
        """Tell whether nothing is left to be done."""
        found = (await read_catalogue(self.graph)).values()
        if any(each.status is SegmentStatus.BUILDING for each in found):
            return False
        waits = server.asked.refusal is not None or server.asked.pending
        return not waits and not await server.asked.lag()

    async def close(self) -> None:
        """Stop all."""
        while self.running:
            await self.stop(self.running[0])


async def _answers(server: Server, batches: Sequence[Sequence[Line]]) -> list[Told | BaseException]:
    """Return what a server answers to each batch; nothing to those who wait when it is dropped."""
    asking = [asyncio.ensure_future(server.asked.tell(read(each))) for each in batches]
    waiting = asyncio.gather(*asking, return_exceptions=True)
    await asyncio.wait({waiting, server.writing}, return_when=asyncio.FIRST_COMPLETED)
    for each in asking:
        each.cancel()
    answers = await waiting
    for each in answers:
        if not isinstance(each, LOST) and isinstance(each, BaseException):
            raise each
    return answers


def read(lines: Sequence[Mapping[str, object]]) -> list[Read | errors.BadInput]:
    """Return lines as an import reads them."""
    return [decode(msgspec.json.encode(line)) for line in lines]
