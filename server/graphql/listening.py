"""Listeners: those who listen alike hear one execution, whose messages are encoded once."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Collection, Hashable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, cast

from strawberry.http import process_result
from strawberry.types.execution import PreExecutionError
from strawberry.types.graphql import OperationType

from graph import errors
from schema.context import Phase, Stream
from server.graphql import alike
from server.graphql.encoding import encoded
from server.graphql.waiting import Message, Waiting

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable

    import strawberry
    from strawberry.types import ExecutionResult

_log = logging.getLogger(__name__)

_FAILURES: Final = frozenset(
    each.code for each in (errors.SegraphError, errors.GraphUnavailable, errors.GraphTooSlow)
)
"""Codes of errors that are no client's."""
_AGAIN: Final = 0.5
"""Seconds after which what could not go on begins again."""
_BREATH: Final = 50
"""Messages after which those who listen are let go on."""


@dataclass(frozen=True, slots=True)
class Asked:
    """An operation; `after` is the cursor that a client came back with, `viewer` who may see."""

    query: str | None
    variables: Mapping[str, Any] | None = None
    operation_name: str | None = None
    extensions: dict[str, Any] | None = None
    after: str | None = None
    viewer: Hashable = None
    allowed: Collection[OperationType] | None = None


@dataclass(eq=False, slots=True)
class _Group:
    """All who listen alike; `stream` tells up to which number of the log they have heard."""

    stream: Stream
    members: dict[Waiting, None] = field(default_factory=dict["Waiting", None])
    task: asyncio.Task[None] | None = None

    @property
    def at(self) -> int:
        """The number of the log up to which they have heard."""
        return cast("int", self.stream.at)

    async def run(self, messages: AsyncGenerator[Message]) -> None:
        """Give all what comes; where it cannot go on, each is to begin again where it is."""
        number, stream = 0, self.stream
        try:
            async with contextlib.aclosing(messages):
                async for message in messages:
                    if stream.failed:
                        break
                    for member in self.members:
                        member.put(message)
                    number += 1
                    if number % _BREATH == 0:
                        await asyncio.sleep(0)
        except Exception:  # noqa: BLE001 - whatever it is, they are not to miss anything
            _log.exception("those who listen alike begin again")
            stream.failed = True
        finally:
            for member in self.members:
                member.close(failed=stream.failed)


class Listeners:
    """Executes operations as streams; `latest` returns the number of the last change."""

    def __init__(
        self,
        schema: strawberry.Schema,
        make_listening: Callable[[Stream], object],
        latest: Callable[[], Any],
    ) -> None:
        self._schema = schema
        self._make_listening = make_listening
        self._latest = latest
        self._groups: dict[Hashable, _Group] = {}
        self._over = False

    def end(self) -> None:
        """Send all away who listen, or are about to: none of them has heard all."""
        self._over = True
        for group in self._groups.values():
            for member in group.members:
                member.end()

    def listen(self, asked: Asked) -> AsyncGenerator[Message]:
        """Return the one answer of a query or mutation, or all that a subscription hears.

        Raises:
            Ending: the server ends.
        """
        return _Listener(self, asked).messages()

    async def executed(self, asked: Asked, stream: Stream) -> AsyncGenerator[Message]:
        """Yield what an execution of its own says."""
        results = await self._schema.stream(
            asked.query,
            variable_values=cast("dict[str, Any] | None", asked.variables),
            context_value=self._make_listening(stream),
            operation_name=asked.operation_name,
            operation_extensions=asked.extensions,
            allowed_operation_types=asked.allowed,
        )
        async with contextlib.aclosing(results):
            async for result in results:
                refused = isinstance(result, PreExecutionError)
                codes = _codes(cast("ExecutionResult", result))
                if refused or not _FAILURES.isdisjoint(codes):
                    away = errors.GraphUnavailable.code in codes and stream.at is not None
                    stream.failed, stream.ended = True, not away
                    if away:
                        return  # what was to be told is told once the graph is there again
                place = None if stream.page or stream.failed else stream.place
                stream.at = stream.at if place is None else place.sequence
                payload = encoded(process_result(cast("ExecutionResult", result)))
                yield Message(payload, place, refused)
                if stream.failed:
                    return

    async def join(self, key: Hashable) -> tuple[_Group, Waiting]:
        """Join those who listen alike; what comes waits from now on."""
        group = self._groups.get(key)
        if group is None or (group.task is not None and group.task.done()):
            self._groups.pop(key, None)
            stream = Stream(Phase.LIVE, _not_opened, at=await self._latest())
            group = self._groups.setdefault(key, _Group(stream))
        member = Waiting()
        group.members[member] = None
        if self._over:
            member.end()
        return group, member

    def begin(self, asked: Asked, key: Hashable, group: _Group) -> None:
        """Execute for a group, if nobody has begun yet."""
        if group.task is None:
            group.task = asyncio.create_task(group.run(self.executed(asked, group.stream)))
            group.task.add_done_callback(lambda _: self._end(key, group))

    def leave(self, key: Hashable, group: _Group, member: Waiting) -> None:
        """Leave a group; the last one ends it."""
        group.members.pop(member, None)
        if not group.members:
            self._end(key, group)
            if group.task is not None:
                group.task.cancel()

    def _end(self, key: Hashable, group: _Group) -> None:
        if self._groups.get(key) is group:
            del self._groups[key]


