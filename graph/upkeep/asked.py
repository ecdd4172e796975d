"""Which rules a contact is judged by, for what was told of it and as time passes."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from graph.subject import Event
    from graph.upkeep.applied import News
    from graph.upkeep.people import Person
    from graph.upkeep.rules import Rule, Rules


def turned(
    person: Person, rules: Rules, news: News, events: Sequence[Event], now: int, *, new: bool
) -> Collection[Rule]:
    """Take in events of a contact; return the rules on it alone that they and its news may turn.

    All else of the news is taken in before. Time has turned before what it turns up to now.
    """
    watch = rules.watch
    segments = watch.turned(person, events, now)
    person.subject.history.extend(events)
    if new and person.subject.since > now:
        person.unknown = person.subject.since
        return ()
    if not person.counted(now) or (news.since is not None and not new):
        kinds = news.kinds
        looking = (rule for rule in rules.alone if kinds is None or rule.looks_at(kinds))
        return [rule for rule in looking if rule.covers(person.key)]
    if news.profile:
        segments |= watch.asking
    if new:
        segments |= watch.standing
    return rules.covering(segments, person.key)


def anew(person: Person, rules: Rules, t: int) -> Mapping[str, object]:
    """Return the segments that a contact may be in at t, or was in, whatever else is known of it.

    All others only count events, of which it has not so many.
    """
    if not person.counted(t):
        return rules.by_key
    watch = rules.watch
    social = {rule.segment: rule for rule in rules.social}
    kept = {**person.members, **person.turns}
    return {**watch.reached(person), **watch.asking, **watch.standing, **social, **kept}


def awaiting(person: Person, rules: Rules, t: int) -> list[Rule]:
    """Return the rules of which time may have turned the verdict on a contact up to t."""
    segments = anew(person, rules, t) if person.unknown <= t else person.turning(t)
    return rules.covering(segments, person.key)
