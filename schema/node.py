"""Global ids: an opaque name for anything that can be asked for by `node`."""

from __future__ import annotations

import base64
import binascii
from typing import TypeAlias

import strawberry
from strawberry.types import Info as StrawberryInfo

from graph import errors
from schema.context import Context

Info: TypeAlias = StrawberryInfo[Context, None]


@strawberry.interface(description="Anything that has a global id.")
class Node:
    """Anything that has a global id."""

    id: strawberry.ID = strawberry.field(description="Opaque, and the same for ever.")


def global_id(kind: str, key: str) -> strawberry.ID:
    """Return the id of something by its type's name and its key."""
    return strawberry.ID(base64.urlsafe_b64encode(f"{kind}:{key}".encode()).decode().rstrip("="))


def named_by(id_: str) -> tuple[str, str]:
    """Return the type's name and the key that an id stands for.

    Raises:
        BadInput: it is no id of ours.
    """
    try:
        text = base64.b64decode(id_ + "=" * (-len(id_) % 4), altchars=b"-_", validate=True)
        kind, colon, key = text.decode().partition(":")
    except (binascii.Error, ValueError):
        kind = colon = key = ""
    if not colon or not kind:
        raise errors.BadInput(
            "The id was not given out by this API: pass an `id` of an answer", "id"
        )
    return kind, key
