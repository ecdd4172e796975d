"""Which addresses are posted to: public ones only, whatever a name or a spelling leads to.

A URL is checked when a webhook is made, and what it leads to again with each connection: all that
its name resolves to, and the very address of the socket, so that no spelling, no literal and no
name that is rebound leads inside. Hosts that a setting names are trusted, for development.
"""

from __future__ import annotations

import asyncio
import ipaddress
import socket
from typing import TYPE_CHECKING, Final, TypeAlias

from aiohttp import AsyncResolver
from yarl import URL

from graph import errors

if TYPE_CHECKING:
    from collections.abc import Collection

    from aiohttp.abc import ResolveResult

Address: TypeAlias = ipaddress.IPv4Address | ipaddress.IPv6Address
AddressInfo: TypeAlias = "tuple[int | socket.AddressFamily, int | socket.SocketKind, int, str, tuple[str | int | bytes, ...]]"  # noqa: E501 - as aiohttp names it

LONGEST: Final = 2000
_SECONDS: Final = 5.0
_HTTPS: Final = 443
_SPECIAL: Final = tuple(
    map(
        ipaddress.ip_network,
        (
            *("0.0.0.0/8", "192.0.0.0/24", "192.88.99.0/24", "240.0.0.0/4"),
            *("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20"),
        ),
    )
)
"""Those that are not told from public ones by Python's own lists, of 3.11 on."""
_UNICAST: Final = ipaddress.ip_network("2000::/3")


class Forbidden(OSError):
    """A name or a socket leads to an address that is not public."""


class GuardedResolver(AsyncResolver):
    """Resolves names, and refuses one of whose addresses any is not public.

    A name whose servers do not answer occupies no thread, so that others are resolved meanwhile.
    """

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """Return the addresses of a name; raises Forbidden."""
        for each in _spelt(host):
            check_public(each)
        found = await super().resolve(host, port, family)
        for each in found:
            check_public(each["host"])
        return found


def guarded_socket(info: AddressInfo) -> socket.socket:
    """Return a socket for the very address that is connected to; raises Forbidden."""
    family, kind, protocol, _, address = info
    check_public(str(address[0]))
    return socket.socket(family, kind, protocol)


def check_public(text: str) -> None:
    """Refuse an address that is private, loopback, link-local or otherwise special.

    Raises:
        Forbidden: it is.
    """
    if not public(ipaddress.ip_address(text.partition("%")[0])):
        message = f"{text} is not a public address"
        raise Forbidden(message)


def public(address: Address) -> bool:
    """Tell whether an address is one that anybody on the Internet may have.

    Of IPv6 only global unicast is; what holds an IPv4 address, mapped or translated, is not.
    """
    if any(address in network for network in _SPECIAL if network.version == address.version):
        return False
    if isinstance(address, ipaddress.IPv6Address) and address not in _UNICAST:
        return False
    return address.is_global and not address.is_multicast


async def check_url(
    raw: str, trusted: Collection[str], resolver: GuardedResolver | None = None
) -> str:
    """Return a URL as it is posted to; of a host that is not trusted https alone is taken.

    Its name is resolved as the machine does where no `resolver` is given.

    Raises:
        BadInput: it is none, or leads to an address that is not public.
    """
    url = _read(raw)
    host = url.host or ""
    if host in trusted:
        return str(url)
    if url.scheme != "https":
        raise errors.BadInput(
            f"{errors.shown(raw)} is not encrypted: give an address that begins with https://, or "
            f"name {host} in SEGRAPH_WEBHOOK_HOSTS on a machine for development"
        )
    if url.port != _HTTPS:
        raise errors.BadInput(
            f"{errors.shown(raw)} names port {url.port}; webhooks are posted to port {_HTTPS}, "
            "which needs not be named"
        )
    await _check_host(url.raw_host or "", raw, resolver or GuardedResolver())
    return str(url)


def _read(raw: str) -> URL:
    if len(raw) > LONGEST:
        raise errors.BadInput(f"The URL has {len(raw)} characters; at most {LONGEST} are taken")
    try:
        url = URL(raw)
        known = url.scheme in {"http", "https"} and bool(url.host) and bool(url.port)
    except ValueError:
        known, url = False, URL()
    if not known or not raw.isprintable() or " " in raw or "\\" in raw:
        raise errors.BadInput(
            f"{errors.shown(raw)} is not the URL of a web server, such as "
            "https://hooks.example.com/segraph"
        )
    if url.raw_user is not None or url.raw_password is not None:
        raise errors.BadInput(
            "The URL holds a user or a password: leave them out, a receiver knows a post by its "
            "signature"
        )
    return url.with_fragment(None)


def _spelt(host: str) -> list[str]:
    """Return the address that a host is, however it is spelt; none of a name."""
    try:
        found = socket.getaddrinfo(host, None, flags=socket.AI_NUMERICHOST)
    except (socket.gaierror, UnicodeError):
        return []
    return [str(address[0]) for *_, address in found]


async def _check_host(host: str, raw: str, resolver: GuardedResolver) -> None:
    try:
        async with asyncio.timeout(_SECONDS):
            await resolver.resolve(host, _HTTPS, socket.AF_UNSPEC)
    except Forbidden as refused:
        raise errors.BadInput(
            f"{errors.shown(raw)} leads inside: {refused}, and no other is posted to. A machine "
            f"for development may name {host} in SEGRAPH_WEBHOOK_HOSTS"
        ) from None
    except (OSError, UnicodeError):
        raise errors.BadInput(
            f"{errors.shown(raw)} cannot be found: there is no host {errors.shown(host)}"
        ) from None
    finally:
        await resolver.close()
