"""GraphiQL at `/`, in a real browser, over the demo: what a first visitor sees and runs."""

from __future__ import annotations

import json
import re
import shutil
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, Response, expect, sync_playwright

from tests.house import tree

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import BrowserContext, ConsoleMessage, Locator

# The first to come waits until the demo has been loaded.
pytestmark = [pytest.mark.engine, pytest.mark.process, pytest.mark.timeout(300)]

CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
ALONE = (  # asks nobody but the page's server
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
)
TABS = (
    "TopicCluster",
    "HighIntentProspect",
    "Upsell",
    "RecentBuyers",
    "Silence",
    "AsOf",
    "Explain",
    "Vocabulary",
    "RecordEvents",
    "AbandonedCart",
    "BigSpenders",
    "PowerUsers",
    "BuyingCommittee",
    "Churned",
    "Breakdown",
    "SaveSegments",
    "LiveMembers",
    "LiveSize",
)
# Tabs of several questions, with the file of each.
SEVERAL = {
    "AbandonedCart": "paths",
    "BigSpenders": "money",
    "PowerUsers": "habits",
    "BuyingCommittee": "company",
    "Churned": "coming-and-going",
    "Breakdown": "comparing",
    "SaveSegments": "saved-segments",
}
EDITOR = ".graphiql-query-editor .view-lines"
KEPT = """tab => JSON.parse(localStorage.getItem('segraph:/:graphiql:tabState') ?? '{}')
  .activeTabIndex === tab"""
FILLED = 120_000  # milliseconds for a graph that has just begun, beside other work
BACKGROUND = "getComputedStyle(document.querySelector('.graphiql-container')).backgroundColor"


@dataclass(slots=True)
class Visit:
    """A page that is open, with all that it asked for and complained of."""

    page: Page
    requested: list[str] = field(default_factory=list[str])
    complaints: list[str] = field(default_factory=list[str])

    def heard(self, message: ConsoleMessage) -> None:
        """Note what the console says, if it is a warning or worse."""
        if message.type in {"error", "warning", "assert"}:
            self.complaints.append(f"{message.type}: {message.text}")

    def answered(self, response: Response) -> None:
        """Note an answer that is none."""
        if response.status >= 400:
            self.complaints.append(f"{response.status} {response.url}")

    def open(self, tab: str) -> None:
        """Open a tab."""
        self.tab(tab).click()

    def tab(self, name: str) -> Locator:
        """Return the tab of a name."""
        return self.page.get_by_role("tab").filter(has_text=name)

    def run(self) -> Response:
        """Run what is in the editor; return what comes back."""
        with self.page.expect_response("**/graphql") as answer:
            self.page.get_by_label("Execute query").click()
        return answer.value

    def choose(self, operation: str) -> Response:
        """Run one of the operations that are in the editor; return what comes back."""
        button = self.page.get_by_label("Execute query")
        expect(button).to_have_attribute("aria-haspopup", "menu")
        button.click()
        with self.page.expect_response("**/graphql") as answer:
            self.page.get_by_role("menuitem", name=operation, exact=True).click()
        return answer.value

    def storage(self) -> dict[str, str]:
        """Return what the page keeps in the browser."""
        return cast("dict[str, str]", self.page.evaluate("({...localStorage})"))


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Start the machine's Chromium."""
    expect.set_options(timeout=20_000)
    program = next(filter(None, map(shutil.which, CHROMIUM)))
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=program, args=ALONE)
        yield started
        started.close()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """Give a browser that has never been anywhere."""
    fresh = browser.new_context(viewport={"width": 1440, "height": 900})
    yield fresh
    fresh.close()


@pytest.fixture
def visit(context: BrowserContext, demo_server: str) -> Iterator[Visit]:
    """Visit the page; at the end it has complained of nothing and asked nobody else."""
    visit = Visit(context.new_page())
    context.on("request", lambda request: visit.requested.append(request.url))
    context.on("requestfailed", lambda request: visit.complaints.append(f"failed {request.url}"))
    context.on("response", lambda response: visit.answered(response))  # noqa: PLW0108 - a bound method is written to
    context.on("console", lambda message: visit.heard(message))  # noqa: PLW0108 - likewise
    context.on("weberror", lambda thrown: visit.complaints.append(str(thrown.error)))
    with visit.page.expect_response("**/graphql"):
        visit.page.goto(f"{demo_server}/")
    expect(visit.page.locator(EDITOR)).to_contain_text(TABS[0])

    yield visit

    elsewhere = {urlsplit(url).netloc for url in visit.requested} - {urlsplit(demo_server).netloc}
    assert elsewhere <= {""}, "a data: or blob: address has no host, any other is elsewhere"
    assert visit.complaints == []


