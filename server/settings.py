"""Settings: options, then SEGRAPH_ variables, then defaults; what is wrong is refused by name."""

from __future__ import annotations

import difflib
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Final, Literal, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from graph import errors, times

PREFIX: Final = "SEGRAPH_"

# The test run speaks to itself by variables of these names; a server it starts inherits them.
_OF_THE_TEST_RUN = ("SEGRAPH_TEST_", "SEGRAPH_PROVE")

_SCHEMES = frozenset({"bolt", "bolt+s", "bolt+ssc", "neo4j", "neo4j+s", "neo4j+ssc"})


class WrongSetting(errors.SegraphError):
    """A setting is unknown, or its value is not one it may have."""

    code = "WRONG_SETTING"


@dataclass(frozen=True, slots=True)
class MayBe:
    """Says in words what a setting may be."""

    text: str


def _address(raw: str) -> str:
    parts = urlsplit(raw)
    if parts.scheme not in _SCHEMES or not parts.hostname or "@" in parts.netloc:
        raise ValueError(raw)
    if parts.path.strip("/") or (parts.port is not None and parts.port == 0):
        raise ValueError(raw)
    return raw


def _url(raw: str) -> str:
    parts = urlsplit(raw)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.port == 0:
        raise ValueError(raw)
    return raw.rstrip("/")


def _origins(raw: object) -> object:
    return [part for part in raw.replace(",", " ").split() if part] if isinstance(raw, str) else raw


def _origin(raw: str) -> str:
    parts = urlsplit(raw)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.path.strip("/"):
        raise ValueError(raw)
    return raw.rstrip("/")


def _host(raw: str) -> str:
    if not raw or "/" in raw or "@" in raw or urlsplit(f"//{raw}").hostname != raw.lower():
        raise ValueError(raw)
    return raw.lower()


def _instant(raw: object) -> object:
    try:
        return times.read_instant(raw) if isinstance(raw, str) else raw
    except errors.BadInput as refused:
        raise ValueError(refused.message) from refused


def _duration(raw: object) -> object:
    if not isinstance(raw, str):
        return raw
    if raw.isdecimal():
        return int(raw) * times.SECOND
    try:
        return times.read_duration(raw)
    except errors.BadInput as refused:
        raise ValueError(refused.message) from refused


def _folder(raw: Path) -> Path:
    return raw.expanduser().absolute()


def user_data_folder() -> Path:
    """Return the folder where this user's programs keep their data, one for Segraph in it."""
    home = os.environ.get("XDG_DATA_HOME") or "~/.local/share"
    return _folder(Path(home) / "segraph")


Name = Annotated[str, Field(min_length=1), MayBe("a name")]
Address = Annotated[
    Annotated[str, AfterValidator(_address)] | None,
    MayBe("an address such as bolt://localhost:7687 or neo4j+s://db.example.com, without a user"),
]
Url = Annotated[
    Annotated[str, AfterValidator(_url)] | None, MayBe("an address such as http://127.0.0.1:8000")
]
Secret = Annotated[SecretStr, MayBe("a text")]
Folder = Annotated[Path, AfterValidator(_folder), MayBe("a folder; it is made if missing")]
Host = Annotated[str, Field(min_length=1), MayBe("an address of this machine, or a name")]
Port = Annotated[
    int, Field(ge=0, le=65535), MayBe("a whole number from 0 to 65535; 0 takes a free one")
]
Origins = Annotated[
    tuple[Annotated[str, AfterValidator(_origin)], ...],
    NoDecode,
    BeforeValidator(_origins),
    MayBe("origins such as https://app.example.com, parted by commas"),
]
Hosts = Annotated[
    tuple[Annotated[str, AfterValidator(_host)], ...],
    NoDecode,
    BeforeValidator(_origins),
    MayBe("names of hosts such as localhost, without a port, parted by commas"),
]
Instant = Annotated[
    int | None,
    BeforeValidator(_instant),
    MayBe("an instant with an offset, such as 2027-01-01T00:00:00Z"),
]
Skew = Annotated[
    int,
    BeforeValidator(_duration),
    Field(ge=0, le=times.DAY),
    MayBe("a duration such as PT5M, or a number of seconds, at most a day"),
]
Age = Annotated[
    Annotated[int, Field(ge=times.DAY, le=times.LONGEST)] | None,
    BeforeValidator(_duration),
    MayBe("a duration such as P365D, at least a day"),
]
Kinds = Annotated[int, Field(ge=1, le=30_000), MayBe("a whole number from 1 to 30000")]
Queue = Annotated[int, Field(ge=1000, le=10_000_000), MayBe("a whole number from 1000 to 10000000")]
Batch = Annotated[int, Field(ge=1, le=20_000), MayBe("a whole number from 1 to 20000")]
Mebibytes = Annotated[
    int, Field(ge=1, le=1_048_576), MayBe("a whole number of MiB, from 1 to 1048576")
]
LogLevel = Annotated[
    Literal["debug", "info", "warning", "error"], MayBe("debug, info, warning or error")
]
LogFormat = Annotated[Literal["text", "json"], MayBe("text or json")]


