"""Doctor: what is in order and what is not is said, with what helps, and told by the exit code."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING

import pytest

from graph import model, times
from graph.clock import SystemClock
from graph.segmentation import Segmentation
from graph.upkeep.owner import claim
from server import doctor, running
from server.settings import Settings

if TYPE_CHECKING:
    from pathlib import Path

    from graph.database import Database
    from graph.local import Running
    from server.doctor import Finding

pytestmark = pytest.mark.engine


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
    ]
    assert named(found)["graph"].told.endswith(f" at {settings.graph}")
    assert named(found)["clock"].told.endswith("; last written: nothing is written yet")


async def test_what_is_missing_is_named(settings: Settings, database: Database) -> None:
    """A constraint that is not there is named with what makes it."""
    await Segmentation(database, SystemClock()).prepare()
    await database.change("DROP CONSTRAINT Contact_key")

    found = named(await doctor.examine(settings))

    await Segmentation(database, SystemClock()).prepare()
    assert "Contact_key" in model.constraint_names()
    assert found["indexes"] == doctor.Finding(
        "indexes", right=False, told="missing Contact_key; starting a server makes them"
    )


async def test_who_serves_and_writes_is_told(settings: Settings, database: Database) -> None:
    """A server that runs is named, its port is not another's, and its signs of life are seen."""
    owner = await claim(database, force=True)
    assert owner is not None

    with running.told(settings.data, "http://127.0.0.1:9000", settings.where):
        found = named(await doctor.examine(settings))

    assert found["server"].told.startswith("runs at http://127.0.0.1:9000 on bolt://")
    assert "port" not in found
    assert found["writer"].told.startswith("a server; its last sign of life is ")


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
    await database.change(
        "MERGE (owner:Owner {shard: 0}) SET owner.clock = $ahead, owner.beat = 0", ahead=ahead
    )

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
