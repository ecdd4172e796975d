"""Doctor: what is in order and what is not is said, with what helps, and told by the exit code."""

from __future__ import annotations

import asyncio
import json
import re
import socket
from typing import TYPE_CHECKING, Final

import pytest

from graph import model, times
from graph.clock import SystemClock
from graph.segmentation import Segmentation
from graph.upkeep.owner import claim
from server import doctor, running
from server.settings import Settings
from tests.graph.upkeep.writing import built, ended, event, row, writing
from tests.server.command import segraph

if TYPE_CHECKING:
    from pathlib import Path

    from graph.database import Database
    from graph.local import Running
    from server.doctor import Finding

pytestmark = pytest.mark.engine

VIEWED: Final = {"did": {"event": "Page Viewed"}}


@pytest.fixture
def settings(neo4j: Running, tmp_path: Path) -> Settings:
    """Return the settings of a server on the Neo4j of the run, at a port that is free."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    return Settings.load(graph=neo4j.address, password=neo4j.password, data=tmp_path, port=port)


def named(findings: list[Finding]) -> dict[str, Finding]:
    """Return findings by what was looked at."""
    return {each.what: each for each in findings}


async def test_a_graph_that_is_prepared_is_in_order(settings: Settings, database: Database) -> None:
    """With constraints there, a free port and no writer, nothing is wrong."""
    await Segmentation(database, SystemClock()).prepare()

    found = await doctor.examine(settings)

    assert [each.text() for each in found if not each.right] == []
    assert [each.what for each in found] == [
        "server",
        "port",
        "graph",
        "indexes",
        "writer",
        "clock",
        "skew",
        "lag",
        "segments",
    ]
    assert named(found)["graph"].told.endswith(f" at {settings.graph}")
    assert named(found)["clock"].told.endswith("; last written: nothing is written yet")


async def test_what_is_missing_is_named(settings: Settings, database: Database) -> None:
    """Each constraint and index that is not there is named with what makes it."""
    await Segmentation(database, SystemClock()).prepare()
    await database.change(
        "CREATE (:EventKind {name: 'E', type: 'E', count: 0, about: [], properties: []})"
    )
    await database.change("DROP INDEX event_E IF EXISTS")
    await database.change("DROP CONSTRAINT Contact_key")
    await database.change("DROP INDEX Contact__due")

    found = named(await doctor.examine(settings))

    await Segmentation(database, SystemClock()).prepare()
    assert "Contact_key" in model.constraint_names()
    assert found["indexes"] == doctor.Finding(
        "indexes",
        right=False,
        told="missing Contact_key, Contact__due, event_E; starting a server makes them",
    )
    assert named(await doctor.examine(settings))["indexes"].right


async def test_who_serves_and_writes_is_told(settings: Settings, database: Database) -> None:
    """A server that runs is named, its port is not another's, and its signs of life are seen."""
    owner = await claim(database, force=True)
    assert owner is not None

    with running.told(settings.data, "http://127.0.0.1:9000", settings.where):
        found = named(await doctor.examine(settings))

    assert found["server"].told.startswith("runs at http://127.0.0.1:9000 on bolt://")
    assert "port" not in found
    pattern = rf"{socket.gethostname()}, process \d+, epoch 1; its last sign of life is \d+ ms old"
    assert re.fullmatch(pattern, found["writer"].told)


async def test_a_port_that_is_taken_is_named(settings: Settings) -> None:
    """The port that another program has is named with the way out."""
    with socket.create_server(("127.0.0.1", settings.port)):
        found = named(await doctor.examine(settings))

    assert found["port"].right is False
    assert found["port"].told == (
        f"{settings.port} is taken by another program; --port or SEGRAPH_PORT names another"
    )


async def test_a_graph_that_is_down_is_named(tmp_path: Path) -> None:
    """What cannot be looked at is left out; why is said."""
    settings = Settings.load(graph="bolt://127.0.0.1:1", data=tmp_path, port=0)

    found = named(await doctor.examine(settings))

    assert found["graph"].right is False
    assert found["graph"].told.startswith("The graph at bolt://127.0.0.1:1 does not answer: ")
    assert "clock" not in found


async def test_a_folder_without_a_graph_is_in_order(tmp_path: Path) -> None:
    """Nothing is made where nothing is; what a first start needs is looked at."""
    settings = Settings.load(data=tmp_path / "none", port=0)

    found = named(await doctor.examine(settings))

    assert found["graph"].told == f"none yet under {tmp_path / 'none'}"
    assert {"java", "neo4j"} <= set(found)
    assert await doctor.reset_clock(settings) is None
    assert not settings.data.exists()


async def test_a_clock_that_lies_ahead_is_reset(settings: Settings, database: Database) -> None:
    """A clock behind the graph's last instant is wrong, until that instant is forgotten."""
    ahead = SystemClock().now() + times.HOUR
    await ended(database, ahead)

    wrong = named(await doctor.examine(settings))["clock"]
    forgotten = await doctor.reset_clock(settings)
    right = named(await doctor.examine(settings))["clock"]

    assert (wrong.right, right.right) == (False, True)
    assert times.instant_text(ahead) in wrong.told
    assert "segraph doctor --reset-clock" in wrong.told
    assert forgotten == ahead


