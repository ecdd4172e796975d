"""A wait ends early where there is no sign of life."""

from __future__ import annotations

import asyncio

import pytest

from graph.watch import Watch


async def waited(answers: list[bool], wait: float) -> Watch:
    """Wait under a watch that gets these answers, the last of them for ever."""

    async def alive() -> bool:
        """Say whether the graph is alive."""
        return answers.pop(0) if len(answers) > 1 else answers[0]

    watch = Watch(alive, 0.01)
    async with asyncio.timeout(10) as limit:
        with watch.over(limit):
            await asyncio.sleep(wait)
    return watch


async def test_a_short_wait_is_not_watched() -> None:
    """Nobody is asked where the answer comes soon."""
    watch = await waited([False], 0)

    assert not watch.silent


async def test_a_long_wait_goes_on_while_there_is_life() -> None:
    """Whoever says that he is alive may take his time."""
    watch = await waited([True], 0.1)

    assert not watch.silent


async def test_a_wait_ends_without_a_sign_of_life() -> None:
    """Once there is no sign of life the wait is over, long before its limit."""
    with pytest.raises(TimeoutError):
        await waited([True, True, False], 60)
