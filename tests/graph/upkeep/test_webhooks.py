"""Where webhooks stand is the writer's: an edit ends a run, and who is fenced moves nothing."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from graph import errors, times
from graph.catalogue import Catalogue
from graph.endpoints import Endpoints
from graph.upkeep.outcome import Done
from graph.upkeep.webhooks import MOST, Hooks
from graph.webhooks import (
    FAILED_KEPT,
    KEPT_FOR,
    SUCCEEDED_KEPT,
    Delivery,
    Former,
    NewWebhook,
    Progress,
    Replayed,
    Rotated,
    Turned,
    Webhook,
    WebhookPacking,
    WebhookStatus,
    read_webhooks,
)
from tests.graph.upkeep.writing import NOW, writing

if TYPE_CHECKING:
    from graph.database import Database

WEBHOOK = Webhook("w", "https://x", ("s",), WebhookPacking.SINGLE, "one", NOW)
NONE = Catalogue()


def delivery(number: int, *, failed: bool = False, at: int = NOW) -> Delivery:
    """Return an attempt."""
    return Delivery(f"m{number}", at, 1, 500 if failed else 204, "no" if failed else None, 3)


def test_progress_of_an_earlier_run_moves_nothing() -> None:
    """After an edit only what was attempted is kept of it."""
    for edit in (
        Turned("w", WebhookStatus.PAUSED),
        Replayed("w", 1),
        Rotated("w", "two", NOW, NOW),
    ):
        hooks = Hooks({"w": replace(WEBHOOK, position=5)})
        edited = hooks.fold(edit, NONE).webhook
        late = Progress(replace(WEBHOOK, position=9), (delivery(1),))
        after = hooks.fold(late, NONE).webhook

        assert after.run == 1
        assert after.position == edited.position
        assert [each.message for each in after.deliveries] == ["m1"]


def test_the_newest_deliveries_are_kept() -> None:
    """Of each sort so many, none that is old."""
    old = WEBHOOK.delivered((delivery(0, failed=True, at=NOW - KEPT_FOR - 1),))
    full = old.delivered(tuple(delivery(n) for n in range(100)))
    full = full.delivered(tuple(delivery(n, failed=True) for n in range(200)))
    kept = full.deliveries

    assert sum(each.error is None for each in kept) == SUCCEEDED_KEPT
    assert sum(each.error is not None for each in kept) == FAILED_KEPT
    assert [each.number for each in kept] == sorted(each.number for each in kept)
    assert (kept[-1].number, full.number) == (301, 301)


def test_there_are_only_so_many() -> None:
    """One more is refused, with the way out."""
    hooks = Hooks({str(n): replace(WEBHOOK, id=str(n)) for n in range(MOST)})

    with pytest.raises(errors.BadInput) as refused:
        hooks.fold(NewWebhook(WEBHOOK), NONE)

    assert refused.value.message == "There are 1000 webhooks already; delete one first"


def test_what_is_so_already_changes_nothing() -> None:
    """A pause of one that is paused ends no run."""
    hooks = Hooks({"w": WEBHOOK})

    assert hooks.fold(Turned("w", WebhookStatus.ACTIVE), NONE).done is Done.UNCHANGED
    assert hooks.changed == set()


def test_each_secret_signs_as_long_as_was_said() -> None:
    """A further rotation shortens nothing; of very many the newest are kept."""
    hooks = Hooks({"w": WEBHOOK})
    hooks.fold(Rotated("w", "two", NOW, NOW + times.DAY), NONE)
    after = hooks.fold(Rotated("w", "three", NOW + 1, NOW + 1 + times.HOUR), NONE).webhook

    assert after.secrets(NOW + 1) == ("three", "two", "one")
    assert after.secrets(NOW + 1 + times.HOUR) == ("three", "one")
    assert after.secrets(NOW + times.DAY) == ("three",)
    last = hooks.fold(Rotated("w", "four", NOW + 2 * times.DAY, NOW + 3 * times.DAY), NONE).webhook
    assert [each.secret for each in last.formers] == ["three"]
    for number in range(20):
        last = hooks.fold(Rotated("w", f"n{number}", NOW, NOW + times.DAY), NONE).webhook
    assert last.secrets(NOW) == tuple(f"n{number}" for number in range(19, 8, -1))


def test_a_replay_says_still_why_it_is_disabled() -> None:
    """Until it is resumed; an active one has failed in nothing then."""
    failed = replace(WEBHOOK, failures=3, next_attempt=NOW, reason="It answered 500")
    for status, reason in (
        (WebhookStatus.DISABLED, "It answered 500"),
        (WebhookStatus.ACTIVE, None),
    ):
        hooks = Hooks({"w": replace(failed, status=status)})
        after = hooks.fold(Replayed("w", 1), NONE).webhook
        assert (after.status, after.reason, after.failures) == (status, reason, 0)
    resumed = hooks.fold(Turned("w", WebhookStatus.ACTIVE), NONE).webhook
    assert resumed.reason is None


@pytest.mark.engine
async def test_a_webhook_is_kept_as_it_is(database: Database) -> None:
    """All fields read back, with segments and without."""
    wide = replace(WEBHOOK, segments=None, formers=(Former("old", NOW),), upto=3)
    async with writing(database) as writer:
        endpoints = Endpoints(database, writer)
        made = await endpoints.create(wide.delivered((delivery(1), delivery(2, failed=True))))
        kept = await read_webhooks(database)
        paused = await endpoints.tell(Turned("w", WebhookStatus.PAUSED))

    assert kept == {"w": made}
    assert await read_webhooks(database) == {"w": paused}


@pytest.mark.engine
async def test_a_server_that_is_fenced_moves_nothing(database: Database) -> None:
    """Its progress is refused by the graph, and that of the other stays."""
    async with writing(database, force=False) as first:
        made = await Endpoints(database, first).create(replace(WEBHOOK, segments=None))
        async with writing(database) as second:
            moved = replace(made, position=7)
            await Endpoints(database, second).tell(Progress(moved, ()))
            with pytest.raises(errors.NotOwner):
                await Endpoints(database, first).tell(Progress(replace(made, position=9), ()))
            kept = await read_webhooks(database)

    assert kept["w"].position == 7
