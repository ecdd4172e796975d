"""Errors over plain HTTP, as RFC 9457 has them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from starlette.responses import Response

from graph import errors
from server import faults
from server.bodies import UnknownMedia
from server.graphql.encoding import encoded
from server.limited import TooSlow

if TYPE_CHECKING:
    from collections.abc import Mapping

MEDIA: Final = "application/problem+json"
_COME_AGAIN: Final = 503
_TOO_SLOW: Final = 408
_STATUS: Final[Mapping[type[errors.SegraphError], int]] = {
    errors.TooMuch: 413,
    UnknownMedia: 415,
    TooSlow: _TOO_SLOW,
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
    body = {"title": message, "status": status, "code": code, "message": message, **more}
    headers: dict[str, str] = {}
    if status == _COME_AGAIN:
        wait = error.retry_after if isinstance(error, errors.Busy) else 1.0
        headers["Retry-After"] = str(max(1, round(wait)))
    if status == _TOO_SLOW:
        headers["Connection"] = "close"
    return Response(encoded(body), status, headers, media_type=MEDIA)
