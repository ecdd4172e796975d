"""Why a graph cannot be reached, and what helps, in our words rather than the driver's."""

from __future__ import annotations

import socket
import ssl
from typing import TYPE_CHECKING, Final, cast

if TYPE_CHECKING:
    from collections.abc import Iterator

OLDEST: Final = (5, 26)

# The first that fits anything in the chain of causes; a text is a piece of the driver's message.
_WHY: Final[tuple[tuple[type[BaseException] | str, str], ...]] = (
    (
        ssl.SSLCertVerificationError,
        "shows a certificate that is not trusted here; an address with +ssc takes any",
    ),
    ("encrypted connection", "takes no TLS: leave the +s or +ssc out of its address"),
    (socket.gaierror, "does not answer: nobody knows a machine of that name; mend the address"),
    (
        ConnectionRefusedError,
        "does not answer: nothing listens there; start it, or mend the address",
    ),
    (
        "looks like HTTP",
        "speaks HTTP: give the port of Bolt, which is 7687 where nobody changed it",
    ),
    (
        "does not support communication",
        "speaks no Bolt that is known here: it is no Neo4j, or one before 5.26",
    ),
    (
        "handshake",
        "hangs up before a word of Bolt: it is no Neo4j, or it wants TLS, an address with +s",
    ),
    (ConnectionError, "does not answer: the connection was cut"),
    (EOFError, "does not answer: the connection was cut"),
)


def why(error: BaseException) -> str:
    """Return what is to be said after the graph's name."""
    causes = tuple(_causes(error))
    for sign, words in _WHY:
        if any(sign in str(e) if isinstance(sign, str) else isinstance(e, sign) for e in causes):
            return words
    # What the graph itself says, or what the system does; of the driver's own words one line.
    told = getattr(error, "message", None) or getattr(error, "strerror", None) or str(error)
    return f"does not answer: {str(told).partition(chr(10))[0] or type(error).__name__}"


_REFUSED: Final = (
    (
        "Security.AuthenticationRateLimit",
        (
            "refuses the user for a while, after too many wrong passwords: wait some seconds, and "
            "set SEGRAPH_PASSWORD"
        ),
    ),
    (
        "Security.CredentialsExpired",
        (
            "wants its first password changed: run `ALTER CURRENT USER SET PASSWORD FROM … TO …` "
            "there, then set SEGRAPH_PASSWORD"
        ),
    ),
    (
        "ClientError.Security.",
        "refuses the user or the password; set SEGRAPH_USER and SEGRAPH_PASSWORD",
    ),
    ("DatabaseNotFound", "has no database {database!r}; set SEGRAPH_DATABASE"),
)


def refused(code: str, database: str) -> str | None:
    """Return what is to be said of a graph whose code means that it lets nobody in."""
    return next((words.format(database=database) for part, words in _REFUSED if part in code), None)


def too_old(name: str, version: str) -> str | None:
    """Return what is to be said of a graph whose version is not supported."""
    if _release(version) >= OLDEST:
        return None
    least = ".".join(map(str, OLDEST))
    return f"is {name}/{version}; Segraph needs Neo4j {least} LTS or a calendar version"


def _release(version: str) -> tuple[int, int]:
    major, _, rest = version.partition(".")
    minor = rest.partition(".")[0]
    return (int(major) if major.isdigit() else 0, int(minor) if minor.isdigit() else 0)


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        if isinstance(error, BaseExceptionGroup):
            for inner in cast("BaseExceptionGroup[BaseException]", error).exceptions:
                yield from _causes(inner)
        error = error.__cause__ or error.__context__
