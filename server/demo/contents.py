"""What Lumen publishes: its topics, and the pages, stories and recordings filed under them."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, Final

from server.demo.chance import Mix, ranked
from server.demo.names import slug

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True, slots=True)
class Content:
    """A page of the site."""

    key: str
    kind: str
    title: str
    url: str
    topics: tuple[str, ...]


# Topic, name, parent.
TOPICS: Final = (
    ("pricing", "Pricing", None),
    ("discounts", "Discounts", "pricing"),
    ("plans", "Plans", "pricing"),
    ("roi", "Return on investment", "pricing"),
    ("roi-calculator", "The ROI calculator", "roi"),
    ("analytics", "Analytics", None),
    ("dashboards", "Dashboards", "analytics"),
    ("reports", "Reports", "analytics"),
    ("cohorts", "Cohorts", "reports"),
    ("funnels", "Funnels", "analytics"),
    ("integrations", "Integrations", None),
    ("warehouses", "Data warehouses", "integrations"),
    ("crm", "CRM", "integrations"),
    ("messaging", "Messaging", "integrations"),
    ("security", "Security", None),
    ("sso", "Single sign-on", "security"),
    ("compliance", "Compliance", "security"),
    ("gdpr", "GDPR", "compliance"),
    ("growth", "Growth", None),
    ("retention", "Retention", "growth"),
    ("experiments", "Experiments", "growth"),
    ("onboarding", "Onboarding", "growth"),
    ("engineering", "Engineering", None),
    ("api", "The API", "engineering"),
    ("sdk", "SDKs", "engineering"),
    ("data-quality", "Data quality", "engineering"),
    ("company", "Company", None),
    ("customers", "Customers", "company"),
    ("gatherings", "Meet-ups and webinars", "company"),
)

_PRICING = (
    ("pricing", "Pricing", ("pricing",)),
    ("pricing-plans", "Plans compared", ("plans",)),
    ("pricing-startups", "Pricing for startups", ("plans", "discounts")),
    ("pricing-enterprise", "Pricing for enterprises", ("plans", "security")),
    ("pricing-discounts", "Discounts for yearly billing", ("discounts",)),
    ("pricing-nonprofits", "Free for non-profits", ("discounts", "company")),
    ("pricing-calculator", "What Lumen saves you", ("roi-calculator",)),
    ("contract", "Order form and contract", ("plans", "compliance")),
)
_BLOG = ("What we learned about {0}", "{0}: five mistakes that cost us a quarter")
_DOCS = ("Set up {0}", "{0}: reference")
_STORIES = (
    ("Halden Logistics", "cut reporting from days to minutes", "dashboards"),
    ("Nordlys Energy", "paid Lumen back in eleven weeks", "roi"),
    ("Brightside Clinics", "passed an audit without a single finding", "compliance"),
    ("Kite & Compass", "doubled second bookings", "retention"),
    ("Fjordbank", "moved 400 people to single sign-on in a weekend", "sso"),
    ("Papaya Learning", "found the lesson where pupils gave up", "funnels"),
    ("Verdant Foods", "stopped arguing about numbers", "reports"),
    ("Atlas Freight", "linked nine depots to one warehouse", "warehouses"),
    ("Moonshot Games", "ran forty experiments in a month", "experiments"),
    ("Copperfield Press", "halved its bill with yearly plans", "discounts"),
    ("Sable Insurance", "chose a plan in one meeting", "plans"),
    ("Tidewater Homes", "made its CRM tell the truth", "crm"),
    ("Lighthouse Care", "answered data requests in an hour", "gdpr"),
    ("Pinewood Outfitters", "sees cohorts instead of averages", "cohorts"),
    ("Orbit Telecom", "built its own portal on the API", "api"),
    ("Saffron Kitchens", "brings alerts to where the cooks are", "messaging"),
    ("Granite Mutual", "proved the return before signing", "roi-calculator"),
    ("Juniper Travel", "gets new hosts going in a day", "onboarding"),
    ("Redwood Robotics", "tracks every arm with one SDK", "sdk"),
    ("Clearwater Utilities", "caught a broken meter feed in minutes", "data-quality"),
    ("Marigold Fashion", "knows which dress comes back", "analytics"),
    ("Summit Sports", "grew without growing its team", "growth"),
    ("Harbour Legal", "sleeps well since it moved", "security"),
    ("Beacon Charity", "does more with a non-profit discount", "discounts"),
)
_AUDIENCES = (
    ("product teams", "analytics"),
    ("marketing", "growth"),
    ("data engineers", "warehouses"),
    ("founders", "plans"),
    ("support teams", "messaging"),
    ("finance", "roi"),
    ("agencies", "reports"),
    ("online shops", "funnels"),
    ("security teams", "security"),
    ("developers", "api"),
    ("sales", "crm"),
    ("schools", "onboarding"),
)
_WEBINARS = (
    ("Dashboards people read", "dashboards"),
    ("From event to insight", "analytics"),
    ("A privacy review in thirty minutes", "gdpr"),
    ("Which plan fits", "plans"),
    ("Retention without tricks", "retention"),
    ("Show the return", "roi"),
    ("One login for all", "sso"),
    ("Cohorts for beginners", "cohorts"),
    ("Keep your data clean", "data-quality"),
    ("Experiments that end", "experiments"),
    ("Your warehouse and Lumen", "warehouses"),
    ("The first week", "onboarding"),
)


def _page(key: str, kind: str, title: str, *topics: str) -> Content:
    path = key.removeprefix(f"{kind}-")
    return Content(key, kind, title, f"https://lumen.example/{kind}/{path}", topics)


def _written() -> Iterator[Content]:
    names = {key: name for key, name, parent in TOPICS if parent}
    keys = tuple(names)
    for number, (key, name) in enumerate(names.items()):
        beside = (keys[(number + 9) % len(keys)],) if number % 3 == 0 else ()
        for part, title in enumerate(_BLOG, 1):
            yield _page(f"blog-{key}-{part}", "blog", title.format(name), key, *beside)
        for part, title in zip(("setup", "reference"), _DOCS, strict=True):
            yield _page(f"docs-{key}-{part}", "docs", title.format(name), key)


def _told() -> Iterator[Content]:
    for company, deed, topic in _STORIES:
        key = f"case-study-{slug(company)}"
        yield _page(key, "case-study", f"How {company} {deed}", topic, "customers")
    for audience, topic in _AUDIENCES:
        yield _page(f"landing-{slug(audience)}", "landing", f"Lumen for {audience}", topic)
    for title, topic in _WEBINARS:
        yield _page(f"webinar-{slug(title)}", "webinar", title, topic, "gatherings")


CONTENTS: Final = tuple(
    chain((_page(key, "pricing", title, *of) for key, title, of in _PRICING), _told(), _written())
)


def _of_kind(kind: str) -> Mix[str]:
    keys = [content.key for content in CONTENTS if content.kind == kind]
    return ranked(keys[::3] + keys[1::3] + keys[2::3])


PRICING: Final = _of_kind("pricing")
STORIES: Final = _of_kind("case-study")
BLOG: Final = _of_kind("blog")
DOCS: Final = _of_kind("docs")
LANDING: Final = _of_kind("landing")
WEBINARS: Final = _of_kind("webinar")
