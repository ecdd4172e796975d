"""Settings: what wins, what is refused, and that the operating guide tells of each."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from pydantic import SecretStr, ValidationError

from graph import times
from server import settings
from server.settings import Settings, WrongSetting

if TYPE_CHECKING:
    from collections.abc import Mapping

GUIDE = Path(__file__).parents[2] / "docs" / "operating.md"
ROW = re.compile(r"^\| `(SEGRAPH_\w+)` \| (.+) \| (.+) \| (.+) \|$", re.MULTILINE)


@pytest.fixture(autouse=True)
def _no_variables(monkeypatch: pytest.MonkeyPatch) -> None:  # pyright: ignore[reportUnusedFunction]
    for name in os.environ:
        if name.startswith((settings.PREFIX, "XDG_DATA_HOME")):
            monkeypatch.delenv(name)


def test_a_fresh_machine_needs_no_setting() -> None:
    """Without a setting there is a local graph, on loopback, in the user's data folder."""
    found = Settings.load()

    assert found.graph is None
    assert (found.host, found.port) == ("127.0.0.1", 8000)
    assert found.data == Path.home() / ".local/share/segraph"
    assert found.future_skew == 5 * times.MINUTE


def test_an_option_wins_over_its_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    """An option that is given wins; one that is None leaves the variable."""
    monkeypatch.setenv("SEGRAPH_PORT", "9000")
    monkeypatch.setenv("SEGRAPH_HOST", "0.0.0.0")  # noqa: S104 - read, not bound

    found = Settings.load(port=9001, host=None)

    assert (found.port, found.host) == (9001, "0.0.0.0")  # noqa: S104 - read, not bound


@pytest.mark.parametrize(
    ("variable", "text", "field", "value"),
    [
        ("SEGRAPH_GRAPH", "neo4j+s://db.example.com", "graph", "neo4j+s://db.example.com"),
        ("SEGRAPH_GRAPH", "bolt://[::1]:7687", "graph", "bolt://[::1]:7687"),
        ("SEGRAPH_GRAPH", "", "graph", None),
        ("SEGRAPH_PASSWORD", "s3cret", "password", SecretStr("s3cret")),
        ("SEGRAPH_DATA", "~/segraph", "data", Path.home() / "segraph"),
        (
            "SEGRAPH_ALLOWED_ORIGINS",
            "https://a.example.com, http://localhost:3000/",
            "allowed_origins",
            ("https://a.example.com", "http://localhost:3000"),
        ),
        ("SEGRAPH_CLOCK", "2027-01-01T01:00:00+01:00", "clock", 1_798_761_600_000),
        ("SEGRAPH_FUTURE_SKEW", "PT90S", "future_skew", 90_000),
        ("SEGRAPH_FUTURE_SKEW", "90", "future_skew", 90_000),
        ("SEGRAPH_FUTURE_SKEW", "0", "future_skew", 0),
        ("SEGRAPH_KEEP_EVENTS", "P365D", "keep_events", 365 * times.DAY),
        ("SEGRAPH_KEEP_CHANGES", "P1D", "keep_changes", times.DAY),
        ("SEGRAPH_LOG_FORMAT", "json", "log_format", "json"),
    ],
)
def test_a_variable_is_read(
    monkeypatch: pytest.MonkeyPatch, variable: str, text: str, field: str, value: object
) -> None:
    """A variable's text becomes the setting's value; an empty one is as if not set."""
    monkeypatch.setenv(variable, text)

    assert Settings.load().model_dump()[field] == value


@pytest.mark.parametrize(
    ("variable", "text", "must_be"),
    [
        ("SEGRAPH_PORT", "http", "a whole number from 0 to 65535; 0 takes a free one"),
        ("SEGRAPH_PORT", "65536", "a whole number from 0 to 65535; 0 takes a free one"),
        ("SEGRAPH_LOG_LEVEL", "loud", "debug, info, warning or error"),
        ("SEGRAPH_CLOCK", "2027-01-01", "an instant with an offset, such as 2027-01-01T00:00:00Z"),
        ("SEGRAPH_CLOCK", "1700000000", "an instant with an offset, such as 2027-01-01T00:00:00Z"),
        (
            "SEGRAPH_FUTURE_SKEW",
            "P1M",
            "a duration such as PT5M, or a number of seconds, at most a day",
        ),
        (
            "SEGRAPH_FUTURE_SKEW",
            "P2D",
            "a duration such as PT5M, or a number of seconds, at most a day",
        ),
        ("SEGRAPH_KEEP_EVENTS", "PT1H", "a duration such as P365D, at least a day"),
        ("SEGRAPH_KEEP_CHANGES", "forever", "a duration such as P365D, at least a day"),
        ("SEGRAPH_QUEUE", "0", "a whole number from 1000 to 10000000"),
        (
            "SEGRAPH_ALLOWED_ORIGINS",
            "*",
            "origins such as https://app.example.com, parted by commas",
        ),
    ],
)
def test_a_wrong_value_is_refused_in_one_line(
    monkeypatch: pytest.MonkeyPatch, variable: str, text: str, must_be: str
) -> None:
    """A wrong value is named with its variable and with what it may be."""
    monkeypatch.setenv(variable, text)

    with pytest.raises(WrongSetting) as refused:
        Settings.load()

    assert refused.value.message == f"{variable} is '{text}'; it must be {must_be}"