def test_a_first_visit(visit: Visit) -> None:
    """Whoever comes first finds a tab for each of the usual questions."""
    tabs = visit.page.get_by_role("tab").all_inner_texts()

    assert visit.page.title() == "Segraph: who did what, when, and about what"
    assert tuple(tab for tab in tabs if tab in TABS) == TABS


@pytest.mark.parametrize("tab", TABS[:5])
def test_a_question_has_an_answer(visit: Visit, tab: str) -> None:
    """Each tab that asks for an audience finds contacts, says it in words, and shows them."""
    visit.open(tab)

    answer = visit.run().json()

    audience = answer["data"]["audience"]
    shown = audience["members"]["nodes"]
    assert "errors" not in answer
    assert 0 < len(shown) <= audience["count"]
    assert audience["text"].startswith("Every contact who ")
    expect(visit.page.locator(".result-window")).to_contain_text(shown[0]["key"])


@pytest.mark.parametrize("tab", SEVERAL)
def test_each_of_several_questions_has_an_answer(visit: Visit, tab: str) -> None:
    """Each operation of a tab runs by its name and is answered: nothing was refused."""
    visit.open(tab)
    text = tree.text(f"web/src/queries/{SEVERAL[tab]}.graphql")

    for operation in re.findall(r"^(?:query|mutation) (\w+)", text, re.MULTILINE):
        answer = visit.choose(operation).json()

        assert "errors" not in answer, operation
        for told in answer["data"].values():
            assert "message" not in told, operation
            assert told.get("count") != 0, operation


def test_each_tab_can_be_reached(visit: Visit) -> None:
    """Of all tabs of a first visit each can be brought into sight and opened."""
    for tab in TABS:
        visit.open(tab)

        expect(visit.tab(tab)).to_have_attribute("aria-selected", "true")
        expect(visit.tab(tab)).to_be_in_viewport()
        expect(visit.page.locator(EDITOR)).to_contain_text(tab)


def test_a_cluster_reaches_below_its_topic(visit: Visit) -> None:
    """Members of the pricing cluster clicked things that are filed under topics within it."""
    members = visit.run().json()["data"]["audience"]["members"]["nodes"]

    clicked = [event["about"] for member in members for event in member["events"]["nodes"]]
    topics = {topic["key"] for about in clicked for topic in about.get("topics", [])}
    assert {"plans", "discounts"} <= topics


def test_an_earlier_answer_stands_beside_the_one_of_now(visit: Visit) -> None:
    """The as-of tab asks the same of now and of a month ago, and finds others."""
    visit.open("AsOf")

    response = visit.run()

    answer, sent = response.json(), cast("Any", response.request.post_data_json)
    now, earlier = answer["data"]["now"], answer["data"]["earlier"]
    asked = datetime.fromisoformat(sent["variables"]["earlier"])
    since = datetime.fromisoformat(now["asOf"]) - asked
    assert "errors" not in answer
    assert timedelta(days=30) <= since < timedelta(days=31)
    assert now["count"] > 0
    assert earlier["count"] > 0
    assert now["members"] != earlier["members"]


def test_the_vocabulary_is_the_demo_s(visit: Visit) -> None:
    """The vocabulary tab names what the other tabs speak of."""
    visit.open("Vocabulary")

    answer = visit.run().json()

    told = answer["data"]["vocabulary"]
    assert "errors" not in answer
    assert answer["data"]["status"]["ready"]
    assert {"Content Clicked", "Order Completed"} <= {event["name"] for event in told["events"]}
    assert "plan" in {trait["name"] for trait in told["traits"]}
    assert "pricing" in {topic["key"] for topic in told["topics"]}
    assert "merch" in {category["key"] for category in told["categories"]}


def test_who_is_recorded_is_found(visit: Visit) -> None:
    """What the record tab tells makes its contact a member of the first tab's audience."""
    visit.open("RecordEvents")
    told = visit.run().json()
    visit.open("TopicCluster")

    members = visit.run().json()["data"]["audience"]["members"]["nodes"]

    assert told == {"data": {"recordEvents": {"accepted": 3, "duplicates": 0, "rejected": []}}}
    assert "ada" in [member["key"] for member in members]