class _Listener:
    """One operation: what it opens with, and what it then hears with others."""

    def __init__(self, listeners: Listeners, asked: Asked) -> None:
        self._listeners = listeners
        self._asked = asked
        self._key: Hashable = None
        self._joined: tuple[_Group, Waiting] | None = None
        self._stream = Stream(Phase.OPENING, self._opened, asked.after)

    async def messages(self) -> AsyncGenerator[Message]:
        """Yield all it hears."""
        phase: Phase | None = Phase.OPENING
        try:
            while phase is not None:
                heard = self._alike() if phase is Phase.LIVE else self._executed(phase)
                async with contextlib.aclosing(heard):
                    async for message in heard:
                        yield message
                phase = await self._next(phase)
        finally:
            self._leave()

    async def _next(self, phase: Phase) -> Phase | None:
        """Return what to execute next; what waited and was too much is opened from the log."""
        if self._stream.ended:
            return None
        if self._stream.failed:
            self._stream.failed = False
            await asyncio.sleep(_AGAIN)
            return Phase.OPENING
        if self._joined is None:
            return None
        group, member = self._joined
        if phase is not Phase.LIVE:
            lost = member.lagging or phase is Phase.LAGGING
            return Phase.OPENING if lost else Phase.LIVE
        if member.failed and not member.lagging:
            # It has read all that came for them: what came since is what nobody wanted.
            self._stream.at = max(cast("int", self._stream.at), group.at)
            await asyncio.sleep(_AGAIN)
            return Phase.OPENING
        return Phase.LAGGING if member.lagging else None

    async def _alike(self) -> AsyncGenerator[Message]:
        """Yield what all hear who listen alike, but what this one has heard already."""
        stream, (group, member) = self._stream, cast("tuple[_Group, Waiting]", self._joined)
        self._listeners.begin(self._asked, self._key, group)
        while await member.more():
            message = member.take()
            at = None if message.place is None else message.place.sequence
            if at is None or stream.at is None or at > stream.at:
                stream.at = stream.at if at is None else at
                yield message

    async def _executed(self, phase: Phase) -> AsyncGenerator[Message]:
        self._stream.phase = phase
        found = self._listeners.executed(self._asked, self._stream)
        async with contextlib.aclosing(found):
            async for message in found:
                yield message

    async def _opened(self) -> int:
        self._leave()
        asked = self._asked
        self._key = alike.key(
            asked.query or "", asked.variables, asked.operation_name, asked.viewer
        )
        self._joined = await self._listeners.join(self._key)
        return self._joined[0].at

    def _leave(self) -> None:
        if self._joined is not None:
            self._listeners.leave(self._key, *self._joined)
            self._joined = None


def _codes(result: ExecutionResult) -> set[object]:
    return {(each.extensions or {}).get("code") for each in result.errors or ()}


async def _not_opened() -> int:
    raise NotImplementedError