@pytest.mark.parametrize(
    "address",
    [
        "localhost:7687",
        "http://localhost:7474",
        "bolt://",
        "bolt://neo4j:secret@localhost",
        "bolt://localhost:port",
        "bolt://localhost:0",
        "neo4j://localhost/movies",
    ],
)
def test_a_wrong_address_is_refused(address: str) -> None:
    """The graph's address has a scheme of Neo4j, a host, and neither user nor database in it."""
    with pytest.raises(WrongSetting) as refused:
        Settings.load(graph=address)

    assert refused.value.message == (
        f"--graph is '{address}'; it must be an address such as bolt://localhost:7687 or "
        "neo4j+s://db.example.com, without a user"
    )


def test_each_wrong_value_has_its_line(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two wrong values are told at once, a line each."""
    monkeypatch.setenv("SEGRAPH_BATCH", "many")

    with pytest.raises(WrongSetting) as refused:
        Settings.load(max_event_kinds=0)

    assert refused.value.message.splitlines() == [
        "--max-event-kinds is '0'; it must be a whole number from 1 to 30000",
        "SEGRAPH_BATCH is 'many'; it must be a whole number from 1 to 20000",
    ]


def test_an_unknown_variable_is_refused_with_the_nearest(monkeypatch: pytest.MonkeyPatch) -> None:
    """A misspelt variable does not pass in silence."""
    monkeypatch.setenv("SEGRAPH_PASWORD", "s3cret")

    with pytest.raises(WrongSetting) as refused:
        Settings.load()

    assert refused.value.message == (
        "SEGRAPH_PASWORD is not a setting of Segraph; did you mean SEGRAPH_PASSWORD?"
    )


def test_an_unknown_variable_like_none_is_refused_with_all(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Where no name is near, all of them are told."""
    monkeypatch.setenv("SEGRAPH_42", "1")

    with pytest.raises(WrongSetting) as refused:
        Settings.load()

    known = ", ".join(sorted(settings.variables()))
    assert refused.value.message == f"SEGRAPH_42 is not a setting of Segraph; there are {known}"


def test_variables_of_the_test_run_are_not_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that a test starts may inherit what the test run was told."""
    monkeypatch.setenv("SEGRAPH_TEST_NEO4J", "2026.02.2")
    monkeypatch.setenv("SEGRAPH_PROVE", "1")

    assert Settings.load() == Settings()


def test_a_secret_may_lie_in_a_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A secret is read from a file without its last line break, and an option still wins."""
    secret = tmp_path / "password"
    secret.write_text("s3cret \n")
    monkeypatch.setenv("SEGRAPH_PASSWORD_FILE", str(secret))

    assert Settings.load().password.get_secret_value() == "s3cret "
    assert Settings.load(password="other").password.get_secret_value() == "other"  # noqa: S106 - no secret


def test_a_secret_has_one_source(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A secret given twice is refused: nobody could tell which one counts."""
    monkeypatch.setenv("SEGRAPH_PASSWORD", "s3cret")
    monkeypatch.setenv("SEGRAPH_PASSWORD_FILE", str(tmp_path / "password"))

    with pytest.raises(WrongSetting) as refused:
        Settings.load()

    assert refused.value.message == (
        "SEGRAPH_PASSWORD and SEGRAPH_PASSWORD_FILE are both set; keep one of them"
    )


def test_a_secret_that_cannot_be_read_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """A secret's file that is not there is named."""
    monkeypatch.setenv("SEGRAPH_PASSWORD_FILE", "/nowhere/password")

    with pytest.raises(WrongSetting) as refused:
        Settings.load()

    assert refused.value.message == (
        "SEGRAPH_PASSWORD_FILE is '/nowhere/password', and that file cannot be read: "
        "[Errno 2] No such file or directory: '/nowhere/password'"
    )


def test_a_secret_is_never_shown() -> None:
    """Neither the text of the settings nor their dump holds a secret."""
    found = Settings.load(password="s3cret")  # noqa: S106 - no secret

    assert "s3cret" not in repr(found)
    assert "s3cret" not in str(found.model_dump())


def test_settings_do_not_change() -> None:
    """Settings are made once."""
    with pytest.raises(ValidationError, match="Instance is frozen"):
        Settings.load().port = 1


def test_the_guide_tells_of_each_setting() -> None:
    """The guide's table has each variable with default, values and meaning, and no other."""
    rows = ROW.findall(GUIDE.read_text(encoding="utf-8"))

    assert rows == [
        (
            f"{settings.PREFIX}{name.upper()}",
            _default(name),
            settings.may_be(name),
            field.description,
        )
        for name, field in Settings.model_fields.items()
    ]


_SHOWN: Mapping[str, str] = {"data": "`~/.local/share/segraph`", "future_skew": "`PT5M`"}


def _default(name: str) -> str:
    value = getattr(Settings.load(), name)
    if isinstance(value, SecretStr):
        value = value.get_secret_value()
    return _SHOWN.get(name) or ("" if value in (None, "", ()) else f"`{value}`") or "none"
