"""The commands as processes: killed, interrupted, piped, without a server."""

from __future__ import annotations

import signal
from typing import TYPE_CHECKING

import pytest

from tests.server.transfer.command import ended, started
from tests.server.transfer.fake_server import DIE, FakeServer, Hold
from tests.server.transfer.files import event, events, lines_of, ndjson, written

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.process

WAIT = 60


def test_a_file_that_is_not_there_starts_no_server(tmp_path: Path) -> None:
    """It is told at once; nothing is made for it."""
    told = ended(started("import", "gone.ndjson", "--data", tmp_path / "data", folder=tmp_path))

    assert (told.code, told.out) == (2, "")
    assert told.err == "segraph: gone.ndjson cannot be opened: No such file or directory\n"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["x.ndjson", "x.ndjson.gz", "x.csv"])
def test_a_killed_import_goes_on_without_doubles(
    server: FakeServer, tmp_path: Path, name: str
) -> None:
    """After kill -9 in the middle of a request, counts equal the file."""
    table = b"contact,event,n\n" + b"".join(b"ada,Seen,%d\n" % (n % 900) for n in range(1000))
    lines = [*events(999), event(3)]
    path = written(tmp_path / name, table if name == "x.csv" else ndjson(lines))
    arguments = ("import", path, "--url", server.url, "--lines", 100, "--json")
    server.reject = lambda line: ("NO", "no", []) if line["properties"]["n"] == 7 else None
    refused = 1 if name != "x.csv" else 2
    hold = Hold()
    server.answers.extend([None, None, hold])

    killed = started(*arguments, folder=tmp_path)
    assert hold.reached.wait(WAIT)
    killed.kill()
    ended(killed)
    hold.released.set()
    again = ended(started(*arguments, folder=tmp_path))

    assert killed.returncode == -signal.SIGKILL
    assert again.code == 1
    assert again.result["files"][0]["resumedAfter"] == (201 if name == "x.csv" else 200)
    assert again.result["lines"] == 1000
    assert again.result["duplicates"] == 100
    assert len(server.events) == 1000 - refused
    assert len(lines_of(path.with_name(f"{name}.rejects.ndjson"))) == refused


def test_a_server_that_dies_is_waited_for(tmp_path: Path) -> None:
    """Lines whose answer was lost with the server are sent to the next one, and count once."""
    path = written(tmp_path / "x.ndjson", ndjson(events(1000)))

    with FakeServer() as first:
        first.answers.extend([None, DIE])
        running = started(
            *("import", path, "--url", first.url, "--lines", 100, "--json"), folder=tmp_path
        )
        first.join()
        with FakeServer(first.port, after=first) as second:
            told = ended(running)

    assert told.code == 0
    assert "; trying again for up to 60 s" in told.err
    assert (told.result["accepted"], told.result["duplicates"]) == (900, 100)
    assert len(second.events) == 1000


def test_an_interrupted_import_goes_on(server: FakeServer, tmp_path: Path) -> None:
    """Ctrl-C ends at once with what was acknowledged, and says how to go on."""
    path = written(tmp_path / "x.ndjson", ndjson(events(300)))
    arguments = ("import", path, "--url", server.url, "--lines", 100, "--json")
    hold = Hold()
    server.answers.extend([None, hold])

    running = started(*arguments, folder=tmp_path)
    assert hold.reached.wait(WAIT)
    running.send_signal(signal.SIGINT)
    interrupted = ended(running)
    hold.released.set()
    again = ended(started(*arguments, folder=tmp_path))

    assert interrupted.code == 130
    assert interrupted.err == (
        "segraph: Interrupted; what was acknowledged is kept, and the same command goes on from "
        "there\n"
    )
    assert interrupted.result["lines"] == 100
    assert (again.code, again.result["lines"], len(server.events)) == (0, 300, 300)


def test_standard_input_is_imported(server: FakeServer, tmp_path: Path) -> None:
    """A pipe has no place to go on from; its events have ids that do not change."""
    arguments = ("import", "-", "--url", server.url)

    first = ended(started(*arguments, folder=tmp_path), ndjson(events(100)))
    again = ended(started(*arguments, folder=tmp_path), ndjson(events(100)) + b"{}\n")

    assert (first.code, first.out) == (0, "-: 100 lines: 100 accepted\n")
    assert again.code == 1
    assert "100 duplicates, 1 rejected, told in stdin.rejects.ndjson" in again.out
    assert [path.name for path in tmp_path.iterdir()] == ["stdin.rejects.ndjson"]


def test_an_export_goes_into_an_import(server: FakeServer, tmp_path: Path) -> None:
    """Two commands joined by a pipe carry the lines from one server to another."""
    server.exported = [event(n, id=str(n)) for n in range(100)]

    with FakeServer() as other:
        lines = ended(started("export", "--url", server.url, folder=tmp_path)).out
        ended(started("import", "-", "--url", other.url, folder=tmp_path), lines.encode())

    assert list(other.events.values()) == server.exported


@pytest.mark.parametrize("arguments", [["import", "x.ndjson"], ["export", "y.ndjson"]])
def test_without_a_server_it_says_so(tmp_path: Path, arguments: list[str]) -> None:
    """The address is named, the exit code is 2, and no file is left."""
    written(tmp_path / "x.ndjson", ndjson(events(3)))
    with FakeServer() as gone:
        url = gone.url

    told = ended(started(*arguments, "--patience", 0.5, "--json", folder=tmp_path, SEGRAPH_URL=url))

    assert told.code == 2
    assert told.err.startswith(f"No answer from {url} ([Errno 111] Connection refused); trying")
    assert told.result["error"]["code"] == "UNREACHABLE"
    assert [path.name for path in tmp_path.iterdir()] == ["x.ndjson"]


def test_a_terminal_shows_how_it_goes(server: FakeServer, tmp_path: Path) -> None:
    """Rate, lines and time left are on standard error, and the result alone on the other."""
    path = written(tmp_path / "x.ndjson", ndjson(events(300)))

    told = ended(
        started(
            *("import", path, "--url", server.url, "--lines", 100),
            folder=tmp_path,
            FORCE_COLOR="1",
            COLUMNS="150",
        )
    )

    assert told.out == f"{path}: 300 lines: 300 accepted\n"
    assert "300 lines, " in told.err
    assert "/s" in told.err
    assert "100%" in told.err
    assert "00:00" in told.err
