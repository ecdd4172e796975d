"""Running: a server is told of for as long as its process lives, and no longer."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from graph.errors import SegraphError
from server import running

ROOT = Path(__file__).parents[2]
URL = "http://127.0.0.1:8000"
TELLS = """
import sys, time
from pathlib import Path
from server import running
with running.told(Path(sys.argv[1]), "http://127.0.0.1:1", "bolt://there"):
    print("told", flush=True)
    time.sleep(100)
"""


def test_a_server_is_found_while_it_runs(tmp_path: Path) -> None:
    """Within the block it is found with all that is told, after it no more."""
    with running.told(tmp_path / "new", URL, "bolt://here"):
        found = running.find(tmp_path / "new")

    assert found == running.Running(URL, os.getpid(), "bolt://here")
    assert running.find(tmp_path / "new") is None


def test_the_first_of_two_stays_told(tmp_path: Path) -> None:
    """A second server on the same folder changes nothing of what is told of the first."""
    with running.told(tmp_path, URL, "bolt://first"):
        with running.told(tmp_path, "http://127.0.0.1:9000", "bolt://second"):
            during = running.find(tmp_path)
        after = running.find(tmp_path)

    assert during == after
    assert after is not None
    assert after.graph == "bolt://first"


@pytest.mark.process
def test_what_a_killed_server_left_is_none(tmp_path: Path) -> None:
    """After kill -9 the file still tells, but of no server; the next one takes its place."""
    killed = subprocess.Popen(  # noqa: S603 - this Python
        [sys.executable, "-c", TELLS, tmp_path],
        stdout=subprocess.PIPE,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    )
    assert killed.stdout is not None
    with killed.stdout:
        assert killed.stdout.readline() == b"told\n"
        alive = running.find(tmp_path)
        killed.send_signal(signal.SIGKILL)
        killed.wait(10)

    assert alive is not None
    assert alive.pid == killed.pid
    assert json.loads((tmp_path / running.FILE).read_text())["pid"] == killed.pid
    assert running.find(tmp_path) is None
    with running.told(tmp_path, URL, "bolt://here"):
        assert running.find(tmp_path) == running.Running(URL, os.getpid(), "bolt://here")


@pytest.mark.parametrize("text", [None, b"", b"{", b'{"url":"x"}'])
def test_without_a_server_none_is_found(tmp_path: Path, text: bytes | None) -> None:
    """A folder or a file that is missing, or tells nothing, tells of none."""
    if text is not None:
        (tmp_path / running.FILE).write_bytes(text)

    assert running.find(tmp_path if text is not None else tmp_path / "none") is None


def test_whoever_starts_a_server_is_alone(tmp_path: Path) -> None:
    """A second command says that it waits, and goes on when the first has ended."""
    waits, goes_on = threading.Event(), threading.Event()

    def second() -> None:
        with running.starting(tmp_path, waits.set):
            goes_on.set()

    thread = threading.Thread(target=second)
    with running.starting(tmp_path, pytest.fail):
        thread.start()
        assert waits.wait(10)
        assert not goes_on.is_set()
    thread.join(10)

    assert goes_on.is_set()


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    """Where the data folder is a file, the error names it."""
    (tmp_path / "file").write_text("")

    with (
        pytest.raises(SegraphError) as refused,
        running.told(tmp_path / "file", URL, "bolt://here"),
    ):
        pass

    assert refused.value.message == (
        f"The data folder {tmp_path / 'file'} cannot be written: File exists"
    )
