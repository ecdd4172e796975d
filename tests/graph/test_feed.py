"""Who follows the log hears each change once, in order, whoever writes and whatever breaks."""

from __future__ import annotations

import asyncio
import contextlib
from random import Random
from typing import TYPE_CHECKING

import pytest

from graph import changes, errors, feed, model
from graph.database import Database, Statement
from graph.feed import ALL, Feed, Wanted
from tests.generated.plans import explained
from tests.graph.upkeep.writing import built, contact, event, row, until, writing
from tests.proxy import Proxy

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Sequence

    from graph.changes import Change
    from graph.upkeep.writer import Writer
    from tests.engine import Running

pytestmark = pytest.mark.engine

EVER = {"did": {"event": "Page Viewed"}}
NEVER = {"not": {"did": {"event": "Page Viewed"}}}


class Follower:
    """Follows a feed in a task of its own, and notes all that it hears."""

    def __init__(
        self, followed: Feed, after: int, wanted: Wanted, pause: Callable[[], float]
    ) -> None:
        self.heard: list[Change] = []
        self.upto = after
        self.wanted = wanted
        self._followed, self._pause = followed, pause

    async def follow(self) -> None:
        """Follow until cancelled."""
        async with contextlib.aclosing(self._followed.after(self.upto, self.wanted)) as batches:
            async for batch in batches:
                self.heard += batch.changes
                assert batch.upto > self.upto
                self.upto = batch.upto
                await asyncio.sleep(self._pause())

    @property
    def numbers(self) -> list[int]:
        """The numbers of what it heard."""
        return [each.sequence for each in self.heard]

    async def reached(self, number: int) -> None:
        """Wait until it has heard of a change of this number."""

        async def there() -> bool:
            """Tell whether it has."""
            return number in self.numbers

        await until(there)


@contextlib.asynccontextmanager
async def following(
    followed: Feed,
    after: int = 0,
    wanted: Wanted = ALL,
    pause: Callable[[], float] = lambda: 0.0,
) -> AsyncGenerator[Follower]:
    """Follow a feed for as long as the block."""
    follower = Follower(followed, after, wanted, pause)
    async with asyncio.TaskGroup() as tasks:
        task = tasks.create_task(follower.follow())
        try:
            yield follower
        finally:
            task.cancel()


@contextlib.asynccontextmanager
async def running(followed: Feed) -> AsyncGenerator[Feed]:
    """Keep a feed running for as long as the block."""
    async with asyncio.TaskGroup() as tasks:
        task = tasks.create_task(followed.run())
        try:
            yield followed
        finally:
            task.cancel()


async def begun(writer: Writer) -> None:
    """Save two segments: whoever comes enters one, and leaves it for the other."""
    for key, where in (("ever", EVER), ("never", NEVER)):
        await writer.tell([row(type="segment", key=key, name=key, where=where)])
    await built(writer)


async def come(writer: Writer, *keys: str) -> None:
    """Let contacts come, and view a page in another commit: three changes each."""
    await writer.tell([contact(key) for key in keys])
    await writer.tell([event(key, "1") for key in keys])


async def test_each_change_comes_once_in_order(database: Database) -> None:
    """From the beginning, from the middle, and to those who want few; all while it grows."""
    async with writing(database) as writer, running(writer.feed) as followed:
        await begun(writer)
        await come(writer, "ann")
        async with (
            following(followed) as everything,
            following(followed, 2) as later,
            following(followed, 0, Wanted(frozenset({"ever"}))) as segment,
            following(followed, 0, Wanted(contact="bob")) as person,
        ):
            await come(writer, "bob", "cid")
            await everything.reached(9)
            bobs = [each for each in everything.heard if each.contact == "bob"]
            await person.reached(bobs[-1].sequence)

    assert everything.numbers == list(range(1, 10))
    assert later.heard == everything.heard[2:]
    assert segment.heard == [each for each in everything.heard if each.segment == "ever"]
    assert person.heard == bobs
    assert [each.entered for each in person.heard if each.segment == "never"] == [True, False]


