"""The latest instant for which any contact was told a trait, and what it saves."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from graph import conditions
from graph.times import read_instant
from tests.graph.upkeep.test_consents import tell, telling
from tests.graph.upkeep.writing import owner

if TYPE_CHECKING:
    from collections.abc import Mapping

    from graph.database import Database

pytestmark = pytest.mark.engine

PRO = conditions.read({"trait": {"name": "plan", "is": {"eq": "pro"}}})
EARLY, LATE = "2026-03-01T00:00:00.000Z", "2026-03-05T00:00:00.000Z"


def plan(value: str, at: str) -> Mapping[str, object]:
    """Return a line that tells a plan."""
    return {"type": "contact", "key": "ann", "at": at, "traits": {"plan": value}}


async def test_traits_of_old_are_asked_only_where_one_was_told_for_later(
    database: Database,
) -> None:
    """From the latest telling on the newest values are all that counts."""
    async with telling(database) as segmentation:
        await tell(segmentation, plan("pro", LATE), plan("free", EARLY))
        then = await segmentation.audience(PRO, read_instant(EARLY))
        now = await segmentation.audience(PRO, read_instant(LATE))

        assert "TRAIT_CHANGED" in then.counting().text
        assert await then.count() == 0
        assert "TRAIT_CHANGED" not in now.counting().text
        assert await now.count() == 1
    assert (await owner(database))["told"] == read_instant(LATE)


async def test_a_graph_that_does_not_say_is_asked(database: Database) -> None:
    """Of a graph that an older version made, the contacts tell it."""
    async with telling(database) as segmentation:
        await tell(segmentation, plan("pro", LATE))
    await database.change("MATCH (owner:Owner) REMOVE owner.told")

    async with telling(database) as segmentation:
        early = (await segmentation.audience(PRO, read_instant(EARLY))).counting().text
        late = (await segmentation.audience(PRO, read_instant(LATE))).counting().text

    assert "TRAIT_CHANGED" in early
    assert "TRAIT_CHANGED" not in late