def test_the_explorer_opens(visit: Visit) -> None:
    """The explorer shows the operation as a tree, whose boxes change it."""
    visit.page.get_by_label("Show GraphiQL Explorer").click()

    tree = visit.page.locator(".graphiql-explorer-root")
    expect(tree.locator("input").first).to_have_value("TopicCluster")
    tree.get_by_text("asOf", exact=True).click()
    expect(visit.page.locator(EDITOR)).to_contain_text("asOf")


def test_the_documentation_opens(visit: Visit) -> None:
    """The documentation leads from the query to what each field and condition means."""
    visit.page.get_by_label("Show Documentation Explorer").click()
    documents = visit.page.locator(".graphiql-doc-explorer")

    documents.get_by_role("link", name="Query", exact=True).click()
    documents.get_by_role("link", name="audience", exact=True).click()

    expect(documents).to_contain_text("Who meets a condition now")


def test_the_editor_completes_names(visit: Visit) -> None:
    """The editor's workers run, and know the schema."""
    visit.page.get_by_label("New tab").click()
    visit.page.locator(EDITOR).click()
    visit.page.keyboard.type("{ voc")
    visit.page.keyboard.press("Control+Space")

    expect(visit.page.locator(".suggest-widget")).to_contain_text("vocabulary")


def test_tabs_are_kept_and_headers_are_not(visit: Visit, demo_server: str) -> None:
    """A later visit finds its tabs again, under a name of our own, but no header that was sent."""
    visit.page.get_by_role("button", name="Headers").click()
    visit.page.locator(".graphiql-editor-tool .view-lines").last.click()
    visit.page.keyboard.insert_text('{"authorization": "secret"}')
    visit.open("Silence")
    visit.page.wait_for_function(KEPT, arg=TABS.index("Silence"))

    visit.page = visit.page.context.new_page()
    with visit.page.expect_response("**/graphql"):
        visit.page.goto(demo_server)

    expect(visit.tab("Silence")).to_have_attribute("aria-selected", "true")
    kept = visit.storage()
    assert [name for name in kept if not name.startswith("segraph:/:")] == []
    assert "secret" not in json.dumps(kept)


def test_the_page_is_dark_where_the_system_is(visit: Visit) -> None:
    """Colours follow the system, also when it changes."""
    light = visit.page.evaluate(BACKGROUND)

    visit.page.emulate_media(color_scheme="dark")

    assert light != visit.page.evaluate(BACKGROUND)


@pytest.mark.parametrize(("tab", "shows"), [("LiveMembers", "MemberEntered"), ("LiveSize", "left")])
def test_a_segment_is_seen_as_it_changes(
    visit: Visit, demo_server: str, tab: str, shows: str
) -> None:
    """The tabs of subscriptions show what there is, and then somebody who comes."""
    save = {"query": tree.text("web/src/queries/saved-segments.graphql")}
    asked = save | {"operationName": "SaveSegments"}
    assert "errors" not in visit.page.request.post(f"{demo_server}/graphql", data=asked).json()
    visit.open(tab)
    expect(visit.page.locator(EDITOR)).to_contain_text(tab)
    results = visit.page.locator(".result-window")

    with visit.page.expect_websocket():
        visit.page.get_by_label("Execute query").click()
    expect(results).to_contain_text("members", timeout=FILLED)
    come = {"contact": f"came-to-{tab}", "event": "Logged In"}
    told = visit.page.request.post(f"{demo_server}/import", data=[come]).json()

    assert told["accepted"] == 1
    expect(results).to_contain_text(shows)
    expect(results).to_contain_text(come["contact"] if tab == "LiveMembers" else '"entered": 1')
    visit.page.get_by_label("Stop query").click()


def test_a_subscription_takes_the_socket(visit: Visit) -> None:
    """A subscription goes to the same origin by WebSocket, and its refusal is shown."""
    visit.page.get_by_label("New tab").click()
    visit.page.locator(EDITOR).click()
    visit.page.keyboard.insert_text("subscription Changes { __typename }")

    with visit.page.expect_websocket() as opened:
        visit.page.get_by_label("Execute query").click()

    assert opened.value.url == visit.page.url.replace("http", "ws", 1) + "graphql"
    expect(visit.page.locator(".result-window")).to_contain_text("errors")
