"""Opaque cursors: a position in one list, bound to what the list is of."""

from __future__ import annotations

import base64
import hashlib
from typing import TYPE_CHECKING

import msgspec

from graph import errors, values

if TYPE_CHECKING:
    from collections.abc import Sequence

Position = list[str | int]


def cursor(of: object, position: Sequence[str | int]) -> str:
    """Return the cursor of a position in the list of something that JSON can say."""
    packed = msgspec.json.encode([_digest(of), *position])
    return base64.urlsafe_b64encode(packed).decode().rstrip("=")


def position(of: object, text: str, types: Sequence[type]) -> Position:
    """Return the position that a cursor of the same list stands for.

    Raises:
        InvalidCursor: it was made by another list, or by nobody.
    """
    try:
        packed = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
        digest, *found = msgspec.json.decode(packed, type=Position)
    except (ValueError, msgspec.MsgspecError):
        raise errors.InvalidCursor(_REFUSED, "after") from None
    told = digest == _digest(of) and [type(each) for each in found] == list(types)
    if not told or any(isinstance(each, int) and not values.fits(each) for each in found):
        raise errors.InvalidCursor(_REFUSED, "after")
    return found


_REFUSED = "The cursor was not made by this list: pass an endCursor of the same list, or none"


def _digest(of: object) -> str:
    packed = msgspec.json.encode(of, order="deterministic")
    return hashlib.sha256(packed).hexdigest()[:16]
