"""Members of a saved segment as a file: `GET /export/segments/{key}.csv`, or `.ndjson`."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

import msgspec
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from graph import errors, times
from graph.values import to_json
from server.bodies import NDJSON
from server.problems import problem

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Iterable, Sequence

    from starlette.requests import Request

    from graph.segmentation import Segmentation
    from graph.snapshot import Page, Rollcall
    from graph.values import Stored

CSV: Final = "text/csv; charset=utf-8; header=present"
AS_OF: Final = "Segraph-As-Of"
CURSOR: Final = "Segraph-Cursor"
_OWN: Final = ("key", "since")
_FORMULAS: Final = frozenset("=+-@\t\r\n＝＋－＠")  # noqa: RUF001 - the wide ones begin a formula too
"""What a text begins with that a spreadsheet runs; OWASP's list."""
_encode = msgspec.json.Encoder().encode


class UnknownFormat(errors.BadInput):
    """The file is of a format that members are not written in."""


def routes(segmentation: Segmentation) -> list[Route]:
    """Return the endpoint."""

    async def give(request: Request) -> Response:
        """Stream the members of one segment."""
        file: str = request.path_params["file"]
        key, dot, ending = file.rpartition(".")
        try:
            if not dot or ending not in {"csv", "ndjson"}:
                raise UnknownFormat(
                    f"{errors.shown(request.url.path)} ends in no format that members are written "
                    "in: .csv or .ndjson"
                )
            roll = await segmentation.rollcall(key)
            written = _csv(roll) if ending == "csv" else _lines
            first = None if request.method == "HEAD" else written(await anext(roll.pages))
        except errors.SegraphError as error:
            return problem(error)
        body = () if first is None else _streamed(first, roll.pages, written)
        media = CSV if ending == "csv" else NDJSON
        return StreamingResponse(body, headers=_headers(roll, file), media_type=media)

    packed = Middleware(GZipMiddleware, compresslevel=6)
    return [Route("/export/segments/{file:path}", give, methods=["GET"], middleware=[packed])]


def _headers(roll: Rollcall, file: str) -> dict[str, str]:
    """Return the name, up to when all is in the file, and the cursor of the changes that follow."""
    return {
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(file, safe='')}",
        AS_OF: times.instant_text(roll.as_of),
        CURSOR: roll.place.cursor,
    }


async def _streamed(
    first: bytes, pages: AsyncGenerator[Page], written: Callable[[Page], bytes]
) -> AsyncGenerator[bytes]:
    yield first
    async for page in pages:
        yield written(page)


def _lines(page: Page) -> bytes:
    return b"".join(
        _encode(
            {
                "key": contact.key,
                "since": times.instant_text(page.since[contact.key]),
                "traits": {name: to_json(value) for name, value in contact.traits.items()},
            }
        )
        + b"\n"
        for contact in page.members
    )


def _csv(roll: Rollcall) -> Callable[[Page], bytes]:
    """Return what writes pages, the first one below the names of the columns."""
    told = io.StringIO()
    table = csv.writer(told)
    table.writerow(_row([*_OWN, *_columns(roll.traits)]))

    def written(page: Page) -> bytes:
        for contact in page.members:
            since = times.instant_text(page.since[contact.key])
            traits = (_cell(contact.traits.get(name)) for name in roll.traits)
            table.writerow(_row([contact.key, since, *traits]))
        text = told.getvalue()
        told.seek(0)
        told.truncate()
        return text.encode()

    return written


def _columns(traits: Sequence[str]) -> list[str]:
    """Return the names of traits; one that is called as a column of ours says what it is."""
    return [f"traits.{name}" if name in _OWN else name for name in traits]


def _cell(value: Stored | None) -> object:
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case int() | float() | str():
            return value
        case _:
            told = to_json(value)
            return told if isinstance(told, str) else _encode(told).decode()


def _row(cells: Iterable[object]) -> list[object]:
    """Return cells, texts that a spreadsheet would run behind a quote that makes them text."""
    return [
        f"'{cell}" if isinstance(cell, str) and cell[:1] in _FORMULAS else cell for cell in cells
    ]
