"""Which server an import or an export talks to."""

from __future__ import annotations

import os
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from server.transfer.failures import WrongOption

if TYPE_CHECKING:
    from collections.abc import Generator

VARIABLE: Final = "SEGRAPH_URL"
DEFAULT: Final = "http://127.0.0.1:8000"


def server_url(url: str | None) -> str:
    """Return the server's address: the option, else the variable, else this machine's.

    Raises:
        WrongOption: it is no http or https address.
    """
    name, given = ("--url", url) if url else (VARIABLE, os.environ.get(VARIABLE) or DEFAULT)
    try:
        parts = urlsplit(given)
        right = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        right = False
    if not right:
        raise WrongOption(f"{name} is '{given}'; it must be an address such as {DEFAULT}")
    return given.rstrip("/")


@contextmanager
def server(url: str | None) -> Generator[str]:
    """Give the address of a server that runs for as long as the block."""
    yield server_url(url)
