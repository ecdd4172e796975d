"""The commands `segraph segments list`, `show` and `add`."""

from __future__ import annotations

import dataclasses
import json
import sys
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from graph import conditions
from graph.errors import BadInput, SegraphError
from server.library import library, ready
from server.library.adding import Shelf, Wish
from server.settings import Settings
from server.transfer import target, wire
from server.transfer.commands import Data, Graph, Json, Seconds, Url  # noqa: TC001 - typer reads
from server.transfer.display import Display
from server.transfer.wire import Patience

if TYPE_CHECKING:
    from server.library import Ready

# Hidden, as a help that lists an argument names its type in Python.
Key = Annotated[str, typer.Argument(metavar="KEY", hidden=True)]
Given = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="NAME=VALUE", help="A value in place of a default; repeat it"),
]
As = Annotated[
    str | None,
    typer.Option("--as", metavar="KEY", help="The key to save it under; else its own"),
]
Name = Annotated[
    str | None,
    typer.Option("--name", metavar="NAME", help="The name to save it with; else its own"),
]
Replace = Annotated[
    bool,
    typer.Option("--replace", help="Save it as the next revision where there is another already"),
]

segments = typer.Typer(help="Ready segments: what there is, what each says, and saving one.")


@segments.command("list", short_help="List the ready segments, with their parameters.")
def every(*, as_json: Json = False) -> None:
    """List the ready segments, each with its parameters and their defaults."""
    if as_json:
        told = [
            {
                "key": each.key,
                "name": each.name,
                "description": each.description,
                "parameters": each.parameters,
            }
            for each in library().values()
        ]
        _print(json.dumps(told))
        return
    for each in library().values():
        parameters = " ".join(f"{name}={value}" for name, value in each.parameters.items())
        _print(f"{each.key}  {each.description}{f'  [{parameters}]' if parameters else ''}")


@segments.command("show", short_help="Print a ready segment's sentence and definition.")
def show(key: Key, *, given: Given = None, as_json: Json = False) -> None:
    """Print the sentence of the ready segment KEY and its definition, as `audience` takes it."""
    try:
        segment = ready(key)
        where = segment.definition(_values(segment, given))
        text = conditions.read(where).text()
    except SegraphError as error:
        _fail(error)
    if as_json:
        told = {"key": key, "name": segment.name, "text": text, "definition": where}
        _print(json.dumps(told))
    else:
        _print(f"{segment.name}: {text}\n{json.dumps(where, indent=2)}")


@segments.command("add", short_help="Save a ready segment on the server.")
def add(  # noqa: PLR0913 - a command's options are its parameters
    key: Key,
    *,
    given: Given = None,
    saved_as: As = None,
    name: Name = None,
    replace: Replace = False,
    url: Url = None,
    data: Data = None,
    graph: Graph = None,
    patience: Seconds = 60,
    as_json: Json = False,
) -> None:
    """Save the ready segment KEY on the server, and before it the ready ones that it uses.

    What is there with the same definition is left as it is; another one of that key is replaced
    only when asked to.
    """
    try:
        segment = ready(key)
        values = _values(segment, given)
        wish = Wish(segment, values, saved_as or key, name or segment.name, replace)
        conditions.read(segment.definition(values))
        settings = Settings.load(url=url, data=data, graph=graph)
        with (
            Display() as display,
            target.server(settings, display) as found,
            wire.connected(found.url) as client,
        ):
            added = list(Shelf(client, Patience(patience, display.say)).add(wish))
    except SegraphError as error:
        _fail(error)
    if as_json:
        _print(json.dumps([dataclasses.asdict(each) for each in added]))
    else:
        for each in added:
            _print(f"{each.key} {each.outcome} (revision {each.revision}): {each.text}")


def _values(segment: Ready, given: list[str] | None) -> dict[str, str | int | float]:
    return dict(segment.read(dict(map(_pair, given or ()))))


def _pair(text: str) -> tuple[str, str]:
    name, is_there, value = text.partition("=")
    if not is_there:
        raise BadInput(f"--set is {text!r}; it must be NAME=VALUE")
    return name, value


def _print(text: str) -> None:
    sys.stdout.write(text + "\n")


def _fail(error: SegraphError) -> NoReturn:
    place = ".".join(map(str, error.path)) if isinstance(error, BadInput) else ""
    sys.stderr.write(f"segraph: {error.message}{f' (at {place})' if place else ''}\n")
    raise SystemExit(2)
