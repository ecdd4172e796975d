"""Target: the server that is named, or told of, or started for a while."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from graph.errors import SegraphError
from server import running
from server.settings import Settings, WrongSetting
from server.transfer import target, wire
from server.transfer.display import Display

if TYPE_CHECKING:
    from pathlib import Path

    from tests.engine import Running
    from tests.server.transfer.fake_server import FakeServer

NDJSON = {"content-type": "application/x-ndjson"}
THERE = "bolt://localhost:7687"


@pytest.fixture(autouse=True)
def _no_variables(monkeypatch: pytest.MonkeyPatch) -> None:  # pyright: ignore[reportUnusedFunction]
    for name in ("SEGRAPH_URL", "SEGRAPH_GRAPH", "SEGRAPH_DATA"):
        monkeypatch.delenv(name, raising=False)


def test_the_server_that_is_named_wins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A named server is taken whatever the data folder tells; a slash at the end is none."""
    monkeypatch.setenv("SEGRAPH_URL", "https://segraph.example.com/")

    with (
        running.told(tmp_path, "http://127.0.0.1:9000", str(tmp_path)),
        target.server(Settings.load(data=tmp_path), Display()) as found,
    ):
        assert found == target.Target("https://segraph.example.com", "https://segraph.example.com")


@pytest.mark.parametrize("graph", [None, THERE])
def test_a_server_that_runs_is_found(tmp_path: Path, graph: str | None) -> None:
    """The server that the data folder tells of is taken, and known by where its graph is."""
    settings = Settings.load(data=tmp_path, graph=graph)

    with (
        running.told(tmp_path, "http://127.0.0.1:9000", settings.where),
        target.server(settings, Display()) as found,
    ):
        assert found == target.Target("http://127.0.0.1:9000", graph or str(tmp_path))


@pytest.mark.parametrize("url", ["127.0.0.1:8000", "bolt://localhost", "http://", "http://a:x"])
def test_a_wrong_address_is_refused(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The message names where it came from, and what it may be."""
    monkeypatch.setenv("SEGRAPH_URL", url)
    tail = f"is '{url}'; it must be an address such as http://127.0.0.1:8000"

    with pytest.raises(WrongSetting) as by_option:
        Settings.load(url=url)
    with pytest.raises(WrongSetting) as by_variable:
        Settings.load()

    assert by_option.value.message == f"--url {tail}"
    assert by_variable.value.message == f"SEGRAPH_URL {tail}"


@pytest.mark.engine
@pytest.mark.process
def test_a_server_is_started_where_none_runs(
    tmp_path: Path,
    emptied: Running,
    server: FakeServer,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """It takes lines at once, is told of to nobody, and is gone when the block ends.

    A server on another graph is not the one that is meant.
    """
    monkeypatch.setenv("SEGRAPH_PASSWORD", emptied.password)
    settings = Settings.load(data=tmp_path, graph=emptied.address)

    with (
        running.told(tmp_path, server.url, THERE),
        target.server(settings, Display()) as found,
        wire.connected(found.url) as client,
    ):
        answer = client.post("/import", content=b'{"type":"topic","key":"t"}', headers=NDJSON)
        told = running.find(tmp_path)

    assert (answer.status_code, answer.json().get("rejected")) == (200, [])
    assert found.name == emptied.address
    assert told == running.Running(server.url, told.pid if told else 0, THERE)
    with pytest.raises(wire.httpx2.ConnectError), wire.connected(found.url) as client:
        client.get("/livez")
    assert capsys.readouterr().err.startswith(f"No server runs on {emptied.address}; starting one")


@pytest.mark.process
def test_a_server_that_cannot_start_says_why(tmp_path: Path) -> None:
    """The reason is that of the server, and nothing is left running."""
    settings = Settings.load(data=tmp_path, graph="bolt://127.0.0.1:1")

    with (
        pytest.raises(SegraphError, match=r"The graph at bolt://127\.0\.0\.1:1 does not answer"),
        target.server(settings, Display()),
    ):
        pass
