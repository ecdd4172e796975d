"""Faults: logged under an id that the client is told, so that one finds the other."""

from __future__ import annotations

import logging
import secrets
from typing import Final

_log = logging.getLogger(__name__)

MESSAGE: Final = "Internal error"
"""All that a client reads of a fault, beside its id."""


def logged(error: BaseException | None) -> str:
    """Log what nobody foresaw, and return the id of the request that it is logged under."""
    request = secrets.token_hex(8)
    _log.error("request %s failed", request, exc_info=error)
    return request
