"""Secrets by which a receiver knows that a post is ours."""

from __future__ import annotations

import base64
import binascii
import secrets
from typing import Final

from graph import errors

PREFIX: Final = "whsec_"
_BYTES: Final = 32
_LEAST, _MOST = 24, 64


def made() -> str:
    """Return a new secret."""
    return _written(secrets.token_bytes(_BYTES))


def read(raw: str) -> str:
    """Return a secret that was given, in its usual form.

    Raises:
        BadInput: it is none; its value is not told again.
    """
    try:
        key = base64.b64decode(raw.removeprefix(PREFIX), validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if not raw.startswith(PREFIX) or not _LEAST <= len(key) <= _MOST:
        raise errors.BadInput(
            f"A secret is {PREFIX} and {_LEAST} to {_MOST} bytes in base64; leave it out to have "
            "one made",
            "secret",
        )
    return _written(key)


def _written(key: bytes) -> str:
    return PREFIX + base64.b64encode(key).decode()
