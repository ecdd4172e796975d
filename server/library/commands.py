"""The commands `segraph segments list` and `segraph segments show`."""

from __future__ import annotations

import json
import sys
from typing import Annotated, NoReturn

import typer

from graph import conditions
from graph.errors import BadInput, SegraphError
from server.library import library, ready

Key = Annotated[str, typer.Argument(metavar="KEY", help="The key of a ready segment")]
Given = Annotated[
    list[str] | None,
    typer.Option(
        "--parameter", "-p", metavar="NAME=VALUE", help="A value in place of the default; repeat it"
    ),
]
Json = Annotated[bool, typer.Option("--json", help="Print the result as JSON")]

segments = typer.Typer(help="Ready segments: what there is, and what each says.")


@segments.command("list")
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


@segments.command("show")
def show(key: Key, *, given: Given = None, as_json: Json = False) -> None:
    """Print a ready segment's sentence and its definition, as `audience` takes it."""
    try:
        segment = ready(key)
        where = segment.definition(segment.read(dict(map(_pair, given or ()))))
        text = conditions.read(where).text()
    except SegraphError as error:
        _fail(error)
    if as_json:
        told = {"key": key, "name": segment.name, "text": text, "definition": where}
        _print(json.dumps(told))
    else:
        _print(f"{segment.name}: {text}\n{json.dumps(where, indent=2)}")


def _pair(text: str) -> tuple[str, str]:
    name, is_there, value = text.partition("=")
    if not is_there:
        raise BadInput(f"-p is {text!r}; it must be NAME=VALUE")
    return name, value


def _print(text: str) -> None:
    sys.stdout.write(text + "\n")


def _fail(error: SegraphError) -> NoReturn:
    sys.stderr.write(f"segraph: {error.message}\n")
    raise SystemExit(2)
