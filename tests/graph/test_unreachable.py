"""Why a graph cannot be reached is told in our words, each cause apart from the others."""

from __future__ import annotations

import asyncio
import ssl
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from graph import errors, unreachable
from graph.database import Database
from tests.graph.refusing import refusal

if TYPE_CHECKING:
    from tests.engine import Running

pytestmark = [pytest.mark.usefixtures("collected")]

NO_BOLT = "speaks no Bolt that is known here: it is no Neo4j, or one before 5.26"
HANGS_UP = "hangs up before a word of Bolt: it is no Neo4j, or it wants TLS, an address with +s"
HTTP = "speaks HTTP: give the port of Bolt, which is 7687 where nobody changed it"


@pytest.mark.parametrize("scheme", ["bolt", "neo4j"])
@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (b"HTTP/1.1 400 Bad Request\r\n\r\n", HTTP),
        (b"\x00\x00\x00\x00", NO_BOLT),
        (b"SSH-2.0-x\r\n", NO_BOLT),
        (b"", HANGS_UP),
    ],
)
async def test_something_else_answers(scheme: str, answer: bytes, told: str) -> None:
    """Whatever is no Neo4j is told to be none, with what may be meant."""

    async def answered(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer as no graph does."""
        await reader.read(20)
        writer.write(answer)
        writer.close()
        await writer.wait_closed()

    server = await asyncio.start_server(answered, "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        address = f"{scheme}://127.0.0.1:{port}"
        error = await refusal(Database(address))

    assert isinstance(error, errors.GraphUnavailable)
    assert error.message == f"The graph at {address} {told}"


async def test_nobody_has_the_name() -> None:
    """A machine that no name server knows is told apart from one that is down."""
    error = await refusal(Database("bolt://nowhere.invalid:7687"))

    assert error.message == (
        "The graph at bolt://nowhere.invalid:7687 does not answer: nobody knows a machine of that "
        "name; mend the address"
    )


@pytest.mark.engine
@pytest.mark.parametrize("scheme", ["bolt+s", "bolt+ssc", "neo4j+s"])
async def test_a_graph_without_tls(neo4j: Running, scheme: str) -> None:
    """An address that asks for TLS where there is none says which part of it to drop."""
    address = neo4j.address.replace("bolt", scheme)
    error = await refusal(Database(address, neo4j.user, neo4j.password))

    assert error.message == (
        f"The graph at {address} takes no TLS: leave the +s or +ssc out of its address"
    )


@pytest.fixture
def certificate() -> ssl.SSLContext:
    """Give what a server shows that nobody has vouched for."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(Path(__file__).with_name("nobodys.pem"))
    return context


@pytest.mark.parametrize(
    ("scheme", "told"),
    [
        ("bolt", HANGS_UP),
        (
            "bolt+s",
            "shows a certificate that is not trusted here; an address with +ssc takes any",
        ),
        ("bolt+ssc", HANGS_UP),
    ],
)
async def test_a_server_with_tls(certificate: ssl.SSLContext, scheme: str, told: str) -> None:
    """TLS that the address does not ask for, and a certificate of nobody, are told apart."""

    async def answered(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Say over TLS that no version of Bolt is spoken."""
        await reader.read(20)
        writer.write(b"\x00\x00\x00\x00")
        writer.close()

    server = await asyncio.start_server(answered, "127.0.0.1", 0, ssl=certificate)
    async with server:
        address = f"{scheme}://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        error = await refusal(Database(address))

    assert error.message == f"The graph at {address} {told}"


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (ConnectionResetError(), "does not answer: the connection was cut"),
        (asyncio.IncompleteReadError(b"", 4), "does not answer: the connection was cut"),
        (OSError(113, "No route to host"), "does not answer: No route to host"),
        (RuntimeError("Not now\nbut then"), "does not answer: Not now"),
        (RuntimeError(), "does not answer: RuntimeError"),
    ],
    ids=repr,
)
def test_other_causes_are_told_in_a_line(error: Exception, told: str) -> None:
    """What the system says is passed on, and of a longer text the first line."""
    assert unreachable.why(error) == told


@pytest.mark.parametrize(
    ("code", "told"),
    [
        (
            "Neo.ClientError.Security.Unauthorized",
            "refuses the user or the password; set SEGRAPH_USER and SEGRAPH_PASSWORD",
        ),
        (
            "Neo.ClientError.Security.AuthenticationRateLimit",
            (
                "refuses the user for a while, after too many wrong passwords: wait some seconds, "
                "and set SEGRAPH_PASSWORD"
            ),
        ),
        (
            "Neo.ClientError.Security.CredentialsExpired",
            (
                "wants its first password changed: run `ALTER CURRENT USER SET PASSWORD FROM … TO "
                "…` there, then set SEGRAPH_PASSWORD"
            ),
        ),
        (
            "Neo.ClientError.Database.DatabaseNotFound",
            "has no database 'shop'; set SEGRAPH_DATABASE",
        ),
        ("Neo.ClientError.Statement.SyntaxError", None),
    ],
)
def test_who_is_not_let_in_is_told_the_setting(code: str, told: str | None) -> None:
    """Each code of a graph that refuses us has its way out; any other code is none of them."""
    assert unreachable.refused(code, "shop") == told
