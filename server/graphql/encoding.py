"""An answer as JSON, whatever it holds."""

from __future__ import annotations

import json
from typing import cast

import msgspec

_encode = msgspec.json.Encoder().encode


def encoded(data: object) -> str:
    """Return data as JSON on one line; what is no finite number is null."""
    try:
        return _encode(data).decode()
    except (UnicodeError, OverflowError, RecursionError, msgspec.MsgspecError):
        # Half a surrogate pair or a huge number, of the client's own words in a message.
        spelt = json.dumps(data)
        return json.dumps(json.loads(spelt, parse_constant=_null), separators=(",", ":"))


def _null(name: str) -> object:
    del name
    return cast("object", None)
