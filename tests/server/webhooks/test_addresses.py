"""No post goes inside: whatever a URL, a name or a redirect leads to, public addresses only."""

from __future__ import annotations

import asyncio
import ipaddress
from dataclasses import replace
from typing import TYPE_CHECKING, Final

import pytest
from starlette.responses import Response

from graph import errors
from graph.webhooks import Webhook, WebhookPacking
from server.webhooks import secrets
from server.webhooks.addresses import check_url, public
from server.webhooks.messages import trial
from server.webhooks.posting import Poster
from tests.server.webhooks.names import naming
from tests.server.webhooks.receiver import receiving, status

if TYPE_CHECKING:
    from collections.abc import Iterator

    from server.webhooks.addresses import GuardedResolver
    from server.webhooks.posting import Answer
    from tests.server.webhooks.receiver import Receiver

INSIDE: Final = {
    "loopback": "https://127.0.0.1/",
    "loopback by name": "https://localhost/",
    "a decimal number": "https://2130706433/",
    "a hexadecimal number": "https://0x7f000001/",
    "octal parts": "https://0177.0.0.1/",
    "parts left out": "https://127.1/",
    "unspecified": "https://0.0.0.0/",
    "private": "https://10.0.0.8/",
    "of the provider": "https://169.254.169.254/latest/meta-data/",
    "shared": "https://100.64.0.1/",
    "of the protocol": "https://192.0.0.8/",
    "multicast": "https://224.0.0.1/",
    "broadcast": "https://255.255.255.255/",
    "loopback of IPv6": "https://[::1]/",
    "mapped": "https://[::ffff:127.0.0.1]/",
    "compatible": "https://[::7f00:1]/",
    "translated": "https://[64:ff9b::7f00:1]/",
    "6to4": "https://[2002:7f00:1::]/",
    "link-local": "https://[fe80::1]/",
    "unique local": "https://[fd00::1]/",
    "site-local": "https://[fec0::1]/",
    "multicast of IPv6": "https://[ff02::1]/",
}
SPELT: Final = {
    "no URL": ("hooks", "is not the URL of a web server"),
    "another scheme": ("ftp://example.com/", "is not the URL of a web server"),
    "a file": ("file:///etc/passwd", "is not the URL of a web server"),
    "a backslash": ("https://example.com\\@127.0.0.1/", "is not the URL of a web server"),
    "a break": ("https://example.com/\r\nHost: x", "is not the URL of a web server"),
    "no host": ("https:///path", "is not the URL of a web server"),
    "no such port": ("https://example.com:99999/", "is not the URL of a web server"),
    "a user": ("https://me@example.com/", "The URL holds a user or a password"),
    "a user as a host": ("https://example.com:443@127.0.0.1/", "holds a user or a password"),
    "another port": ("https://example.com:22/", "names port 22"),
    "in the open": ("http://example.com/", "is not encrypted"),
    "too long": (f"https://example.com/{'x' * 2000}", "has 2020 characters; at most 2000"),
    "nobody's": ("https://nobody.invalid/", "cannot be found: there is no host 'nobody.invalid'"),
}


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """Give a receiver on this machine."""
    with receiving() as given:
        yield given


async def posted(url: str, *trusted: str, resolver: GuardedResolver | None = None) -> Answer:
    """Return what comes of a post, whatever was checked before."""
    webhook = Webhook("w", url, None, WebhookPacking.SINGLE, secrets.made(), 0)
    async with Poster(trusted, 2, resolver=resolver) as poster:
        return await poster.post(webhook, trial(webhook, 0, 1), 0)


@pytest.mark.parametrize("trick", INSIDE)
async def test_a_url_that_leads_inside_is_refused(trick: str) -> None:
    """Each spelling is judged by the address that it resolves to."""
    with pytest.raises(errors.BadInput, match=r"not a public address|cannot be found"):
        await check_url(INSIDE[trick], ())


@pytest.mark.parametrize("trick", INSIDE)
async def test_nothing_inside_is_connected_to(trick: str) -> None:
    """A name that leads elsewhere by now is judged again, at the socket."""
    answer = await posted(INSIDE[trick])

    assert answer.status is None
    assert answer.error is not None
    assert answer.error.startswith("It cannot be reached: ")
    assert "public address" in answer.error or "canonical" in answer.error, answer


@pytest.mark.parametrize("spelt", SPELT)
async def test_a_url_that_is_not_taken_says_why(spelt: str) -> None:
    """What it is to be is named."""
    url, message = SPELT[spelt]

    with pytest.raises(errors.BadInput) as refused:
        await check_url(url, ())

    assert message in refused.value.message


