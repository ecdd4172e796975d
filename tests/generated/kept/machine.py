"""A machine that does to servers all that may happen, and looks after each step who is kept."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from typing import TYPE_CHECKING, Final, TypeVar

import pytest
from hypothesis import note
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from graph import conditions, errors, times
from graph.clock import FixedClock
from graph.subject import NEVER
from graph.upkeep.limits import Limits
from tests import report
from tests.generated import histories, pools
from tests.generated.kept.defining import KEYS, saving
from tests.generated.kept.ledger import Ledger, began, passed
from tests.generated.kept.mortal import Dropped
from tests.generated.kept.servers import Servers, read
from tests.generated.kept.telling import CONTACTS, CONTENTS, batch, events, first, instants
from tests.generated.kept.truth import Truth
from tests.generated.words import words_of

if TYPE_CHECKING:
    from collections.abc import Coroutine, Mapping, Sequence
    from random import Random

    from graph.audience import Audience
    from graph.catalogue import Saved
    from graph.database import Database
    from graph.roster import Roster
    from graph.segmentation import Segmentation
    from tests.engine import Running
    from tests.generated.kept.telling import Line

_T = TypeVar("_T")

RING: Final = "kept"
FEW: Final = Limits(memory=4_000)
"""So little memory that most contacts are read again each time."""
LENGTHS: Final = (
    1,
    times.HOUR,
    times.DAY - 1,
    times.DAY,
    6 * times.DAY,
    7 * times.DAY,
    31 * times.DAY,
)
CHANCE: Final = st.randoms(use_true_random=True)
MOMENT: Final = st.integers(0, 60)


class Machine(RuleBasedStateMachine):
    """Servers over a graph, told anything at any time, and what plain Python makes of it."""

    def __init__(
        self, runner: asyncio.Runner, neo4j: Running, graph: Database, saved: Sequence[object]
    ) -> None:
        super().__init__()
        self._runner = runner
        self._neo4j = neo4j
        self._graph = graph
        self._definitions = saved
        self._clock = FixedClock(histories.NOW)
        self._truth = Truth()
        self._ledger = Ledger(graph)
        self._steps = Counter[str]()
        self._broken = False
        self._judged = Counter[str]()

    def _do(self, work: Coroutine[object, object, _T]) -> _T:
        try:
            return self._runner.run(work)
        except BaseException:
            self._broken = True
            raise

    @initialize(limits=st.sampled_from((Limits(), FEW)), chance=CHANCE)
    def begins(self, limits: Limits, chance: Random) -> None:
        """A server starts on an empty graph, is told of some contacts, and of segments."""
        self._servers = Servers(self._neo4j, self._graph, self._clock, limits)
        self._do(self._graph.change("MATCH (n) DETACH DELETE n"))
        self._do(self._servers.start())
        saved = [saving(key, where) for key, where in pools.SEGMENTS.items()]
        saved += [saving(key, chance.choice(self._definitions)) for key in KEYS]
        self._tells("begun", first(), self._lines(chance, 24), saved)

    def _lines(self, chance: Random, most: int = 8) -> list[Line]:
        return batch(chance, self._clock.now(), most)

    def _tells(self, step: str, *batches: list[Line]) -> None:
        """Tell batches at one moment; what is refused is not so."""
        note(f"{step}: {batches}")
        self._steps[step] += 1
        for lines, told in zip(batches, self._do(self._servers.tell(*batches)), strict=True):
            self._truth.take(lines, told)

    @rule(chance=CHANCE)
    def tells(self, chance: Random) -> None:
        """Something is told: late, early, in conflict with what is known, some of it again."""
        known = self._truth.events()
        again = chance.sample(known, min(len(known), chance.randrange(4)))
        lines = [*self._lines(chance), *again]
        last = dict(self._ledger.last)
        self._tells("told", lines)
        rows, now = self._do(self._ledger.replay()), self._clock.now()
        self._steps["began"] += began(rows, last, self._truth, instants(lines) | {now}, now)

    @rule(chance=CHANCE)
    def saves(self, chance: Random) -> None:
        """A segment is saved or edited, while others go on telling."""
        key, where = chance.choice((*KEYS, *pools.SEGMENTS)), chance.choice(self._definitions)
        self._tells("saved", self._lines(chance), [saving(key, where)], self._lines(chance))

    @rule(chance=CHANCE)
    def archives(self, chance: Random) -> None:
        """A segment is archived, where no other uses it, and another one is saved."""
        key = chance.choice((*KEYS, *pools.SEGMENTS))
        if self._do(self._archived(key)):
            self._truth.archived.add(key)
        other = saving(chance.choice(KEYS), chance.choice(self._definitions))
        self._tells("archived", self._lines(chance), [other])

    async def _archived(self, key: str) -> bool:
        owner = await self._servers.writer()
        try:
            await owner.asked.archive_segment(key)
        except (errors.SegmentNotFound, errors.SegmentInUse):
            return False
        return True

    @rule(chance=CHANCE)
    def deletes(self, chance: Random) -> None:
        """A contact or a content is deleted, and perhaps told of again."""
        contacts = [("Contact", key) for key in CONTACTS[:3]]
        label, key = chance.choice([*contacts, *(("Content", key) for key in CONTENTS)])
        self._do(self._deleted(label, key))
        self._tells("deleted", self._lines(chance))

    async def _deleted(self, label: str, key: str) -> None:
        note(f"the {label} {key} is deleted")
        owner = await self._servers.writer()
        await owner.asked.delete([(label, key)])
        self._truth.delete(label, key)
        await self._ledger.replay()
        if label == "Contact":
            self._ledger.forget(key)

    @rule(length=st.sampled_from(LENGTHS), chance=CHANCE)
    def lets_time_pass(self, length: int, chance: Random) -> None:
        """Nothing is told for a while."""
        self._pass(length)
        self._tells("time passed", self._lines(chance))

    @rule(short=st.sampled_from((0, 0, 1)), chance=CHANCE)
    def lets_a_verdict_turn(self, short: int, chance: Random) -> None:
        """Time goes on to the instant at which something turns, or just before it."""
        now = self._clock.now()
        turn = self._truth.next(now)
        self._pass(max(turn - short - now, 0) if turn < NEVER else 0)
        self._tells("turned", self._lines(chance))

    @rule(length=st.sampled_from(LENGTHS), chance=CHANCE)
    def rests(self, length: int, chance: Random) -> None:
        """No server runs for a while; what fell due meanwhile is worked off before all else."""
        self._do(self._servers.close())
        self._pass(length)
        self._tells("rested", self._lines(chance))

    @rule(length=st.sampled_from(LENGTHS), chance=CHANCE)
    def hurries(self, length: int, chance: Random) -> None:
        """Something happens before it is worked off what fell due."""
        self._pass(length, events(chance, self._clock.now() + length))
        self._steps["hurried"] += 1

    def _pass(self, length: int, lines: list[Line] | None = None) -> None:
        self._steps["turns"] += self._do(self._passed(length, lines or []))

    async def _passed(self, length: int, lines: list[Line]) -> int:
        """Let time pass, and return how often it turned a verdict; the log has all of it.

        `lines` are told at the very end, of what happens just then.
        """
        before, now = self._clock.now(), self._clock.now() + length
        self._clock.advance(length)
        note(f"{length} ms pass, then {lines}")
        turns = list(self._truth.turns(before, now))
        if lines:
            (told,) = await self._servers.tell(lines)
            self._truth.take(lines, told)
        await self._servers.settled()
        passed(await self._ledger.replay(), turns, now if lines else None)
        return len(turns)

    @rule(chance=CHANCE, moment=MOMENT)
    def crashes(self, chance: Random, moment: int) -> None:
        """The process is dropped at some moment after it was told something."""
        self._breaks("dropped", chance, moment, Dropped())

    @rule(chance=CHANCE, moment=MOMENT)
    def loses_an_answer(self, chance: Random, moment: int) -> None:
        """The connection to the graph breaks, be it just before a commit or just after it."""
        self._breaks("cut off", chance, moment, errors.GraphUnavailable("cut off"))

    def _breaks(self, step: str, chance: Random, moment: int, error: BaseException) -> None:
        owner = self._do(self._servers.writer())
        owner.database.fail(moment, error)
        batches = [self._lines(chance)]
        if chance.random() < 0.5:
            batches.append([saving(KEYS[0], chance.choice(self._definitions))])
        self._tells(step, *batches)
        self._do(self._servers.settled())
        owner.database.spare()

    @rule(chance=CHANCE)
    def is_taken_over(self, chance: Random) -> None:
        """The writer is paused past its lease, another takes over, and what it resumes fails."""
        self._do(self._taken_over(events(chance, self._clock.now())))
        self._tells("taken over", self._lines(chance))

    async def _taken_over(self, lines: list[Line]) -> None:
        paused = await self._servers.writer()
        paused.database.hold()
        telling = asyncio.create_task(paused.asked.tell(read(lines)))
        await paused.database.held.wait()
        await self._servers.successor(paused)
        paused.database.go_on()
        with pytest.raises(errors.NotOwner):
            await telling

    @rule(chance=CHANCE)
    def is_dropped(self, chance: Random) -> None:
        """The writer is dropped while it rests; another takes over, or is started."""
        self._do(self._servers.drop(self._do(self._servers.writer())))
        self._tells("dropped at rest", self._lines(chance))

    @invariant()
    def members_are_those_who_meet_the_definition(self) -> None:
        """In the graph, in the log replayed, by the sizes; nobody is due too late."""
        for key, number in self._do(self._agreed()).items():
            self._judged[json.dumps(self._truth.saved[key])] += number

    async def _agreed(self) -> Mapping[str, int]:
        await self._servers.settled()
        await self._ledger.replay()
        return await self._ledger.agree(self._truth, self._clock.now())

    def teardown(self) -> None:
        """Ask Neo4j for the same, and stop."""
        try:
            if not self._broken:
                self._do(self._asked())
        finally:
            self._runner.run(self._servers.close())
        ring = report.RINGS[RING]
        for raw, number in self._judged.items():
            definition = json.loads(raw)
            ring.judged(definition, words_of(conditions.read(definition)), number)
        report.COUNTED[RING].update(self._steps, runs=1)

    async def _asked(self) -> None:
        """Compare who is kept with what a server answers and whom the compiled Cypher finds."""
        asked = (await self._servers.writer()).asked
        past = self._clock.now() - times.DAY
        for key, saved in (await asked.catalogue()).items():
            if key not in self._truth.live:
                continue
            now, then = await asked.members(saved), await asked.members(saved, past)
            assert await keys(now) == self._ledger.at(key, None)
            assert await keys(then) == self._ledger.at(key, past)
            page = await asked.changes(key, 500, None)
            assert [change.sequence for _, change in page.items] == self._ledger.log[key]
            await self._found(asked, saved)

    async def _found(self, asked: Segmentation, saved: Saved) -> None:
        audience = await asked.audience(saved.definition)
        try:
            found = await keys(audience)
        except errors.GraphTooSlow:
            report.RINGS[RING].slow += 1
            return
        assert found == self._ledger.at(saved.key, None), (saved, self._clock.now())
        self._steps["found"] += 1


async def keys(asked: Audience | Roster) -> list[str]:
    """Return the keys of all members."""
    page = await asked.members(500, None)
    return [contact.key for _, contact in page.items]
