"""The demo as a user starts it, with a Neo4j of its own, its story standing still.

Tests ask it and tell it things; none empties it. All processes of a run share the one that the
first of them to need it has started; it ends with the run.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import msgspec

_PLACE: Final = "SEGRAPH_TEST_DEMO"
_COMMAND: Final = ("demo", "--still", "--port", "0", "--json", "--folder")
_SECONDS_TO_START: Final = 240
_SECONDS_TO_STOP: Final = 30


@dataclass(frozen=True, slots=True)
class Demo:
    """A demo that runs: where it answers, and the folder of its graphs."""

    url: str
    folder: Path

    @property
    def told(self) -> int:
        """The instant as of which the story was told."""
        return msgspec.json.decode((self.folder / "story" / "demo.json").read_bytes())["now"]

    @property
    def log(self) -> str:
        """What its server logged."""
        return (self.folder / "stderr").read_text()


class _Ready(msgspec.Struct):
    """What a server says once it is ready."""

    url: str
    pid: int


def offer() -> None:
    """Make the place where the processes of a run find its demo."""
    os.environ[_PLACE] = tempfile.mkdtemp(prefix="segraph-demo-")


def shared() -> Demo:
    """Return the demo of the run, started where none runs yet."""
    folder = Path(os.environ[_PLACE])
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "stdout").exists():
            _start(folder)
        until = time.monotonic() + _SECONDS_TO_START
        while not (ready := _ready(folder)):
            assert time.monotonic() < until, (folder / "stderr").read_text()
            time.sleep(0.1)
    return Demo(ready.url, folder)


def end() -> None:
    """End the demo of the run, where one was started."""
    folder = Path(os.environ.pop(_PLACE))
    if ready := _ready(folder):
        until = time.monotonic() + _SECONDS_TO_STOP
        with suppress(ProcessLookupError):
            os.kill(ready.pid, signal.SIGTERM)
            while time.monotonic() < until:
                os.kill(ready.pid, 0)
                time.sleep(0.1)
    shutil.rmtree(folder, ignore_errors=True)


def _start(folder: Path) -> None:
    program = Path(sys.executable).with_name("segraph")
    environ = {name: text for name, text in os.environ.items() if not name.startswith("SEGRAPH_")}
    with (folder / "stdout").open("w") as said, (folder / "stderr").open("w") as told:
        subprocess.run(  # noqa: S603 - a command of ours, which outlives this process
            ["setsid", "--fork", program, *_COMMAND, folder],  # noqa: S607 - of the system
            stdout=said,
            stderr=told,
            env=environ,
            check=True,
        )


def _ready(folder: Path) -> _Ready | None:
    said = folder / "stdout"
    line = said.read_bytes() if said.exists() else b""
    return msgspec.json.decode(line, type=_Ready) if line.endswith(b"\n") else None
