"""The frontends of the guide show live members, by the clients of npm, against a real server."""

from __future__ import annotations

import asyncio
import json
import shutil
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any, Final

import pytest

from tests.house import documents, tree
from tests.proxy import Proxy
from tests.server.graphql.test_clients import node
from tests.server.hearing import come, followers, leave, until

if TYPE_CHECKING:
    from asyncio import StreamReader
    from collections.abc import AsyncGenerator
    from pathlib import Path

    from tests.server.live import Live

GUIDE: Final = "docs/integrations/frontend.md"


@pytest.fixture
def folder(packages: Path, tmp_path: Path) -> Path:
    """Give a folder with the guide's files, the packages, and the schema."""
    for name, text in documents.files(GUIDE).items():
        (tmp_path / name).write_text(text)
    (tmp_path / "node_modules").symlink_to(packages / "node_modules")
    shutil.copy(tree.ROOT / "schema" / "schema.graphql", tmp_path)
    return tmp_path


@asynccontextmanager
async def showing(*arguments: object) -> AsyncGenerator[StreamReader]:
    """Run an example until it has ended; give what it prints."""
    process = await asyncio.create_subprocess_exec(
        node(),
        *map(str, arguments),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    assert process.stdout is not None
    try:
        yield process.stdout
        assert await asyncio.wait_for(process.wait(), 20) == 0
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


async def shown(printed: StreamReader) -> Any:  # noqa: ANN401 - whatever is shown
    """Return what is shown next."""
    return json.loads(await asyncio.wait_for(printed.readline(), 20))


@pytest.mark.engine
@pytest.mark.process
@pytest.mark.parametrize(
    ("example", "way"),
    [
        ("apollo.mjs", "bySocket"),
        ("urql.mjs", "bySocket"),
        ("urql.mjs", "byEvents"),
    ],
)
async def test_members_are_live(
    live: Live, segment: str, packages: Path, folder: Path, example: str, way: str
) -> None:
    """Members first, then who comes and goes; after a break from the cursor on, not all again."""
    come(live, segment, "ann")
    async with Proxy(live.url) as proxy:
        url = proxy.address.replace("bolt", "http") + "/graphql"
        run = (packages / "frontend.mjs", folder / example, way, url, segment, 4)
        async with showing(*run) as printed:
            asked = await shown(printed)
            seen = [await shown(printed)]
            come(live, segment, "cid")
            seen.append(await shown(printed))
            proxy.cut()
            come(live, segment, "bob")
            seen.append(await shown(printed))
            leave(live, "ann")
            seen.append(await shown(printed))

    assert (asked["key"], asked["name"], asked["size"]) == (segment, segment, 1)
    assert seen == [["ann"], ["ann", "cid"], ["ann", "cid", "bob"], ["cid", "bob"]]
    await asyncio.to_thread(until, lambda: followers(live, segment) == 0)


@pytest.mark.process
def test_codegen_makes_types_of_it(folder: Path) -> None:
    """`@graphql-codegen/cli` takes the schema and the guide's operations."""
    command = folder / "node_modules" / "@graphql-codegen" / "cli" / "cjs" / "bin.js"

    tree.run(node(), str(command), "--config", "codegen.json", folder=folder)

    made = (folder / "types" / "graphql.ts").read_text()
    for name in ("SegmentQuery", "LiveSubscription", "LiveSubscriptionVariables"):
        assert f"export type {name} =" in made


@pytest.mark.process
def test_relay_compiles_it(folder: Path) -> None:
    """`relay-compiler` takes the schema, a connection of it and a subscription."""
    command = folder / "node_modules" / "relay-compiler" / "cli.js"

    tree.run(node(), str(command), folder=folder)

    made = {each.name.removesuffix(".graphql.js") for each in folder.glob("__generated__/*")}
    assert made == {"LiveQuery", "Live_members", "LiveMembersQuery", "LiveSubscription"}