async def test_the_clock_of_a_graph_in_use_is_left(settings: Settings, database: Database) -> None:
    """While a server writes, its clock is not reset."""
    assert await claim(database, force=True) is not None

    with pytest.raises(doctor.GraphInUse) as refused:
        await doctor.reset_clock(settings)

    assert refused.value.message == f"A server writes to the graph {settings.where}; stop it first"


async def test_how_far_the_writer_is_is_told(settings: Settings, database: Database) -> None:
    """By its own clock, with the contacts that it has not judged yet; far behind is wrong."""
    await database.change(
        "CREATE (:Owner {shard: 0, epoch: 3, batch: 1, sequence: 0, beat: timestamp(), "
        "clock: 20000, as_of: 0}) CREATE (:Contact {key: 'ann', _due: 20000}) "
        "CREATE (:Contact {key: 'bob', _due: 20001})"
    )
    late = named(await doctor.examine(settings))["lag"]
    await database.change("MATCH (owner:Owner) SET owner.as_of = 19000")
    right = named(await doctor.examine(settings))["lag"]
    await database.change("MATCH (owner:Owner) SET owner.beat = 0")
    gone = named(await doctor.examine(settings))["lag"]

    assert late == doctor.Finding(
        "lag",
        right=False,
        told="all is worked off up to 1970-01-01T00:00:00.000Z; contacts overdue: 1; 20000 ms "
        "behind the writer's clock; if it does not get less, the server's log tells why",
    )
    assert right.right
    assert gone == doctor.Finding(
        "lag",
        right=True,
        told="all is worked off up to 1970-01-01T00:00:19.000Z; contacts overdue: 2, which the "
        "next server judges before it takes anything",
    )


async def test_segments_are_counted_by_status(settings: Settings, database: Database) -> None:
    """And each that failed is named with its reason, and what helps."""
    definition = '{"did": {"event": "x"}}'
    rows = [("a", None, None), ("b", "", None), ("c", None, "A contact could not be judged")]
    await database.change(
        "UNWIND $lists.rows AS row CREATE (s:Segment {key: row[0], name: row[0], revision: 1, "
        "at: 0, definition: $definition, form: 1}) SET s.filled = row[1], s.failure = row[2]",
        rows=[list(each) for each in rows],
        definition=definition,
    )

    found = named(await doctor.examine(settings))

    assert found["segments"].told == "1 BUILDING, 1 LIVE, 1 FAILED"
    assert found["segment"] == doctor.Finding(
        "segment",
        right=False,
        told="'c' is FAILED: A contact could not be judged; save it again to have it built anew",
    )


async def test_who_needs_events_for_longer_is_named(settings: Settings, database: Database) -> None:
    """Where events are kept for a time only, each segment that looks further back."""
    await database.change(
        "UNWIND ['far', 'near'] AS key CREATE (s:Segment {key: key, name: key, revision: 1, at: 0, "
        "form: 1, definition: CASE key WHEN 'far' THEN $far ELSE $near END})",
        far='{"did": {"event": "x"}}',
        near='{"did": {"event": "x", "within": {"last": "P7D"}}}',
    )

    found = named(await doctor.examine(settings.model_copy(update={"keep_events": times.DAY * 30})))

    assert "kept" not in named(await doctor.examine(settings))
    assert found["kept"] == doctor.Finding(
        "kept",
        right=True,
        told="events are kept for P30D, and for longer where 'far' looks at events 'x' of all time",
    )


@pytest.mark.process
async def test_members_are_verified_and_repaired(
    neo4j: Running, database: Database, tmp_path: Path
) -> None:
    """Who differs is listed, ending with 1; after a repair nobody does."""
    async with writing(database) as writer:
        await writer.tell([event("ann", "1"), row(type="segment", key="s", name="S", where=VIEWED)])
        await built(writer)
    await database.change("MATCH (:Contact)-[of:MEMBER_OF]->(s) DELETE of SET s.size = 7")
    given = {"SEGRAPH_GRAPH": neo4j.address, "SEGRAPH_PASSWORD": neo4j.password}
    told = ("doctor", "--port", 0, "--data", tmp_path)

    def doctored(*options: str, code: int) -> str:
        """Return what it prints."""
        return segraph(*told, *options, folder=tmp_path, code=code, **given).stdout

    text = await asyncio.to_thread(doctored, "--verify", code=1)
    found = json.loads(await asyncio.to_thread(doctored, "--verify", "--json", code=1))
    repaired = await asyncio.to_thread(doctored, "--repair", code=0)

    assert "\n                 's' has a size of 7, and 0 members\n" in text
    assert "\n                 's': 'ann' is not kept as a member, and should be\n" in text
    assert found[-1]["differences"] == [
        {"segment": "s", "size": 7, "members": 0},
        {"segment": "s", "contact": "ann", "kept": False, "meets": True},
    ]
    assert "1 contacts of 1 segments were judged anew" in repaired
    assert "\nok     members   1 live segments with 1 memberships, " in repaired
