"""Health: is the process alive, and can it be asked and told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from graph import errors
from server import faults

if TYPE_CHECKING:
    from starlette.requests import Request

    from graph.segmentation import Segmentation


def routes(segmentation: Segmentation) -> list[Route]:
    """Return the endpoints: `/livez` of the process alone, `/readyz` of the graph and writer."""

    async def alive(request: Request) -> Response:
        del request
        return JSONResponse({"alive": True})

    async def ready(request: Request) -> Response:
        del request
        reason = await _reason(segmentation)
        return JSONResponse(
            {"ready": reason is None, "reason": reason}, 200 if reason is None else 503
        )

    return [Route("/livez", alive), Route("/readyz", ready)]


async def _reason(segmentation: Segmentation) -> str | None:
    """Return why the server is not ready; None where it is."""
    try:
        await segmentation.database.engine()
    except errors.Fault as error:
        return f"{faults.MESSAGE}; request {faults.logged(error)}"
    except errors.SegraphError as error:
        return error.message
    refusal = segmentation.refusal
    return None if refusal is None else refusal.message
