"""The command line: `segraph serve`, `demo`, `import`, `export`, `schema`."""

from __future__ import annotations

import asyncio
import logging
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from graph.errors import SegraphError
from resolvers.schema import graphql_schema
from server import serving
from server.demo import command as demo
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
Port = Annotated[int | None, typer.Option("--port", help="The port to listen on; 0 takes a free one")]
Graph = Annotated[
    str | None, typer.Option("--graph", help="A Neo4j, such as bolt://localhost:7687")
]
Data = Annotated[
    Path | None, typer.Option("--data", help="The folder of the Neo4j of our own")
]
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
    run(serving.serve(settings, lambda started: announce(started)))


@app.command("demo")
def demo_(
    *,
    host: Host = None,
    port: Port = None,
    graph: Graph = None,
    data: Data = None,
    what: Annotated[
        demo.DataSet, typer.Option("--data-set", "--data", help="What to load")
    ] = demo.DataSet.STORY,
    still: Annotated[bool, typer.Option("--still", help="Let no new events arrive")] = False,
) -> None:
    """Serve a shop that looks like yours, with new events arriving."""
    raise NotImplementedError


@app.command()
def schema() -> None:
    """Print the GraphQL schema."""
    sys.stdout.write(graphql_schema().as_str() + "\n")
