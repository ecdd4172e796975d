"""The command `segraph` as a process of its own."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Generator

ROOT = Path(__file__).parents[2]
PROGRAM = str(Path(sys.executable).with_name("segraph"))
_STRANGE = ("SEGRAPH_", "XDG_DATA_HOME")


def environ(**variables: str) -> dict[str, str]:
    """Return the variables that a command is given: those of this process but our settings."""
    plain = {name: text for name, text in os.environ.items() if not name.startswith(_STRANGE)}
    return plain | {"PYTHONPATH": str(ROOT), "COLUMNS": "200"} | variables


def segraph(
    *arguments: object, folder: Path, code: int = 0, **variables: str
) -> subprocess.CompletedProcess[str]:
    """Run a command to its end, which must be with this exit code."""
    ended = subprocess.run(  # noqa: S603 - the command under test
        [PROGRAM, *map(str, arguments)],
        cwd=folder,
        env=environ(**variables),
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    assert ended.returncode == code, ended
    return ended


@contextmanager
def serving(
    *arguments: object, folder: Path, **variables: str
) -> Generator[tuple[str, subprocess.Popen[str]]]:
    """Run a command that serves, give the line that it is ready with, and end it by SIGTERM."""
    with (folder / "stderr.log").open("a") as log:
        process = subprocess.Popen(  # noqa: S603 - the command under test
            [PROGRAM, *map(str, arguments)],
            cwd=folder,
            env=environ(**variables),
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        )
        assert process.stdout is not None
        with process.stdout as out:
            try:
                line = out.readline().strip()
                assert line, (folder / "stderr.log").read_text()
                yield line, process
            finally:
                process.send_signal(signal.SIGTERM)
                process.wait(60)
