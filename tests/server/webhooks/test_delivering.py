"""Changes arrive: in order, at least once, by the standard's schedule, one endpoint or another."""

from __future__ import annotations

import asyncio
import email.utils
import itertools
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, Final, cast

import pytest
from starlette.responses import Response

from graph import times
from server.webhooks.schedule import JITTER, PAUSES
from tests.resolvers.saving import built, save
from tests.server.webhooks.receiver import (
    TEST,
    create,
    dripping,
    edit,
    forget,
    read,
    receiving,
    sleeping,
    status,
    until,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from graph.clock import FixedClock
    from tests.server.live import Live
    from tests.server.webhooks.receiver import Posted, Receiver

pytestmark = pytest.mark.engine
NUMBERS = itertools.count()


@pytest.fixture
def clock(live: Live) -> FixedClock:
    """Give the server's clock."""
    return cast("FixedClock", live.segmentation.clock)


@pytest.fixture
def receiver(live: Live, clock: FixedClock) -> Iterator[Receiver]:
    """Give a receiver."""
    with receiving(clock) as given:
        yield given
        forget(live)


@pytest.fixture(autouse=True, scope="module")
def saved(live: Live) -> None:
    """Save a segment of those who signed up and one of those who did not log in since."""
    live.load({"contact": "first", "event": "Signed Up", "id": "0"})
    signed = {"did": {"event": "Signed Up"}}
    save(live, "signed", signed)
    save(live, "silent", {"all": [signed, {"not": {"did": {"event": "Logged In"}}}]})
    built(live, "signed")
    built(live, "silent")


def advance(live: Live, milliseconds: int) -> None:
    """Let the server's clock go on."""
    moved = threading.Event()

    def move() -> None:
        """Move it in the loop that waits for it."""
        cast("FixedClock", live.segmentation.clock).advance(milliseconds)
        moved.set()

    live.loop.call_soon_threadsafe(move)
    moved.wait()


def due(webhook: dict[str, Any]) -> int:
    """Return when a webhook's next attempt is."""
    return times.read_instant(webhook["nextAttemptAt"])


def sign_up(live: Live, *contacts: str, event: str = "Signed Up") -> None:
    """Let contacts sign up, now."""
    at = times.instant_text(live.segmentation.clock.now())
    live.load(
        *(
            {"contact": each, "event": event, "id": f"{next(NUMBERS)}-{each}", "at": at}
            for each in contacts
        )
    )


def test_a_change_arrives_signed(live: Live, receiver: Receiver) -> None:
    """A single post tells of one change, with the log's cursor; its receiver verifies it."""
    made = create(live, receiver.url, "signed")
    sign_up(live, "ann")
    (posted,) = receiver.wait(1)
    payload = posted.verified(made["secret"])
    query = (
        '{ segment(key: "signed") { changes(first: 500) { edges { cursor node { sequence } } } } }'
    )
    log = live.ask(query)["segment"]["changes"]["edges"]
    sequence = payload["data"].pop("sequence")
    now = times.instant_text(live.segmentation.clock.now())

    assert posted.headers["content-type"] == "application/json"
    assert posted.id == f"{made['webhook']['id']}_{sequence}_{sequence}"
    assert payload == {
        "type": "segment.entered",
        "timestamp": now,
        "data": {
            "cursor": log[-1]["cursor"],
            "segment": "signed",
            "revision": 1,
            "contactKey": "ann",
            "cause": "EVENT",
            "effectiveAt": now,
            "detectedAt": now,
        },
    }
    assert log[-1]["node"]["sequence"] == sequence
    assert until(live, made, past=sequence)["deliveries"]["nodes"] == [
        {
            "messageId": posted.id,
            "at": now,
            "changes": 1,
            "succeeded": True,
            "status": 204,
            "error": None,
        }
    ]


def test_changes_are_put_together_and_in_order(live: Live, receiver: Receiver) -> None:
    """Of all segments, up to 500 a post; of each contact and segment the order is the log's."""
    create(live, receiver.url, packing="COALESCED")
    names = [f"many-{n}" for n in range(400)]
    sign_up(live, *names)
    sign_up(live, *names, event="Logged In")
    end = time.monotonic() + 10
    while len(told := [each for post in receiver.posts for each in post.told()]) < 1200:
        assert time.monotonic() < end, len(told)
        time.sleep(0.01)

    assert [each for each in told if each[1] == "many-7"] == [
        ("segment.entered", "many-7", "signed"),
        ("segment.entered", "many-7", "silent"),
        ("segment.left", "many-7", "silent"),
    ]
    assert len(told) == 1200
    assert max(len(post.told()) for post in receiver.posts) <= 500
    assert receiver.posts[0].payload["type"] == "segment.changes"


def test_single_posts_keep_the_order_of_each_contact(live: Live, receiver: Receiver) -> None:
    """Many are under way at once, and of one contact and segment only one."""
    create(live, receiver.url, "silent")
    names = [f"single-{n}" for n in range(50)]
    for event in ("Signed Up", "Logged In"):
        sign_up(live, *names, event=event)
    receiver.wait(100)
    told = [post.told()[0] for post in receiver.posts]

    for name in names:
        assert [kind for kind, contact, _ in told if contact == name] == [
            "segment.entered",
            "segment.left",
        ]


def test_the_schedule_is_kept_to_the_letter(live: Live, receiver: Receiver) -> None:
    """Ten attempts by the same id and body; then it is disabled, and once resumed goes on."""
    made = create(live, receiver.url, "signed")
    receiver.answer = status(500)
    sign_up(live, "unlucky")
    for number, pause in enumerate(PAUSES, 1):
        receiver.wait(number)
        wait = due(until(live, made, failures=number)) - receiver.posts[-1].at
        assert pause <= wait <= pause * (1 + JITTER)
        advance(live, wait - 1)
        live.ask("{ webhooks { nodes { id } } }")
        assert len(receiver.posts) == number
        advance(live, 1)
    posts = list(receiver.wait(10))
    given_up = until(live, made, status="DISABLED")
    sign_up(live, "later")
    receiver.answer = status(204)
    edit(live, "resumeWebhook", made)
    receiver.wait(12)

    assert sum(PAUSES) <= posts[9].at - posts[0].at <= sum(PAUSES) * (1 + JITTER)
    assert {(post.id, post.body) for post in posts} == {(posts[0].id, posts[0].body)}
    assert given_up["reason"] == (
        "It answered 500, the last of 10 attempts within 3 days; resume it to go on where it was"
    )
    assert [each["status"] for each in given_up["deliveries"]["nodes"]] == [500] * 10
    assert {post.told()[0][1] for post in receiver.posts[10:]} == {"unlucky", "later"}
    posts[9].verified(made["secret"])


def test_six_hours_down_hold_nobody_else_up(live: Live, receiver: Receiver) -> None:
    """Others hear at once; who comes back hears of all, each once, at the next attempt."""
    with receiving(receiver.clock) as down:
        made = create(live, down.url, "signed", packing="COALESCED")
        create(live, receiver.url, "signed")
        down.answer = status(503)
        sign_up(live, "down-0")
        begun = live.segmentation.clock.now()
        for failures in range(1, 6):
            found = until(live, made, failures=failures)
            if due(found) > begun + 6 * times.HOUR:
                break
            advance(live, due(found) - live.segmentation.clock.now())
            sign_up(live, f"down-{failures}")
            receiver.wait(failures + 1)
        advance(live, begun + 6 * times.HOUR - live.segmentation.clock.now())
        down.answer = status(204)
        attempts = len(down.posts)
        advance(live, due(read(live, made)) - live.segmentation.clock.now())
        down.wait(attempts + 2)
        until(live, made, failures=0, reason=None)

    assert attempts == 5
    assert [post.told()[0][1] for post in receiver.posts] == [f"down-{n}" for n in range(5)]
    assert [told[1] for post in down.posts[5:] for told in post.told()] == [
        f"down-{n}" for n in range(5)
    ]
    assert len({post.id for post in down.posts[:6]}) == 1


REFUSED: Final = {
    "an error": (status(500), 500, "It answered 500"),
    "not found": (status(404), 404, "It answered 404"),
    "a redirect": (
        status(302, location="http://127.0.0.1/elsewhere"),
        302,
        (
            "It answered 302, and redirects are not followed: make a webhook at the new address, "
            "replay it after this one's cursor, and delete this one"
        ),
    ),
    "drips": (dripping, None, "It did not answer within 2 seconds"),
    "never answers": (sleeping, None, "It did not answer within 2 seconds"),
}


@pytest.mark.parametrize("refused", REFUSED)
def test_what_is_no_success_is_tried_again(live: Live, receiver: Receiver, refused: str) -> None:
    """Whatever is not 2xx in time has failed, and says why; it comes again by the same id."""
    answer, code, error = REFUSED[refused]
    made = create(live, receiver.url, "signed")
    receiver.answer = answer
    sign_up(live, f"refused: {refused}")
    failed = until(live, made, failures=1)
    receiver.answer = status(204)
    advance(live, due(failed) - live.segmentation.clock.now())
    first, second = receiver.wait(2)
    until(live, made, failures=0)

    assert (failed["status"], failed["reason"]) == ("ACTIVE", error)
    assert failed["deliveries"]["nodes"][0]["status"] == code
    assert first.id == second.id


def test_who_is_gone_is_told_no_more(live: Live, receiver: Receiver) -> None:
    """410 disables at once; nothing is lost, and resuming goes on."""
    made = create(live, receiver.url, "signed")
    receiver.answer = status(410)
    sign_up(live, "gone")
    disabled = until(live, made, status="DISABLED")
    sign_up(live, "gone-later")
    attempts = len(receiver.posts)
    receiver.answer = status(200)
    edit(live, "resumeWebhook", made)
    receiver.wait(3)

    assert disabled["reason"] == "It answered 410: it wants to hear nothing more"
    assert attempts == 1
    assert {post.told()[0][1] for post in receiver.posts[1:]} == {"gone", "gone-later"}


def test_who_is_mended_need_not_wait(live: Live, receiver: Receiver) -> None:
    """To resume one that waits for its next attempt is to make it now."""
    made = create(live, receiver.url, "signed")
    receiver.answer = status(503)
    sign_up(live, "mended")
    until(live, made, failures=1)
    receiver.answer = status(204)
    resumed = edit(live, "resumeWebhook", made)
    first, second = receiver.wait(2)

    assert (resumed["status"], resumed["failures"]) == ("ACTIVE", 0)
    assert first.id == second.id


def test_who_asks_for_time_is_given_it(live: Live, receiver: Receiver) -> None:
    """Retry-After lengthens a pause, in seconds and as a date, and never beyond a day."""
    made = create(live, receiver.url, "signed")
    date = email.utils.formatdate(time.time() + 7200)
    wait = 0
    for number, (asked, expected) in enumerate([("120", 120), (date, 7200), ("9999999", 86400)], 1):
        receiver.answer = status(429, retry_after=asked)
        if number == 1:
            sign_up(live, "patient")
        advance(live, wait)
        wait = due(until(live, made, failures=number)) - live.segmentation.clock.now()
        assert expected - 30 <= wait / 1000 <= expected


def test_a_test_meanwhile_moves_nothing_back(live: Live, receiver: Receiver) -> None:
    """While a test waits for its answer, what is delivered stays delivered."""
    made = create(live, receiver.url, "signed")
    answers = threading.Event()

    async def answer(posted: Posted) -> Response:
        """Let a test wait, and nothing else."""
        if posted.payload["type"] == "webhook.test":
            await asyncio.to_thread(answers.wait, 5)
        return Response(status_code=204)

    receiver.answer = answer
    with ThreadPoolExecutor(1) as beside:
        tested = beside.submit(live.ask, TEST, id=made["webhook"]["id"])
        receiver.wait(1)
        sign_up(live, "tested")
        last = receiver.wait(2)[-1].payload["data"]["sequence"]
        until(live, made, past=last)
        answers.set()
        assert tested.result()["testWebhook"]["succeeded"] is True

    assert read(live, made)["sequence"] == last
