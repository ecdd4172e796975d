"""Webhooks as a client makes, reads and edits them."""

from __future__ import annotations

import asyncio
import base64
import logging
import time
from typing import TYPE_CHECKING

import pytest
from standardwebhooks import WebhookVerificationError

from graph import errors
from graph.clock import FixedClock
from graph.database import Database
from graph.segmentation import Segmentation
from graph.times import read_instant
from server.webhooks import Service
from tests.resolvers.saving import archive, built, save
from tests.server.live import NOW
from tests.server.webhooks.receiver import (
    TEST,
    create,
    edit,
    forget,
    read,
    receiving,
    status,
    until,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.engine import Running
    from tests.server.live import Live
    from tests.server.webhooks.receiver import Receiver

pytestmark = pytest.mark.engine
SIGNED = {"did": {"event": "Signed Up"}}
ROTATE = """mutation($id: ID!, $secret: String, $grace: Duration) {
  rotateWebhookSecret(id: $id, secret: $secret, grace: $grace) {
    ... on WebhookSecret { secret webhook { formerSecretUntil } }
    ... on Problem { __typename code message path } } }"""


@pytest.fixture(autouse=True, scope="module")
def saved(live: Live) -> None:
    """Save a segment, and one that is archived."""
    save(live, "signed", SIGNED)
    save(live, "old", SIGNED)
    built(live, "signed")
    built(live, "old")
    archive(live, "old")


@pytest.fixture
def receiver(live: Live) -> Iterator[Receiver]:
    """Give a receiver."""
    with receiving() as given:
        yield given
        forget(live)


def sign_up(live: Live, contact: str) -> None:
    """Let a contact sign up."""
    live.load({"contact": contact, "event": "Signed Up", "id": "1"})


def test_a_webhook_is_made_and_its_secret_shown_once(
    live: Live, receiver: Receiver, caplog: pytest.LogCaptureFixture
) -> None:
    """The answer alone has it; no other field, list or line of the log does."""
    with caplog.at_level(logging.DEBUG):  # the driver's own lines are never written
        made = create(live, receiver.url, "signed")
        listed = live.ask("{ webhooks { nodes { id url segments } } }")
        sign_up(live, "once")
        receiver.wait(1)
        until(live, made, failures=0)
    logged = [each.getMessage() for each in caplog.records if not each.name.startswith("neo4j")]
    key = base64.b64decode(made["secret"].removeprefix("whsec_"))

    assert len(key) == 32
    assert made["webhook"] == {
        **listed["webhooks"]["nodes"][-1],
        "packing": "SINGLE",
        "status": "ACTIVE",
        "sequence": made["webhook"]["sequence"],
        "failures": 0,
    }
    assert made["secret"] not in "".join(logged)
    assert made["secret"] not in live.http.get("/export").text
    assert made["secret"] not in repr(live.segmentation.endpoints.mine)


def test_what_is_wrong_is_told_at_its_path(live: Live, receiver: Receiver) -> None:
    """The URL, a segment by its place, and the secret."""
    url = receiver.url
    inside = create(live, "https://127.1/")
    unknown = create(live, url, "signed", "sined")
    archived = create(live, url, "old")
    nothing = live.ask(
        "mutation($url: String!) { createWebhook(url: $url, segments: []) { __typename } }", url=url
    )
    weak = create(live, url, secret="whsec_c2hvcnQ=")  # noqa: S106 - it is refused

    assert inside == {
        "__typename": "InvalidWebhook",
        "code": "BAD_USER_INPUT",
        "message": (
            "'https://127.1/' leads inside: 127.0.0.1 is not a public address, and no other is "
            "posted to. A machine for development may name 127.1 in SEGRAPH_WEBHOOK_HOSTS"
        ),
        "path": ["url"],
    }
    assert (unknown["code"], unknown["path"]) == ("UNKNOWN_SEGMENT", ["segments", "1"])
    assert unknown["message"] == "There is no segment 'sined'; did you mean 'signed'?"
    assert archived["message"] == "The segment 'old' is archived; save it again to use it"
    assert nothing["createWebhook"] == {"__typename": "InvalidWebhook"}
    assert (weak["message"], weak["path"]) == (
        "A secret is whsec_ and 24 to 64 bytes in base64; leave it out to have one made",
        ["secret"],
    )
    assert live.ask("{ webhooks { nodes { id } } }")["webhooks"]["nodes"] == []


def test_both_secrets_sign_for_a_time(live: Live, receiver: Receiver) -> None:
    """A receiver may verify by either; without grace only by the new one."""
    made = create(live, receiver.url, "signed")
    rotated = live.ask(ROTATE, id=made["webhook"]["id"])["rotateWebhookSecret"]
    sign_up(live, "rotated")
    (both,) = receiver.wait(1)
    again = live.ask(ROTATE, id=made["webhook"]["id"], grace="PT0S")["rotateWebhookSecret"]
    sign_up(live, "rotated again")
    newest = receiver.wait(2)[-1]
    wrong = live.ask(ROTATE, id=made["webhook"]["id"], grace="a day")["rotateWebhookSecret"]

    assert both.headers["webhook-signature"].count("v1,") == 2
    assert both.verified(made["secret"]) == both.verified(rotated["secret"])
    assert rotated["webhook"]["formerSecretUntil"] == "2026-03-11T12:00:00.000Z"
    with pytest.raises(WebhookVerificationError):
        both.verified(again["secret"])
    assert newest.verified(again["secret"])
    with pytest.raises(WebhookVerificationError):
        newest.verified(rotated["secret"])
    assert (wrong["__typename"], wrong["path"]) == ("InvalidWebhook", ["grace"])


def test_a_pause_loses_nothing(live: Live, receiver: Receiver) -> None:
    """What happens meanwhile comes once it is resumed; a replay tells single posts by their ids."""
    made = create(live, receiver.url, "signed")
    before = live.ask("query($id: ID!) { webhook(id: $id) { cursor } }", id=made["webhook"]["id"])
    paused = edit(live, "pauseWebhook", made)
    for contact in ("p1", "p2"):
        sign_up(live, contact)
    waiting = read(live, made)
    resumed = edit(live, "resumeWebhook", made)
    ids = {post.id for post in receiver.wait(2)}
    until(live, made, past=max(int(each.rpartition("_")[2]) for each in ids))
    replayed = edit(live, "replayWebhook", made, after=before["webhook"]["cursor"])
    receiver.wait(4)

    assert [each["status"] for each in (paused, waiting, resumed)] == ["PAUSED", "PAUSED", "ACTIVE"]
    assert replayed["sequence"] == waiting["sequence"] == paused["sequence"]
    assert {post.id for post in receiver.posts[2:]} == ids
    assert edit(live, "replayWebhook", made, after="junk")["__typename"] == "InvalidWebhook"
    assert edit(live, "replayWebhook", made, after=None)["sequence"] == 0


def test_it_moves_to_another_address(live: Live, receiver: Receiver) -> None:
    """As the guide tells: what was not delivered at the old one is at the new one, in its order."""
    made = create(live, receiver.url, "signed")
    sign_up(live, "moved-1")
    last = receiver.wait(1)[0].payload["data"]["sequence"]
    until(live, made, past=last)
    edit(live, "pauseWebhook", made)
    sign_up(live, "moved-2")
    query = "query($id: ID!) { webhook(id: $id) { cursor } }"
    cursor = live.ask(query, id=made["webhook"]["id"])["webhook"]["cursor"]
    with receiving() as elsewhere:
        other = create(live, elsewhere.url, "signed", secret=made["secret"])
        assert edit(live, "replayWebhook", other, after=cursor)["sequence"] == last
        edit(live, "deleteWebhook", made)
        sign_up(live, "moved-3")
        moved = [post.verified(made["secret"])["data"] for post in elsewhere.wait(2)]

    assert {each["contactKey"] for each in moved} == {"moved-2", "moved-3"}
    assert len(receiver.posts) == 1


async def stands_by(neo4j: Running, id_: str) -> None:
    """Test a webhook on a server of another's graph."""
    async with Database(neo4j.address, neo4j.user, neo4j.password) as database:
        segmentation = Segmentation(database, FixedClock(read_instant(NOW)))
        running = asyncio.create_task(segmentation.run())
        try:
            await segmentation.ready(own=False)
            await Service(segmentation, ("127.0.0.1",)).test(id_)
        finally:
            running.cancel()
            await asyncio.wait([running])


def test_a_server_that_stands_by_posts_no_test(
    live: Live, receiver: Receiver, neo4j: Running
) -> None:
    """What came of it could not be kept: it is refused before anything is posted."""
    made = create(live, receiver.url, "signed")
    with pytest.raises(errors.NotOwner):
        asyncio.run(stands_by(neo4j, made["webhook"]["id"]))

    assert receiver.posts == []


def test_a_test_says_what_came_of_it(live: Live, receiver: Receiver) -> None:
    """It is posted at once, signed, tells of no change, and stands in the list."""
    made = create(live, receiver.url, "signed")
    good = live.ask(TEST, id=made["webhook"]["id"])["testWebhook"]
    receiver.answer = status(418)
    bad = live.ask(TEST, id=made["webhook"]["id"])["testWebhook"]
    query = """query($id: ID!, $after: String, $failed: Boolean) { webhook(id: $id) {
      status failures deliveries(first: 1, after: $after, failed: $failed) {
        nodes { status } pageInfo { hasNextPage endCursor } } } }"""
    found = live.ask(query, id=made["webhook"]["id"])["webhook"]
    after = found["deliveries"]["pageInfo"]["endCursor"]
    rest = live.ask(query, id=made["webhook"]["id"], after=after)["webhook"]["deliveries"]
    failed = live.ask(query, id=made["webhook"]["id"], failed=True)["webhook"]["deliveries"]

    assert (good["succeeded"], good["status"], good["changes"]) == (True, 204, 0)
    assert (bad["succeeded"], bad["error"]) == (False, "It answered 418")
    assert receiver.posts[0].verified(made["secret"])["type"] == "webhook.test"
    assert (found["status"], found["failures"]) == ("ACTIVE", 0)
    assert found["deliveries"]["pageInfo"]["hasNextPage"] is True
    assert [each["status"] for each in rest["nodes"]] == [204]
    assert failed["nodes"] == [{"status": 418}]
    assert failed["pageInfo"]["hasNextPage"] is False


def test_what_there_is_not_is_told(live: Live, receiver: Receiver) -> None:
    """Each mutation names a webhook that is deleted, or never was."""
    made = create(live, receiver.url)
    edit(live, "deleteWebhook", made)
    sign_up(live, "nobody-hears")
    id_ = made["webhook"]["id"]
    problem = {
        "code": "WEBHOOK_NOT_FOUND",
        "message": f"There is no webhook '{id_}'; `webhooks` lists those that there are",
        "path": ["id"],
    }

    for mutation in ("pauseWebhook", "resumeWebhook", "deleteWebhook", "replayWebhook"):
        assert edit(live, mutation, made) == {"__typename": "WebhookNotFound", **problem}
    for asked, name in ((ROTATE, "rotateWebhookSecret"), (TEST, "testWebhook")):
        assert live.ask(asked, id=id_)[name] == {"__typename": "WebhookNotFound", **problem}
    assert live.ask("query($id: ID!) { webhook(id: $id) { id } }", id=id_) == {"webhook": None}
    assert receiver.posts == []


def test_a_silent_filling_is_not_told(live: Live, receiver: Receiver) -> None:
    """Those whom a segment begins with are told only where the saver announces them."""
    sign_up(live, "begun")
    create(live, receiver.url)
    save(live, "quiet", {"all": [SIGNED, {"sample": {"percent": 100, "salt": "quiet"}}]})
    built(live, "quiet")
    loud = {"all": [SIGNED, {"sample": {"percent": 100, "salt": "loud"}}]}
    save(live, "loud", loud, announce=True)
    built(live, "loud")
    end = time.monotonic() + 10
    while "begun" not in {told[1] for post in receiver.posts for told in post.told()}:
        assert time.monotonic() < end
        time.sleep(0.01)

    assert {told[2] for post in receiver.posts for told in post.told()} == {"loud"}
