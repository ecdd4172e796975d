"""Definitions of order: what came after what, how soon, and what never came."""

from __future__ import annotations

from graph.times import DAY, HOUR, MINUTE
from server.demo.cast.acts import HAIR, done, ordered, page, product
from server.demo.planting import Act, Example, Role

_SIGN_UP = 20 * DAY


def _newcomer(why: str, project: int, *invitations: int, up: int = _SIGN_UP) -> Role:
    """Return who signed up, made a project so long after, and invited so long after that."""
    acts = (
        *done("Signed Up", up),
        *done("Project Created", up - project),
        *done("Member Invited", *(up - project - later for later in invitations)),
    )
    return Role(why, acts, age=up + HAIR)


def stalled_onboarding() -> Example:
    """Return the newcomer who started and then stayed alone."""
    return Example(
        name="stalled-onboarding",
        text="Signed up, created a project within 1 day, and invited nobody within 3 days after",
        watches=frozenset({"Signed Up", "Project Created", "Member Invited"}),
        condition={
            "sequence": {
                "steps": [
                    {"event": "Signed Up"},
                    {"event": "Project Created", "within": "P1D"},
                    {"event": "Member Invited", "within": "P3D", "absent": True},
                ]
            }
        },
        members=(
            _newcomer("a project after two hours, no invitation", 2 * HOUR),
            _newcomer("a project exactly a day later", DAY),
            _newcomer("invited 3 days and a minute after the project", HOUR, 3 * DAY + HAIR),
        ),
        near_misses=(
            _newcomer("a project a day and a minute later", DAY + HAIR),
            _newcomer("invited exactly 3 days after the project", HOUR, 3 * DAY),
            _newcomer("the 3 days are over in a minute", HOUR, up=3 * DAY + HOUR - HAIR),
            _newcomer("the project came before the sign-up", -HAIR),
        ),
    )


def viewed_not_bought() -> Example:
    """Return the one who looked at a product and did not buy that one."""
    shirt = "shirt-funnel"
    looked = product(shirt, 5 * DAY)
    return Example(
        name="viewed-not-bought",
        text="Viewed a product and did not purchase the same one within 48 hours",
        watches=frozenset({"Product Viewed", "Order Completed"}),
        condition={
            "sequence": {
                "steps": [
                    {"event": "Product Viewed"},
                    {"event": "Product Purchased", "within": "PT48H", "absent": True},
                ],
                "same": {"thing": True},
            }
        },
        members=(
            Role("looked and left", looked),
            Role(
                "bought another one", (*looked, *ordered(59.0, 5 * DAY - HOUR, key="hoodie-dawn"))
            ),
            Role(
                "bought it 48 hours and a minute later",
                (*looked, *ordered(26.0, 3 * DAY - HAIR, key=shirt)),
            ),
            Role("the 48 hours are just over", product(shirt, 2 * DAY)),
        ),
        near_misses=(
            Role("bought it exactly 48 hours later", (*looked, *ordered(26.0, 3 * DAY, key=shirt))),
            Role(
                "bought it within minutes",
                (*looked, *ordered(26.0, 5 * DAY - 9 * MINUTE, key=shirt)),
            ),
            Role("the 48 hours are over in a minute", product(shirt, 2 * DAY - HAIR)),
            Role("bought without a look", ordered(26.0, 5 * DAY, key=shirt)),
        ),
    )


def _way(visit: int, demo: int, contract: int) -> tuple[Act, ...]:
    return (
        *page("landing-sales", visit),
        *done("Demo Requested", demo),
        *page("contract", contract),
    )


def evaluation_path() -> Example:
    """Return the one who came, asked for a demo and read the contract."""
    start = 20 * DAY
    asked = (*page("landing-finance", start), *done("Demo Requested", 17 * DAY))
    again = page("landing-founders", 40 * DAY)
    return Example(
        name="evaluation-path",
        text="Viewed a landing page, requested a demo, viewed the contract page, each within "
        "7 days of the one before",
        watches=frozenset({"Page Viewed", "Demo Requested"}),
        condition={
            "sequence": {
                "steps": [
                    {"event": "Page Viewed", "about": {"content": {"kind": "landing"}}},
                    {"event": "Demo Requested", "within": "P7D"},
                    {
                        "event": "Page Viewed",
                        "about": {"content": {"keys": ["contract"]}},
                        "within": "P7D",
                    },
                ]
            }
        },
        members=(
            Role("three days apart", _way(start, 17 * DAY, 14 * DAY)),
            Role("exactly 7 days apart", _way(21 * DAY, 14 * DAY, 7 * DAY)),
            Role("the second visit counts", (*again, *_way(10 * DAY, 9 * DAY, 8 * DAY))),
        ),
        near_misses=(
            Role("the contract came a minute too late", _way(start, 17 * DAY, 10 * DAY - HAIR)),
            Role("the demo came a minute too late", _way(start, 13 * DAY - HAIR, 12 * DAY)),
            Role("the contract before the demo", _way(start, 17 * DAY, 18 * DAY)),
            Role("read the prices, not the contract", (*asked, *page("pricing", 15 * DAY))),
        ),
    )
