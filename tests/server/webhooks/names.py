"""A real server of names: it answers by a script, and of some names not at all."""

from __future__ import annotations

import asyncio
import ipaddress
import struct
from collections.abc import Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from server.webhooks.addresses import GuardedResolver

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

_A: Final = 1
_SERVFAIL: Final = 2


@dataclass(slots=True)
class Names(asyncio.DatagramProtocol):
    """Answers with the addresses of a name, those of the first answer first; the last one stays.

    A name without an answer is never answered.
    """

    answers: Mapping[str, Sequence[Sequence[str]]]
    asked: list[str] = field(default_factory=list[str])
    _transport: asyncio.DatagramTransport | None = None

    def connection_made(self, transport: asyncio.DatagramTransport) -> None:  # pyright: ignore[reportIncompatibleMethodOverride]
        """Keep where to answer."""
        self._transport = transport

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:  # pyright: ignore[reportIncompatibleMethodOverride]
        """Answer a question."""
        name, kind, question = _question(data)
        answers = self.answers.get(name, ())
        if answers and self._transport is not None:
            found: Sequence[str] = ()
            if kind == _A:
                found = answers[min(self.asked.count(name), len(answers) - 1)]
                self.asked.append(name)
            head = data[:2] + struct.pack("!HHHHH", 0x8180, 1, len(found), 0, 0)
            records = [_record(each) for each in found]
            self._transport.sendto(head + question + b"".join(records), addr)


@asynccontextmanager
async def naming(
    answers: Mapping[str, Sequence[Sequence[str]]],
) -> AsyncGenerator[tuple[Names, GuardedResolver]]:
    """Serve names for as long as the block; give who asks this server alone."""
    names = Names(answers)
    transport, _ = await asyncio.get_running_loop().create_datagram_endpoint(
        lambda: names, ("127.0.0.1", 0)
    )
    port = transport.get_extra_info("sockname")[1]
    resolver = GuardedResolver(nameservers=[f"127.0.0.1:{port}"], timeout=5, tries=1)
    try:
        yield names, resolver
    finally:
        await resolver.close()
        transport.close()


def _question(data: bytes) -> tuple[str, int, bytes]:
    """Return the name that is asked for, of which kind, and the question as it came."""
    rest, labels = data[12:], list[str]()
    while rest[0]:
        labels.append(rest[1 : rest[0] + 1].decode())
        rest = rest[rest[0] + 1 :]
    length = len(data) - len(rest) + 5
    return ".".join(labels).lower(), int.from_bytes(rest[1:3]), data[12:length]


def _record(address: str) -> bytes:
    """Return an address of the name that was asked for, to be forgotten at once."""
    packed = ipaddress.ip_address(address).packed
    return b"\xc0\x0c" + struct.pack("!HHIH", _A, 1, 0, len(packed)) + packed