async def test_what_is_committed_here_asks_the_graph_nothing(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is passed on with the commit, before whoever told it has an answer."""
    async with writing(database) as writer, Database("bolt://127.0.0.1:1") as nowhere:
        await begun(writer)
        async with running(writer.feed) as followed, following(followed) as follower:
            await come(writer, "ann")
            await follower.reached(3)
            monkeypatch.setattr(followed, "_database", nowhere)
            await writer.tell([contact("bob")])
            await asyncio.sleep(0)
            heard = follower.numbers

    assert heard == [1, 2, 3, 4]


async def test_another_server_hears_of_it_too(database: Database) -> None:
    """Who does not write looks at the log; a follower from now on hears nothing of before."""
    async with writing(database) as writer:
        await begun(writer)
        await come(writer, "ann")
        async with running(Feed(database)) as followed:
            latest = await followed.latest()
            async with following(followed) as everything, following(followed, latest) as later:
                await everything.reached(3)
                await come(writer, "bob")
                await later.reached(6)

    assert latest == 3
    assert everything.numbers == [1, 2, 3, 4, 5, 6]
    assert later.numbers == [4, 5, 6]


@pytest.mark.parametrize("done", [True, False])
async def test_a_commit_whose_answer_is_lost_comes_once(
    database: Database,
    neo4j: Running,
    done: bool,  # noqa: FBT001 - whether it was committed
) -> None:
    """Whether it is in the graph, and read from there, or is done again."""
    await database.engine()
    async with (
        Proxy(neo4j.address) as proxy,
        Database(proxy.address, neo4j.user, neo4j.password) as behind,
        writing(behind) as writer,
        running(writer.feed) as followed,
    ):
        await begun(writer)
        async with following(followed) as follower:
            await come(writer, "ann")
            proxy.lose_commit(b"lost-bob", done=done)
            await writer.tell([contact("lost-bob")])
            await come(writer, "cid")
            await follower.reached(7)

    assert proxy.lost == 1
    assert follower.numbers == [1, 2, 3, 4, 5, 6, 7]


@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize("here", [True, False], ids=["writing", "standing by"])
async def test_the_slow_and_the_late_miss_nothing(
    database: Database,
    monkeypatch: pytest.MonkeyPatch,
    seed: int,
    here: bool,  # noqa: FBT001 - whether this process writes
) -> None:
    """Inboxes of few changes overflow, pages are short, followers come at any time and dawdle."""
    chance = Random(seed)  # noqa: S311 - a seed to be told again
    monkeypatch.setattr(feed, "RECENT", chance.choice((1, 3, 10)))
    monkeypatch.setattr(feed, "LOOK", 0.02)
    monkeypatch.setattr(feed, "WINDOW", chance.choice((1, 2, 7)))
    wanted = (
        ALL,
        Wanted(frozenset({"ever"})),
        Wanted(contact="c3"),
        Wanted(frozenset({"never", "ever"})),
    )

    def pause() -> float:
        """Dawdle at times."""
        return chance.choice((0.0, 0.0, 0.001, 0.05))

    async with writing(database) as writer, contextlib.AsyncExitStack() as stack:
        followed = await stack.enter_async_context(running(writer.feed if here else Feed(database)))
        await begun(writer)
        followers: list[tuple[int, Follower]] = []
        for number in range(6):
            await come(
                writer, *(f"c{number}-{each}" for each in range(chance.randrange(4))), f"c{number}"
            )
            after = chance.randint(0, await followed.latest())
            follower = following(followed, after, chance.choice(wanted), pause)
            followers.append((after, await stack.enter_async_context(follower)))
        await heard_in_full(followed, followers)


def test_who_overflows_twice_goes_on_from_the_first() -> None:
    """What was left then is read, though more is left before anybody looks."""
    inbox = feed.Inbox(ALL, 4)
    inbox.put(changes.Change(5, "s", 1, "c", True, 0, 0, changes.Cause.EVENT))  # noqa: FBT003
    inbox.overflow(5)
    inbox.overflow(9)

    assert inbox.after == 4


async def heard_in_full(followed: Feed, followers: Sequence[tuple[int, Follower]]) -> None:
    """Compare what each follower hears with the log, from where it began."""
    latest = await followed.latest()
    async with following(followed) as everything:
        await everything.reached(latest)
    assert everything.numbers == list(range(1, latest + 1))
    for after, follower in followers:
        expected = [
            each
            for each in everything.heard
            if each.sequence > after and follower.wanted.takes(each)
        ]
        if expected:
            await follower.reached(expected[-1].sequence)
        assert follower.heard == expected


async def test_a_cursor_of_what_is_deleted_is_refused(database: Database) -> None:
    """At once, and who falls behind what is deleted meanwhile as well."""
    async with writing(database) as writer, running(writer.feed) as followed:
        await begun(writer)
        await come(writer, "ann", "bob")
        await database.change("MATCH (c:Change) WHERE c.sequence <= 4 DELETE c")
        await database.change("MATCH (o:Owner) SET o.log_from = 5, o.log_since = 0")
        with pytest.raises(errors.NoLongerKept) as refused:
            await anext(followed.after(3))
        left = await anext(followed.after(4))

    assert refused.value.message == (
        "The log is kept since 1970-01-01T00:00:00.000Z, and the cursor is from before"
    )
    assert [each.sequence for each in left.changes] == [5, 6]


async def test_who_hears_nothing_does_not_fall_behind(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What others alone want may be deleted, and be too much at once: nothing of it is read."""
    async with writing(database) as writer:
        await begun(writer)
        standing_by = Feed(database)
        async with (
            running(standing_by) as followed,
            following(followed, 0, Wanted(contact="zoe")) as quiet,
            following(followed) as everything,
        ):
            await come(writer, "ann", "bob")
            await everything.reached(6)
            await database.change("MATCH (c:Change) WHERE c.sequence <= 6 DELETE c")
            await database.change("MATCH (o:Owner) SET o.log_from = 7, o.log_since = 0")
            monkeypatch.setattr(feed, "RECENT", 2)
            await come(writer, "cid", "zoe")
            await everything.reached(12)
            latest = await followed.latest()
            await quiet.reached(latest)

    assert [each.contact for each in quiet.heard] == ["zoe"] * 3


async def test_who_hears_nothing_is_told_how_far_the_log_is(database: Database) -> None:
    """After some seconds without a change that is wanted."""
    async with writing(database) as writer, running(writer.feed) as followed:
        await begun(writer)
        async with contextlib.aclosing(followed.after(0, Wanted(contact="zoe"), 0.05)) as batches:
            told = asyncio.ensure_future(anext(batches))
            await come(writer, "ann")
            await told
            batch = await anext(batches)

    assert (batch.changes, batch.upto) == ([], 3)


async def test_a_cursor_of_another_log_is_refused(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The log never came so far, and does not come there soon."""
    monkeypatch.setattr(feed, "_AHEAD", 0.05)
    async with writing(database) as writer, running(writer.feed) as followed:
        with pytest.raises(errors.NoLongerKept) as refused:
            await anext(followed.after(7))

    assert refused.value.message == "The log ends at 0, and the cursor is of 7: it is another log"


async def test_a_quiet_segment_is_caught_up_with_at_once(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However many changes of others there were."""
    monkeypatch.setattr(feed, "WINDOW", 2)
    async with writing(database) as writer:
        await begun(writer)
        await come(writer, "ann", "bob", "cid")
        batches = [each async for each in Feed(database).between(0, 9, Wanted(frozenset({"ever"})))]

    assert [each.upto for each in batches] == [6, 9]
    heard = [[each.contact for each in batch.changes] for batch in batches]
    assert heard == [["ann", "bob"], ["cid"]]


async def test_a_window_is_a_seek(database: Database) -> None:
    """However long the log is, a statement reads no more of it than it asks for."""
    for text in model.constraints():
        await database.change(text)
    asked = {"after": 5, "upto": 9, "segments": None, "contact": None}
    few = {"after": 5, "upto": 9, "segments": ["s"], "limit": 2}

    found = await explained(database, Statement(changes.WINDOW, asked))
    of_few = await explained(database, Statement(changes.OF_FEW, few))

    assert [name for name, _ in found.starts] == ["NodeUniqueIndexSeekByRange"]
    assert [name for name, _ in of_few.starts] == ["NodeIndexSeek", "NodeUniqueIndexSeekByRange"]
    assert found.warnings == of_few.warnings == []
