"""A Neo4j of our own: started, left behind, found again, started anew, ended."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import stat
from typing import TYPE_CHECKING

import pytest

from graph import errors
from graph.database import Database
from graph.local import LocalGraph, Running
from graph.local.alive import begun
from tests.engine import CHOSEN

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = [pytest.mark.drill, pytest.mark.timeout(300)]


def local(folder: Path) -> LocalGraph:
    """Return one with little memory."""
    return LocalGraph(folder, version=CHOSEN, heap=512, page_cache=128)


async def count(running: Running) -> int:
    """Return how many nodes there are."""
    database = Database(running.address, running.user, running.password)
    try:
        (row,) = await database.read("MATCH (n) RETURN count(n) AS count")
    finally:
        await database.close()
    return row["count"]


async def write(running: Running) -> None:
    """Make a node."""
    database = Database(running.address, running.user, running.password)
    try:
        await database.change("CREATE (:Source {key: 'x'})")
    finally:
        await database.close()


async def test_the_life_of_a_neo4j(tmp_path: Path) -> None:
    """It outlives its starter, is adopted, started again when it dies, and keeps its password."""
    folder = tmp_path / "a folder"
    left = local(folder)
    # What ends without a word, as by a kill, leaves the process and gives back the lock.
    with left._locked():  # pyright: ignore[reportPrivateUsage]
        first = await left._started(_port())  # pyright: ignore[reportPrivateUsage]
        await write(first)
    mode = stat.S_IMODE((folder / "password").stat().st_mode)

    owner = local(folder)
    async with owner.running() as adopted:
        second = await _refusal(folder)
        supervisor = asyncio.ensure_future(owner.supervise())
        os.kill(adopted.pid, signal.SIGKILL)
        await _until_answers(adopted)
        found = await count(adopted)
        supervisor.cancel()
        state = owner._told()  # pyright: ignore[reportPrivateUsage]
        assert state is not None
    left_child = left._child  # pyright: ignore[reportPrivateUsage]
    assert left_child is not None
    left_child.wait()
    gone = (begun(state.pid), (folder / "neo4j" / "running.json").exists())
    (folder / "password").write_text("another-password")
    lost = await _refusal(folder)

    assert mode == 0o600
    assert adopted == first
    assert second == (
        f"Another server runs on the data folder {folder}; stop it, or give this one another "
        "with --data"
    )
    assert (found, state.pid != first.pid) == (1, True)
    assert gone == ("", False)
    assert lost == (
        f"The Neo4j in {folder / 'neo4j'} does not take the password in {folder / 'password'}; "
        f"bring the right one back, or remove {folder / 'neo4j'}"
    )


async def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    """Where the data folder is a file, it is told."""
    (tmp_path / "file").touch()

    assert await _refusal(tmp_path / "file") == (
        f"The data folder {tmp_path / 'file'} cannot be written: Not a directory"
    )


async def test_one_that_does_not_start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its last words are told."""
    (tmp_path / "bin").mkdir()
    java = tmp_path / "bin" / "java"
    java.write_text(
        "#!/bin/sh\n[ $1 = -version ] && echo 'openjdk version \"21\"' >&2 && exit\necho no luck\n"
    )
    java.chmod(0o755)
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))

    assert await _refusal(tmp_path / "data") == "The local Neo4j does not start, it ended: no luck"


def _port() -> int:
    from graph.local.process import _free_port  # noqa: PLC0415  # pyright: ignore[reportPrivateUsage]

    return _free_port()


async def _refusal(folder: Path) -> str:
    """Return why none runs on a folder."""
    with pytest.raises(errors.LocalGraphFailed) as caught:
        async with local(folder).running():
            raise AssertionError("it runs")
    return caught.value.message


async def _until_answers(running: Running) -> None:
    async with asyncio.timeout(90):
        for _ in range(300):
            with contextlib.suppress(errors.SegraphError):
                await count(running)
                return
            await asyncio.sleep(0.3)
