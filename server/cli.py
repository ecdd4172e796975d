"""The command line: `segraph serve`, `demo`, `import`, `export`, `schema`."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn, cast

import typer
from rich.console import Console
from rich.progress import Progress

from graph.errors import SegraphError
from resolvers.schema import graphql_schema
from server import serving
from server.demo import command as demo
from server.demo import complete_journey
from server.logs import set_up
from server.settings import Settings
from server.transfer.commands import export_all, import_files

if TYPE_CHECKING:
    from collections.abc import Coroutine

app = typer.Typer(
    name="segraph",
    help="Segments over a graph: who did what, when, and about what.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
app.command("import")(import_files)
app.command("export")(export_all)

_stderr = Console(stderr=True, highlight=False)

Host = Annotated[str | None, typer.Option("--host", help="Where to listen")]
Port = Annotated[int | None, typer.Option("--port", help="The port to listen on")]
Graph = Annotated[
    str | None, typer.Option("--graph", help="A Neo4j, such as bolt://localhost:7687")
]
Data = Annotated[Path | None, typer.Option("--data", help="The folder of the Neo4j of our own")]
DataSetOrFolder = Annotated[demo.DataSet, typer.Option("--data", help="Which data to show")]
Folder = Annotated[Path, typer.Option("--folder", help="Where the demo's graph lives")]
Clock = Annotated[
    str | None, typer.Option("--clock", help="Where the engine's clock starts, RFC 3339")
]


@app.command()
def serve(
    *,
    host: Host = None,
    port: Port = None,
    graph: Graph = None,
    data: Data = None,
    clock: Clock = None,
) -> None:
    """Serve the API and GraphiQL, on a Neo4j of our own or at an address."""
    settings = _settings(host=host, port=port, graph=graph, data=data, clock=clock)
    _run(serving.serve(settings, _announce))


@app.command("demo")
def show(
    *,
    host: Host = None,
    port: Port = None,
    graph: Graph = None,
    data: DataSetOrFolder = demo.DataSet.STORY,
    folder: Folder = Path(".data"),
    still: Annotated[bool, typer.Option("--still", help="Let no new events arrive")] = False,
) -> None:
    """Serve a shop that looks like yours, with new events arriving."""
    clock = complete_journey.CLOCK if data is demo.DataSet.COMPLETE_JOURNEY else None
    settings = _settings(host=host, port=port, graph=graph, data=folder / data.value, clock=clock)

    async def prepared(started: serving.Serving) -> None:
        with Progress(console=_stderr) as bar:
            task = bar.add_task("loading", total=None)
            await demo.load(
                started.segmentation, data, lambda done: bar.update(task, completed=done)
            )
        _announce(started)
        if data is demo.DataSet.STORY and not still:
            await demo.go_on(started.segmentation)

    _run(serving.serve(settings, prepared))


@app.command()
def schema() -> None:
    """Print the GraphQL schema."""
    sys.stdout.write(graphql_schema().as_str() + "\n")


def _settings(**options: object) -> Settings:
    try:
        settings = Settings.load(**options)
    except SegraphError as error:
        _fail(error)
    set_up(settings)
    return settings


def _announce(started: serving.Serving) -> None:
    sys.stdout.write(f"segraph ready on {started.url} (graph: {started.graph})\n")
    sys.stdout.flush()


def _run(work: Coroutine[None, None, None]) -> None:
    try:
        asyncio.run(work)
    except* SegraphError as group:
        _fail(_first(group))
    except* KeyboardInterrupt:
        raise SystemExit(130) from None


def _first(error: BaseException) -> SegraphError:
    """Return the error itself out of the groups around it."""
    while isinstance(error, BaseExceptionGroup):
        error = cast("BaseExceptionGroup[BaseException]", error).exceptions[0]
    return error if isinstance(error, SegraphError) else SegraphError(str(error))


def _fail(error: SegraphError) -> NoReturn:
    _stderr.print(f"segraph: {error.message}")
    raise SystemExit(2)


def main() -> None:
    """Run the command that was typed."""
    app()
