"""By when an event must happen to count beside those that count now, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graph.conditions import words

if TYPE_CHECKING:
    from collections.abc import Iterable

    from graph.conditions.window import Window
    from graph.subject import Event, Subject


def when(window: Window | None, subject: Subject, t: int) -> str:
    """Return what to say of when an event must happen to lie in a window, after a comma or not."""
    if window is None:
        return ""
    bounds = window.bounds(subject, t)
    if bounds is None or bounds[0] > bounds[1]:
        return f" {window.text()}"
    if bounds[1] < t:
        return f" {window.text()}, told late"
    return ""


def until(events: Iterable[Event], window: Window | None, subject: Subject, t: int) -> int | None:
    """Return when the first of these gets out of a window, or it lets in no more; None is never."""
    if window is None:
        return None
    zone, closes = subject.zone(t), window.closes(subject, t)
    ends = [at for event in events for at in window.edges(event.at, t, zone) if at > t]
    if closes is not None and closes > t:
        ends.append(closes)
    return min(ends, default=None)


def before(events: Iterable[Event], window: Window | None, subject: Subject, t: int) -> str:
    """Return ` before 12:04 UTC tomorrow`, when these begin to count no more, if they do."""
    at = until(events, window, subject, t)
    return "" if at is None else f" before {words.moment(at, t)}"
