"""The examples in their order: a place in it decides the names of those who play."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from server.demo.cast import company, habits, interest, money, paths, silence

if TYPE_CHECKING:
    from server.demo.planting import Example


@lru_cache(maxsize=4)
def examples(now: int) -> tuple[Example, ...]:
    """Return all examples as of an instant; a new one goes to the end."""
    return (
        interest.high_intent_prospect(),
        interest.abandoned_cart(),
        interest.upsell(),
        silence.silence_login(),
        silence.silence_purchase(),
        silence.silence_open(),
        company.trial_expiring(now),
        interest.topic_cluster(),
        habits.power_users(now),
        silence.churned(),
        money.recent_buyers(),
        money.recent_spenders(),
        habits.engaged_readers(),
        silence.resumed(),
        money.first_order(),
        paths.stalled_onboarding(),
        paths.viewed_not_bought(),
        paths.evaluation_path(),
        money.big_spenders(),
        habits.favourite_clothing(),
        habits.more_plays(),
        habits.downgraded(),
        habits.fast_starters(),
        money.champions(),
        company.sleeping_accounts(),
        company.buying_committee(),
        company.near_berlin(),
        company.birthday_week(now),
        company.sampled(),
        silence.was_active(),
        company.steady_plan(),
        money.popular_pick(),
        company.large_enterprises(),
        silence.active(),
    )