class Settings(BaseSettings):
    """Holds all that can be set; `Settings.load` makes it. Lengths of time are milliseconds."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_ignore_empty=True, extra="forbid", frozen=True
    )

    graph: Address = Field(
        default=None, description="The Neo4j to use; without it Segraph runs one of its own"
    )
    user: Name = Field(default="neo4j", description="The graph's user")
    password: Secret = Field(default=SecretStr(""), description="The graph's password")
    database: Name = Field(default="neo4j", description="The database within the graph's server")
    data: Folder = Field(
        default_factory=user_data_folder,
        description="Where the Neo4j of our own lives, and where a running server is found",
    )
    local_heap_mib: Mebibytes = Field(default=1024, description="Heap of the Neo4j of our own")
    local_page_cache_mib: Mebibytes = Field(
        default=512, description="Page cache of the Neo4j of our own"
    )
    host: Host = Field(
        default="127.0.0.1", description="Where the server listens; 0.0.0.0 is everywhere"
    )
    port: Port = Field(default=8000, description="The port it listens on")
    url: Url = Field(
        default=None,
        description="The server that an import or export asks; without it the one that runs on "
        "the data folder, or one of its own",
    )
    allowed_origins: Origins = Field(
        default=(), description="Pages of other origins that may ask, by HTTP and WebSocket alike"
    )
    webhook_hosts: Hosts = Field(
        default=(),
        description="Hosts that webhooks may post to without https, on any port and at addresses "
        "that are not public; for development",
    )
    clock: Instant = Field(
        default=None, description="Where the engine's clock starts; without it, at the present"
    )
    future_skew: Skew = Field(
        default=5 * times.MINUTE, description="How far ahead of the clock an event may be"
    )
    max_event_kinds: Kinds = Field(default=2000, description="How many kinds of event there may be")
    max_traits: Kinds = Field(
        default=2000, description="How many different traits contacts may have"
    )
    keep_events: Age = Field(
        default=None,
        description="For how long events are kept, unless a saved segment looks further back; "
        "without it, for ever",
    )
    keep_changes: Age = Field(
        default=None,
        description="For how long it is kept who came into segments and left them; without it, "
        "for ever",
    )
    queue: Queue = Field(
        default=100_000,
        description="Lines that may wait for the writer; then callers are told to retry",
    )
    batch: Batch = Field(default=5000, description="Lines that share one commit at most")
    cache_mib: Mebibytes = Field(
        default=512, description="Memory for contacts' histories; the others are read when needed"
    )
    body_mib: Mebibytes = Field(default=8, description="Largest body of a GraphQL request")
    import_mib: Mebibytes = Field(default=64, description="Largest body of an import, unpacked")
    log_level: LogLevel = Field(
        default="info", description="What is logged: this and what is worse"
    )
    log_format: LogFormat = Field(
        default="text", description="How it is logged; json is an object a line"
    )

    @property
    def where(self) -> str:
        """Where the graph is: its address, or the folder of the one of our own."""
        return self.graph or str(self.data)

    @classmethod
    def load(cls, **options: object) -> Self:
        """Read the settings; an option that is not None wins over its variable.

        Raises:
            WrongSetting: a variable is unknown, or a value is not one it may have.
        """
        _refuse_unknown()
        given = {name: value for name, value in options.items() if value is not None}
        values: dict[str, Any] = _secrets_in_files() | given
        try:
            return cls(**values)
        except ValidationError as refused:
            lines = [_complaint(str(e["loc"][0]), e["input"], given) for e in refused.errors()]
            raise WrongSetting("\n".join(dict.fromkeys(lines))) from refused


def variables() -> frozenset[str]:
    """Return the names of all variables that are read."""
    fields = {f"{PREFIX}{name.upper()}" for name in Settings.model_fields}
    return frozenset(fields | {f"{PREFIX}{name.upper()}_FILE" for name in secrets()})


def secrets() -> tuple[str, ...]:
    """Return the names of the settings that are never shown and may lie in a file."""
    fields = Settings.model_fields.items()
    return tuple(name for name, field in fields if field.annotation is SecretStr)


def may_be(name: str) -> str:
    """Return in words what the setting may be."""
    notes = Settings.model_fields[name].metadata
    return next(note.text for note in notes if isinstance(note, MayBe))


def _refuse_unknown() -> None:
    known = {name.removeprefix(PREFIX): name for name in sorted(variables())}
    for name in sorted(map(str.upper, os.environ)):
        ours = name.removeprefix(PREFIX)
        if ours == name or name.startswith(_OF_THE_TEST_RUN) or ours in known:
            continue
        # Without the prefix, which would make any two names look alike.
        near = difflib.get_close_matches(ours, known, n=1)
        hint = (
            f"did you mean {known[near[0]]}?" if near else f"there are {', '.join(known.values())}"
        )
        raise WrongSetting(f"{name} is not a setting of Segraph; {hint}")


def _secrets_in_files() -> dict[str, object]:
    found: dict[str, object] = {}
    for name in secrets():
        variable = f"{PREFIX}{name.upper()}"
        path = os.environ.get(f"{variable}_FILE")
        if not path:
            continue
        if os.environ.get(variable):
            raise WrongSetting(f"{variable} and {variable}_FILE are both set; keep one of them")
        try:
            found[name] = Path(path).read_text(encoding="utf-8").rstrip("\r\n")
        except (OSError, UnicodeDecodeError) as refused:
            raise WrongSetting(
                f"{variable}_FILE is {errors.shown(path)}, and that file cannot be read: {refused}"
            ) from refused
    return found


def _complaint(name: str, value: object, given: dict[str, object]) -> str:
    if name in given:
        source, value = f"--{name.replace('_', '-')}", given[name]
    else:
        source = f"{PREFIX}{name.upper()}"
        value = os.environ.get(source, value)
    return f"{source} is {errors.shown(str(value))}; it must be {may_be(name)}"
