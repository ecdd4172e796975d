"""Who meets a condition, and how that is found out."""

from __future__ import annotations

import strawberry

from graph.audience import Audience as Found
from graph.roster import Roster
from schema.contact import Contact, contact
from schema.node import Info
from schema.page import PAGE, After, First, PageInfo, given, page_info
from schema.scalars import JSON, DateTime, Long


@strawberry.type(description="How the engine counts an audience.")
class Plan:
    """How the engine counts an audience."""

    cypher: str = strawberry.field(description="The statement, as it is run.")
    parameters: JSON = strawberry.field(description="The values in it.")
    operators: list[str] = strawberry.field(description="The engine's operators, last step first.")
    estimated_rows: float | None = strawberry.field(description="How many rows the engine expects.")


@strawberry.type(description="Something suspicious in a condition.")
class Warning:  # noqa: A001 - the API's name
    """Something suspicious in a condition."""

    code: str = strawberry.field(description="What sort of thing it is, such as UNKNOWN_EVENT.")
    message: str = strawberry.field(description="What it is, and what may have been meant.")
    path: list[str] = strawberry.field(description="Where in the condition it stands.")
    fix: str = strawberry.field(description="What to do about it.")


@strawberry.type(description="A member in a list.")
class MemberEdge:
    """A member in a list."""

    cursor: str = strawberry.field(description="Its place in the list.")
    node: Contact = strawberry.field(description="The contact.")
    since: DateTime | None = strawberry.field(
        description="Since when it is a member; null where that is not kept."
    )


@strawberry.type(description="A page of members, in the order of their keys.")
class MemberConnection:
    """A page of members."""

    edges: list[MemberEdge] = strawberry.field(description="The members with their cursors.")
    nodes: list[Contact] = strawberry.field(description="The members.")
    page_info: PageInfo = strawberry.field(description="Where the page lies.")


async def member_page(found: Found | Roster, first: int, after: str | None) -> MemberConnection:
    """Return a page of the members of an audience."""
    page = await found.members(first, after)
    edges = [
        MemberEdge(
            cursor=cursor,
            node=contact(each),
            since=DateTime(page.since[each.key]) if each.key in page.since else None,
        )
        for cursor, each in page.items
    ]
    return MemberConnection(
        edges=edges,
        nodes=[edge.node for edge in edges],
        page_info=page_info([edge.cursor for edge in edges], more=page.more, after=after),
    )


@strawberry.type(description="A part of a condition, and what it does to the number of contacts.")
class BreakdownStep:
    """A part of a condition, and what it does to the number of contacts."""

    text: str = strawberry.field(description="The part in words.")
    path: list[str] = strawberry.field(description="Where in the condition it stands.")
    level: int = strawberry.field(
        description="1 of an outermost part, 2 of one in such a part, and so on."
    )
    count: Long = strawberry.field(description="How many meet it by itself.")
    running: Long = strawberry.field(
        description=(
            "How many meet the condition up to it, with all that follows left out: down an `all` "
            "it gets fewer, down an `any` more."
        )
    )


@strawberry.type(description="How many contacts each part of a condition finds, and leaves.")
class Breakdown:
    """How many contacts each part of a condition finds, and leaves."""

    everybody: Long = strawberry.field(description="How many contacts there are at the instant.")
    steps: list[BreakdownStep] = strawberry.field(
        description=(
            "Each part of every `all` and `any`, in the order of the condition, a part before "
            "those in it."
        )
    )
    text: str = strawberry.field(description="Where the number changes most, in words.")


@strawberry.type(description="The contacts who meet a condition at an instant.")
class Audience:
    """The contacts who meet a condition at an instant."""

    found: strawberry.Private[Found]
    before: strawberry.Private[Found | None] = None

    @strawberry.field(
        description=(
            "The instant up to which everything that arrived and fell due is in this answer."
        )
    )
    def as_of(self) -> DateTime:
        """Return the instant."""
        return DateTime(self.found.as_of)

    @strawberry.field(description="How many there are.")
    async def count(self) -> Long:
        """Count them."""
        return Long(await self.found.count())

    @strawberry.field(description="Who they are; pages stay in place while the data changes.")
    async def members(
        self,
        first: First = PAGE,
        after: After = None,
    ) -> MemberConnection:
        """Return a page of them."""
        return await member_page(self.found, given(first), after)

    @strawberry.field(description="The condition as one English sentence.")
    def text(self) -> str:
        """Return the sentence."""
        return self.found.text

    @strawberry.field(description="Its canonical form, in the shape of the Condition input.")
    def definition(self) -> JSON:
        """Return the canonical form."""
        return JSON(self.found.definition)

    @strawberry.field(
        description="How many each part of the condition finds, and where most are lost."
    )
    async def breakdown(self) -> Breakdown:
        """Return the parts."""
        found = await self.found.breakdown()
        return Breakdown(
            everybody=Long(found.everybody),
            steps=[
                BreakdownStep(
                    text=each.condition.text(),
                    path=[str(part) for part in each.path],
                    level=each.level,
                    count=Long(each.count),
                    running=Long(each.running),
                )
                for each in found.steps
            ],
            text=found.text,
        )

    @strawberry.field(
        description="Who differs from those who meet `compareWith`; null where that is not given."
    )
    def compared(self) -> Compared | None:
        """Return who comes in, goes out and stays."""
        if self.before is None:
            return None
        found = self.found.compared(self.before)
        return Compared(
            entering=Audience(found=found.entering),
            leaving=Audience(found=found.leaving),
            staying=Audience(found=found.staying),
        )

    @strawberry.field(description="How they are counted: the statement and the engine's plan.")
    async def plan(self) -> Plan:
        """Return the plan."""
        found = await self.found.plan()
        return Plan(
            cypher=found.statement.text,
            parameters=JSON(found.parameters()),
            operators=list(found.operators),
            estimated_rows=found.estimated_rows,
        )

    @strawberry.field(
        description=(
            "Contradictions, what is always or never true, branches that change nothing, unknown "
            "names, likely slips, a medium or high cost; each with its place and the way out."
        )
    )
    async def warnings(self, info: Info) -> list[Warning]:
        """Return what is suspicious."""
        found = await info.context.reading.warnings(self.found)
        return [
            Warning(
                code=each.code,
                message=each.message,
                path=[str(part) for part in each.path],
                fix=each.fix,
            )
            for each in found
        ]


@strawberry.type(description="What changes where a condition takes the place of another.")
class Compared:
    """What changes where a condition takes the place of another."""

    entering: Audience = strawberry.field(
        description="Who meets the condition, and not the one that it is compared with."
    )
    leaving: Audience = strawberry.field(
        description="Who meets the one that it is compared with, and not the condition."
    )
    staying: Audience = strawberry.field(description="Who meets both.")
