"""The consumer of the guide follows a real server, and comes back after each break."""

from __future__ import annotations

import asyncio
import sys
from contextlib import asynccontextmanager
from itertools import groupby
from typing import TYPE_CHECKING, Final

import pytest

from graph.place import LogPlace
from tests.house import documents
from tests.proxy import Proxy
from tests.server.hearing import LOG, come, leave, log, until

if TYPE_CHECKING:
    from asyncio import StreamReader
    from collections.abc import AsyncGenerator
    from pathlib import Path

    from tests.server.live import Live

pytestmark = [pytest.mark.engine, pytest.mark.process]

GUIDE: Final = "docs/integrations/python-consumer.md"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Give a folder with the consumer in it."""
    for name, text in documents.files(GUIDE).items():
        (tmp_path / name).write_text(text)
    return tmp_path


@asynccontextmanager
async def running(folder: Path, url: str, segment: str) -> AsyncGenerator[StreamReader]:
    """Run the consumer for as long as the block, and kill it; give what it prints."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "consumer.py",
        f"ws://{url.rpartition('/')[2]}/graphql",
        segment,
        cwd=folder,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    assert process.stdout is not None
    try:
        yield process.stdout
    finally:
        process.kill()
        await process.communicate()


async def line(printed: StreamReader) -> str:
    """Return the next line."""
    return (await asyncio.wait_for(printed.readline(), 20)).decode().rstrip("\n")


async def lines(printed: StreamReader, last: str) -> list[str]:
    """Return the lines up to the one that tells of a contact."""
    found = [await line(printed)]
    while last not in found[-1].split():
        found.append(await line(printed))
    return found


async def test_it_goes_on_where_it_was(live: Live, segment: str, folder: Path) -> None:
    """Killed and started again, and cut off, it tells of each change in the order of the log.

    Only the one that it was killed at may come again.
    """
    come(live, segment, "ann")
    async with Proxy(live.url) as proxy:
        async with running(folder, proxy.address, segment) as printed:
            assert await line(printed) == f"members {segment} ann"
            come(live, segment, "bob", "cid")
            told = await lines(printed, "cid")
        come(live, segment, "dan", "eve")
        leave(live, "dan")
        async with running(folder, proxy.address, segment) as printed:
            come(live, segment, "flo")
            told += await lines(printed, "flo")
            proxy.cut()
            come(live, segment, "gus")
            told += await lines(printed, "gus")

    found = live.ask(LOG, segment=segment)["segment"]["changes"]["edges"][1:]
    said = ["entered", "entered", "entered", "entered", "left", "entered", "entered"]
    assert [each["node"]["contactKey"] for each in found] == [
        *("bob", "cid", "dan", "eve", "dan", "flo", "gus")
    ]
    assert [each for each, _ in groupby(told)] == [
        f"{what} {segment} {each['node']['contactKey']} {each['node']['sequence']}"
        for what, each in zip(said, found, strict=True)
    ]


async def test_it_begins_anew(live: Live, segment: str, folder: Path) -> None:
    """With a place in another log it takes all members, and goes on from there."""
    come(live, segment, "ann", "bob")
    (folder / f"{segment}.cursor").write_text(LogPlace(10**9).cursor)
    async with running(folder, live.url, segment) as printed:
        assert await line(printed) == f"members {segment} ann bob"
        come(live, segment, "cid")
        assert (await line(printed)).startswith(f"entered {segment} cid ")
        last = log(live, segment)[-1][0]
        await asyncio.to_thread(until, lambda: (folder / f"{segment}.cursor").read_text() == last)


async def test_it_is_told_of_an_edit(live: Live, segment: str, folder: Path) -> None:
    """One that is not announced changes its members, which it takes anew."""
    other = f"{segment}-other"
    come(live, segment, "ann", "bob")
    come(live, other, "cid")
    async with running(folder, live.url, segment) as printed:
        assert await line(printed) == f"members {segment} ann bob"
        where = {"did": {"event": other}}
        live.load({"type": "segment", "key": segment, "name": "o", "where": where})
        assert await line(printed) == f"members {segment} cid"
        come(live, other, "dan")
        assert (await line(printed)).startswith(f"entered {segment} dan ")
