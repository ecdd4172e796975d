"""Graphs that cannot be used: why, told in time."""

from __future__ import annotations

import asyncio
import contextlib
import time
from typing import TYPE_CHECKING

from graph import errors

if TYPE_CHECKING:
    from collections.abc import Generator

    from graph.database import Database


@contextlib.contextmanager
def within(seconds: float) -> Generator[None]:
    """Refuse a block that takes longer."""
    began = time.monotonic()
    yield
    assert time.monotonic() - began < seconds


async def refusal(database: Database) -> errors.SegraphError:
    """Return why a graph cannot be used, told within six seconds."""
    try:
        with within(6):
            await database.engine()
            await database.read("RETURN 1")
    except errors.SegraphError as error:
        return error
    finally:
        await database.close()
        await asyncio.sleep(0)  # what was dropped is closed in the loop's next turn
    raise AssertionError("it can be used")