async def test_a_name_that_is_rebound_leads_nowhere() -> None:
    """It was public when it was checked, and leads inside when it is posted to."""
    url = "https://rebound.example/"
    async with naming({"rebound.example": [["93.184.216.34"], ["127.0.0.1"]]}) as (names, resolver):
        assert await check_url(url, (), resolver) == url
    async with naming(names.answers) as (again, resolver):
        again.asked = names.asked
        answer = await posted(url, resolver=resolver)

    assert names.asked == ["rebound.example"] * 2
    assert answer.error == "It cannot be reached: 127.0.0.1 is not a public address"


@pytest.mark.parametrize(
    "addresses", [["93.184.216.34", "10.0.0.8"], ["10.0.0.8", "93.184.216.34"]], ids=str
)
async def test_one_address_inside_is_one_too_many(addresses: list[str]) -> None:
    """Wherever it stands among those of a name, none of them is posted to."""
    async with naming({"mixed.example": [addresses]}) as (_, resolver):
        answer = await posted("https://mixed.example/", resolver=resolver)
    async with naming({"mixed.example": [addresses]}) as (_, resolver):
        with pytest.raises(errors.BadInput, match=r"10\.0\.0\.8 is not a public address"):
            await check_url("https://mixed.example/", (), resolver)

    assert answer.error == "It cannot be reached: 10.0.0.8 is not a public address"


async def test_names_that_nobody_answers_hold_no_other_up() -> None:
    """Neither another name, nor what else waits for a thread."""
    dead = [f"https://dead-{n}.example/" for n in range(100)]
    async with naming({"there.example": [["127.0.0.1"]]}) as (names, resolver):
        webhook = Webhook("w", "", None, WebhookPacking.SINGLE, secrets.made(), 0)
        message = trial(webhook, 0, 1)
        async with Poster((), 2, resolver=resolver) as poster, asyncio.TaskGroup() as tasks:
            waiting = [
                tasks.create_task(poster.post(replace(webhook, url=url), message, 0))
                for url in dead
            ]
            await asyncio.sleep(0.1)
            there = replace(webhook, url="https://there.example/")
            async with asyncio.timeout(1):
                answer = await poster.post(there, message, 0)
                assert await asyncio.to_thread(len, names.asked) == 1
            assert not any(each.done() for each in waiting)

    assert answer.error == "It cannot be reached: 127.0.0.1 is not a public address"
    assert {each.result().error for each in waiting} == {"It did not answer within 2 seconds"}


async def test_a_trusted_host_may_be_anywhere(receiver: Receiver) -> None:
    """It is posted to without https, on its port; others on this machine are not."""
    port = receiver.url.rpartition(":")[2]
    for name, trusted in (("127.0.0.1", True), ("localhost", False)):
        answer = await posted(f"http://{name}:{port}", "127.0.0.1")
        assert (answer.error is None) is trusted, answer

    assert await check_url(receiver.url, ("127.0.0.1",)) == receiver.url
    assert len(receiver.posts) == 1


async def test_a_redirect_leads_nowhere(receiver: Receiver) -> None:
    """It is a failure, and the address that it names is not asked."""
    receiver.answer = status(307, location=receiver.url)
    answer = await posted(receiver.url, "127.0.0.1")

    assert (answer.status, len(receiver.posts)) == (307, 1)


async def test_who_is_not_there_or_speaks_no_tls_says_so(receiver: Receiver) -> None:
    """The reason is the connection's own."""
    encrypted = await posted(receiver.url.replace("http:", "https:"), "127.0.0.1")
    nobody = await posted("http://127.0.0.1:9/", "127.0.0.1")

    assert encrypted.error is not None
    assert encrypted.error.startswith("It cannot be reached: ")
    assert nobody.error == "It cannot be reached: Connection refused"
    assert receiver.posts == []


async def test_an_endless_answer_is_cut(receiver: Receiver) -> None:
    """Of an answer 64 kB are read; its status counts."""
    receiver.answer = lambda _: Response(b"x" * 10_000_000)
    answer = await posted(receiver.url, "127.0.0.1")

    assert (answer.status, answer.error) == (200, None)


@pytest.mark.parametrize("text", ["93.184.216.34", "2606:2800:220:1:248:1893:25c8:1946"])
def test_what_anybody_may_have_is_public(text: str) -> None:
    """Of both families."""
    assert public(ipaddress.ip_address(text))


async def test_a_url_is_kept_as_it_is_posted_to() -> None:
    """Without its fragment, and a public literal is taken."""
    url = await asyncio.wait_for(check_url("https://93.184.216.34/a?b=c#d", ()), 5)

    assert url == "https://93.184.216.34/a?b=c"
