"""An import: each file from where it stands on, a request in flight while the next one fills."""

from __future__ import annotations

from concurrent.futures import Future
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING

from server.transfer import bookmark
from server.transfer.bookmark import Bookmark, Place
from server.transfer.chunks import Chunk, chunks
from server.transfer.failures import BrokenFile, WrongOption
from server.transfer.reading import Options, read
from server.transfer.rejects import SUFFIX, Rejects
from server.transfer.source import STDIN, opened
from server.transfer.tally import Tally

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from server.transfer.display import Display
    from server.transfer.sending import Sender, Settled
    from server.transfer.source import Source


@dataclass(frozen=True, slots=True)
class Job:
    """What is asked: the files, how they are read, and where what is beside them goes."""

    files: tuple[str, ...]
    options: Options
    lines: int
    rejects: Path | None = None
    state: Path | None = None
    restart: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """What has become of a file so far."""

    file: str
    tally: Tally
    resumed_after: int
    rejects: str | None


@dataclass(frozen=True, slots=True)
class _Errand:
    name: str
    rejects: Rejects
    kept: Bookmark | None = None
    place: Place | None = None


def run(job: Job, server: str, sender: Sender, display: Display) -> Iterator[Outcome]:
    """Yield how each file stands after each request; forget it when all files are done.

    `server` is what it is known by, so that an import does not go on at another one.

    Raises:
        CannotTransfer: one cannot be read to its end, or the server does not take it.
    """
    errands = [_errand(name, job, server) for name in job.files]
    _check(job, errands)
    for path in {errand.rejects.path for errand in errands}:
        sizes = (each.place.rejects for each in errands if each.place and each.rejects.path == path)
        Rejects(path).keep(max(sizes, default=0))
    for errand in errands:
        yield from _imported(errand, job, sender, display)
    for errand in errands:
        if errand.kept:
            errand.kept.remove()


def _check(job: Job, errands: Sequence[_Errand]) -> None:
    sources = [Path(name).absolute() for name in job.files]
    for name, source in zip(job.files, sources, strict=True):
        if sources.count(source) > 1:
            raise WrongOption(f"{name} is named twice")
    for errand in errands:
        if errand.rejects.path.absolute() in sources:
            raise WrongOption(
                f"--rejects is '{errand.rejects.path}', which is to be imported; name another file"
            )


def _errand(name: str, job: Job, server: str) -> _Errand:
    if name == STDIN:
        return _Errand(name, Rejects(job.rejects or Path(f"stdin{SUFFIX}")))
    path = Path(name)
    rejects = Rejects(job.rejects or path.with_name(path.name + SUFFIX))
    kept = bookmark.bookmark(path, job.state)
    try:
        begun = bookmark.start(path, server, job.options)
    except OSError as refused:
        raise BrokenFile(f"{name} cannot be opened: {refused.strerror}") from refused
    if job.restart:
        kept.remove()
    place = kept.read()
    return _Errand(
        name, rejects, kept, bookmark.resumed(path, place, begun, kept.path) if place else begun
    )


def _imported(errand: _Errand, job: Job, sender: Sender, display: Display) -> Iterator[Outcome]:
    place = errand.place
    resumed, tally = (place.line, place.tally) if place else (0, Tally())
    if resumed:
        display.say(f"{errand.name}: going on after line {resumed:,}; --restart begins anew")
    yield _outcome(errand, tally, resumed)
    with opened(errand.name) as source:
        for chunk, settled in _settled(source, errand, job, sender, display):
            tally = tally.settling(chunk, settled)
            rejections = sorted(
                (*chunk.rejections, *settled.rejections), key=lambda each: each.line
            )
            size = errand.rejects.write(errand.name, rejections)
            if errand.kept and place:
                errand.kept.write(replace(place, line=chunk.last, tally=tally, rejects=size))
            yield _outcome(errand, tally, resumed)


def _outcome(errand: _Errand, tally: Tally, resumed: int) -> Outcome:
    rejects = str(errand.rejects.path) if tally.rejected else None
    return Outcome(errand.name, tally, resumed, rejects)


def _settled(
    source: Source, errand: _Errand, job: Job, sender: Sender, display: Display
) -> Iterator[tuple[Chunk, Settled]]:
    after = errand.place.line if errand.place else 0
    lines = read(source, job.options, errand.place.written if errand.place else source.written)
    display.begin(errand.name, lines.rows or source.size)
    ready = chunks(lines.items, after=after, lines=job.lines, position=source.position)
    for chunk, settled in _in_flight(ready, sender):
        yield chunk, settled
        display.advance(chunk.last if lines.rows else chunk.position, chunk.size)


def _in_flight(ready: Iterator[Chunk], sender: Sender) -> Iterator[tuple[Chunk, Settled]]:
    flying: Future[tuple[Chunk, Settled]] | None = None
    try:
        for chunk in ready:
            if flying:
                yield flying.result()
            flying = _started(chunk, sender)
    except BrokenFile:
        if flying:
            yield flying.result()
        raise
    except BaseException:
        sender.stop()
        raise
    if flying:
        yield flying.result()


def _started(chunk: Chunk, sender: Sender) -> Future[tuple[Chunk, Settled]]:
    future: Future[tuple[Chunk, Settled]] = Future()

    def fly() -> None:
        try:
            future.set_result((chunk, sender.send(chunk.rows)))
        except BaseException as failed:  # noqa: BLE001 - whoever waits for the future gets it
            future.set_exception(failed)

    # Not one of a pool, which would be waited for where the command is interrupted.
    Thread(target=fly, daemon=True).start()
    return future
