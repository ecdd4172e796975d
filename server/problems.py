"""Errors over plain HTTP, as RFC 9457 has them."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Final, cast

from starlette.responses import Response

from graph import errors
from server import faults
from server.bodies import UnknownMedia
from server.graphql.encoding import encoded
from server.limited import TooSlow

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.exceptions import HTTPException
    from starlette.requests import Request

MEDIA: Final = "application/problem+json"
_COME_AGAIN: Final = 503
_TOO_SLOW: Final = 408
_NO_SUCH_PATH: Final = 404
_NO_SUCH_METHOD: Final = 405
_STATUS: Final[Mapping[type[errors.SegraphError], int]] = {
    errors.TooMuch: 413,
    UnknownMedia: 415,
    TooSlow: _TOO_SLOW,
    errors.SegmentNotFound: _NO_SUCH_PATH,
    errors.SegmentNotLive: 409,
    errors.BadInput: 400,
    errors.Busy: _COME_AGAIN,
    errors.NotOwner: _COME_AGAIN,
    errors.GraphUnavailable: _COME_AGAIN,
    errors.GraphTooSlow: _COME_AGAIN,
}


def problem(error: errors.SegraphError, **more: object) -> Response:
    """Return an error, with further members that tell what was done before it; log a fault."""
    status = next((code for kind, code in _STATUS.items() if isinstance(error, kind)), 500)
    code = error.reason if isinstance(error, errors.BadInput) else error.code
    message = error.message
    if isinstance(error, errors.Fault):
        message, more = faults.MESSAGE, {"requestId": faults.logged(error), **more}
    headers: dict[str, str] = {}
    if status == _COME_AGAIN:
        wait = error.retry_after if isinstance(error, errors.Busy) else 1.0
        headers["Retry-After"] = str(max(1, round(wait)))
    if status == _TOO_SLOW:
        headers["Connection"] = "close"
    return _answer(status, code, message, headers, **more)


async def not_served(request: Request, error: Exception) -> Response:
    """Answer a request for what is not there, or that is not taken there, with what is."""
    refused = cast("HTTPException", error)
    path = errors.shown(request.url.path)
    message = str(refused.detail)
    if refused.status_code == _NO_SUCH_PATH:
        paths = (route.path for route in request.app.routes if "{" not in route.path)
        message = f"Nothing is served at {path}; there are {', '.join(dict.fromkeys(paths))}"
    elif refused.status_code == _NO_SUCH_METHOD:
        taken = (refused.headers or {}).get("Allow", "")
        message = f"{path} is not asked by {request.method}, but by {taken}"
    code = HTTPStatus(refused.status_code).name
    return _answer(refused.status_code, code, message, refused.headers or {})


async def failed(request: Request, error: Exception) -> Response:
    """Answer a request that met what nobody foresaw."""
    del request
    fault = errors.Fault(str(error))
    fault.__cause__ = error
    return problem(fault)


def _answer(
    status: int, code: str, message: str, headers: Mapping[str, str], **more: object
) -> Response:
    body = {"title": message, "status": status, "code": code, "message": message, **more}
    return Response(encoded(body), status, dict(headers), media_type=MEDIA)
