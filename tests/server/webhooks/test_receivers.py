"""The receivers of the guide take what a real server posts, by the standard's own libraries."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING, Final

import httpx2
import pytest

from tests.house import documents, tree
from tests.resolvers.saving import built, save
from tests.server.webhooks.receiver import create, edit, forget

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path

    from tests.server.live import Live

pytestmark = [pytest.mark.engine, pytest.mark.process]

GUIDE: Final = "docs/integrations/webhooks.md"
SECRET: Final = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"  # noqa: S105 - the standard's own example
PACKAGES: Final = tree.ROOT / "tests" / "node" / "node_modules"


@pytest.fixture(params=["receiver.py", "receiver.mjs"])
def command(request: pytest.FixtureRequest, tmp_path: Path) -> list[str]:
    """Give the command that runs a receiver of the guide."""
    file = tmp_path / request.param
    file.write_text(documents.files(GUIDE)[request.param])
    if request.param == "receiver.py":
        return [sys.executable, str(file)]
    (tmp_path / "node_modules").symlink_to(PACKAGES)
    node = shutil.which("node")
    assert node is not None
    return [node, str(file)]


@contextmanager
def running(command: list[str]) -> Generator[tuple[str, IO[str]]]:
    """Run a receiver for as long as the block; give its address and what it prints."""
    process = subprocess.Popen(  # noqa: S603 - of the guide
        command,
        env={**os.environ, "WEBHOOK_SECRET": SECRET, "PORT": "0"},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert process.stdout is not None
    with process, process.stdout:
        port = process.stdout.readline().split()[-1]
        try:
            yield f"http://127.0.0.1:{port}/", process.stdout
        finally:
            process.kill()


@pytest.mark.usefixtures("packages")
def test_the_receivers_of_the_guide_work(live: Live, command: list[str]) -> None:
    """They verify and print each change once; what nobody has signed is refused."""
    save(live, "signed", {"did": {"event": "Signed Up"}})
    built(live, "signed")
    with running(command) as (url, printed):
        forged = httpx2.post(
            url,
            content=b"{}",
            headers={
                "webhook-id": "x",
                "webhook-timestamp": "1",
                "webhook-signature": "v1,AAAA",
            },
        )
        made = create(live, url, "signed", secret=SECRET, packing="COALESCED")
        cursor = live.ask("{ webhooks { nodes { cursor } } }")["webhooks"]["nodes"][0]["cursor"]
        kind = command[-1].rpartition(".")[2]
        lines: list[str] = []
        for contact in ("ann", "ben"):
            live.load({"contact": f"{contact}.{kind}", "event": "Signed Up", "id": "1"})
            lines.append(printed.readline())
        # Both come again in one post, which is another message.
        edit(live, "replayWebhook", made, after=cursor)
        live.load({"contact": f"zoe.{kind}", "event": "Signed Up", "id": "1"})
        lines.append(printed.readline())
        forget(live)

    assert forged.status_code == 401
    assert lines == [f"segment.entered {each}.{kind} signed\n" for each in ("ann", "ben", "zoe")]
