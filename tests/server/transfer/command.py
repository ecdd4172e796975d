"""The two commands as a program of their own, and how the tests run them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
import typer
from typer.testing import CliRunner

from server.transfer import commands

ROOT = Path(__file__).parents[3]

app = typer.Typer()
app.command("import")(commands.import_files)
app.command("export")(commands.export_all)


@dataclass(frozen=True, slots=True)
class Ended:
    """How a command ended, and what it said."""

    code: int
    out: str
    err: str

    @property
    def result(self) -> dict[str, Any]:
        """Return standard output as the JSON that it is."""
        return msgspec.json.decode(self.out)


def here(*arguments: object, told: bytes = b"") -> Ended:
    """Run a command in this process."""
    ended = CliRunner().invoke(app, [str(each) for each in arguments], input=told)
    assert isinstance(ended.exception, SystemExit | None), ended.exception
    return Ended(ended.exit_code, ended.stdout, ended.stderr)


def started(*arguments: object, folder: Path, **variables: str) -> subprocess.Popen[bytes]:
    """Start a command in a process of its own."""
    environ = {name: os.environ[name] for name in os.environ if not name.startswith("SEGRAPH_")}
    return subprocess.Popen(  # noqa: S603 - the command under test
        [sys.executable, "-m", "tests.server.transfer.command", *map(str, arguments)],
        cwd=folder,
        env=environ | {"PYTHONPATH": str(ROOT)} | variables,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def ended(process: subprocess.Popen[bytes], told: bytes | None = None) -> Ended:
    """Wait for a command to end."""
    out, err = process.communicate(told, timeout=100)
    return Ended(process.returncode, out.decode(), err.decode())


if __name__ == "__main__":
    # Where the tests run in the background a shell lets them, and all they start, ignore Ctrl-C.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    app()
