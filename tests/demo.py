"""The demo as a user starts it, with a Neo4j of its own, its story standing still.

Tests ask it and tell it things; none empties it.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Generator

_COMMAND = ("demo", "--still", "--port", "0", "--folder")
_READY = re.compile(r"segraph ready on (\S+)")
_SECONDS_TO_STOP = 30


@dataclass(frozen=True, slots=True)
class Demo:
    """A demo that runs: where it answers, and the folder of its graphs."""

    url: str
    folder: Path


@contextmanager
def serving(folder: Path) -> Generator[Demo]:
    """Run `segraph demo` on a folder for as long as the block."""
    program = Path(sys.executable).with_name("segraph")
    environ = {name: text for name, text in os.environ.items() if not name.startswith("SEGRAPH_")}
    with (
        (folder / "stderr").open("w+") as told,
        subprocess.Popen(  # noqa: S603 - a command of ours
            [program, *_COMMAND, folder],
            stdout=subprocess.PIPE,
            stderr=told,
            text=True,
            env=environ,
        ) as process,
    ):
        try:
            assert process.stdout is not None
            ready = _READY.match(process.stdout.readline())
            assert ready, (folder / "stderr").read_text()
            yield Demo(ready[1], folder)
        finally:
            process.terminate()
            process.wait(_SECONDS_TO_STOP)
