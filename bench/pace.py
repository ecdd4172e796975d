"""Requests at an even pace, whether or not those before were answered."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING, Final

from bench.requesting import Client

if TYPE_CHECKING:
    from collections.abc import Sequence

CONNECTIONS: Final = 64
"""What is due while all of them wait is sent as soon as one is free; its time runs."""


async def paced(url: str, bodies: Sequence[bytes], rate: int) -> list[tuple[float, float]]:
    """Send so many requests a second; return when each was due and when it was answered."""
    free = asyncio.LifoQueue[Client]()
    for _ in range(CONNECTIONS):
        free.put_nowait(await Client.at(url))
    begun = time.perf_counter() + 0.5

    async def send(place: int, body: bytes) -> tuple[float, float]:
        due = begun + place / rate
        await asyncio.sleep(due - time.perf_counter())
        client = await free.get()
        answer = await client.ask(body)
        free.put_nowait(client)
        assert b'"accepted":1' in answer, answer
        return due, time.perf_counter()

    spent = await asyncio.gather(*(send(*each) for each in enumerate(bodies)))
    while not free.empty():
        free.get_nowait().close()
    return spent
