"""Turn a query into text and parameters; the only place where Cypher is joined."""

from __future__ import annotations

from typing import assert_never

from graph.cypher import nodes, queries
from graph.cypher.leaves import STEP, block, filtered, further, indented
from graph.cypher.predicates import Predicates
from graph.cypher.steps import steps
from graph.database import Statement


def render(query: queries.Query) -> Statement:
    """Return the statement that a query means."""
    printer = _Printer(query.t, query.told, gathers=query.gathers)
    met = printer.met(query.asked)
    lines = [*printer.found(query.seed, query.where, query.asked), *met]
    lines = _others(lines) if query.others else [*lines, *printer.asked(query.asked)]
    return Statement("\n".join(lines), printer.parameters)


class _Printer(Predicates):
    def found(
        self, seed: queries.Seed, where: tuple[nodes.Predicate, ...], asked: queries.Asked
    ) -> list[str]:
        """Return what finds contacts: what is gathered first, the seed, and the filters."""
        lines, projection = self.seed(seed)
        named = ", ".join(self._lists.values())
        conditions = [self._predicate(child, "") for child in where]
        if isinstance(asked, queries.Page):
            conditions.insert(0, self._after(asked.after))
        if projection and self._lists:
            # A row's lists would be compared with those of the others if they were grouped by too.
            lines = [f"CALL ({named}) {{", *indented([*lines, f"RETURN {projection}"]), "}"]
            lines += ["WITH *"] if conditions else []
        elif projection:
            lines.append(f"WITH {projection}")
        return [*self._gathered(), *lines, *filtered(conditions, "")]

    def _after(self, key: str) -> str:
        """Return that a contact comes after a key, in the order of their code points.

        The index and a sort go by code points. So does a filter of two texts that are stored, but
        with a parameter it goes by UTF-16, which has U+E000 and what follows after the characters
        beyond U+FFFF. Where that matters, the key is compared with the next one that is stored.
        """
        after = self._parameter("after", key)
        if max(key, default="") < "\ue000":
            return f"contact.key > {after}"
        lines = ["MATCH (later:Contact)", f"WHERE later.key > {after}"]
        lines.append("RETURN later.key ORDER BY later.key LIMIT 1")
        return f"contact.key >= {block('COLLECT', indented(lines), '')}[0]"

    def seed(self, seed: queries.Seed) -> tuple[list[str], str | None]:
        """Return lines, and what of them is kept where they find a contact more than once."""
        match seed:
            case queries.Everyone():
                return ["MATCH (contact:Contact)"], None
            case queries.These():
                # In a map: of a list alone, each magnitude of its length is planned anew.
                these = self._parameter("these", {"keys": list(seed.keys)})
                return [f"UNWIND {these}.keys AS key", "MATCH (contact:Contact {key: key})"], None
            case queries.Inward():
                return self._path(seed.path, ""), "DISTINCT contact"
            case nodes.Group() | nodes.Told():
                return self._group(seed)
            case queries.Shared() | queries.InAccounts():
                return self._shared(seed), "contact"
            case queries.Groups():
                return self.groups(seed), "contact"
            case _:
                assert_never(seed)

    def _shared(self, seed: queries.Shared | queries.InAccounts) -> list[str]:
        accounts = [self._predicate(each, "") for each in seed.accounts]
        if isinstance(seed, queries.Shared):
            lines = [
                f"UNWIND {self._contacts(seed.people)} AS other",
                "MATCH (other)-[:BELONGS_TO]->(account:Account)",
                *filtered(accounts, ""),
                "WITH account, collect(other) AS people",
            ]
        else:
            who = further(self._predicate(seed.who, STEP))
            members = [
                f"{STEP}MATCH (account)<-[:BELONGS_TO]-(contact_2:Contact)",
                *filtered(["contact_2._since <= $t", who], STEP),
                f"{STEP}RETURN contact_2",
            ]
            lines = ["MATCH (account:Account)", *filtered(accounts, "")]
            lines.append(f"WITH account, {block('COLLECT', members, '')} AS people")
        return [
            *lines,
            "MATCH (account)<-[:BELONGS_TO]-(contact:Contact)",
            "WITH contact, collect(people) AS peoples",
            *self._conditions((seed.test,), ""),
        ]

    def groups(self, seed: queries.Groups) -> list[str]:
        branches = [self._group(each) for each in seed.groups]
        lines: list[str] = []
        for branch, projection in branches:
            lines += [f"{STEP}UNION"] if lines else []
            lines += indented([*branch, f"RETURN {projection}"])
        return [self._call(), *lines, "}"]

    def met(self, asked: queries.Asked) -> list[str]:
        """Return what finds the verdicts on tests; said before what they find once is gathered.

        Each is a filter: within a list the engine takes what is folded in a test for its own.
        """
        if not isinstance(asked, queries.Tally | queries.Steps):
            return []
        tests = [self._predicate(each, STEP) for each in asked.tests]
        scope = ", ".join(["contact", *self._lists.values()])
        lines: list[str] = []
        for number, test in enumerate(tests):
            counted = ["WITH *", f"WHERE {test}", f"RETURN count(*) AS met_{number}"]
            lines += [f"CALL ({scope}) {{", *(f"{STEP}{each}" for each in counted), "}"]
        verdicts = ", ".join(f"met_{number} > 0" for number in range(len(tests)))
        return [*lines, f"WITH [{verdicts}] AS met"]

    def asked(self, asked: queries.Asked) -> list[str]:
        match asked:
            case queries.Page():
                limit = self._parameter("limit", asked.limit)
                return [
                    f"WITH contact ORDER BY contact.key LIMIT {limit}",
                    "RETURN properties(contact) AS contact",
                ]
            case queries.Count():
                return ["RETURN count(contact) AS count"]
            case queries.Verdicts():
                return ["RETURN contact.key AS key"]
            case queries.Tally():
                return ["RETURN met, count(*) AS count"]
            case queries.Steps():
                return steps(asked.joined)
            case _:
                assert_never(asked)


def _others(found: list[str]) -> list[str]:
    """Return what counts those who exist and are not found: all but those, and but those to come.

    The number of all is at hand, and an index knows those to come.
    """
    return [
        "CALL () {",
        *indented([*found, "RETURN count(contact) AS met"]),
        "}",
        "CALL () {",
        "  MATCH (contact:Contact)",
        "  RETURN count(contact) AS everybody",
        "}",
        "CALL () {",
        "  MATCH (contact:Contact)",
        "  USING INDEX SEEK contact:Contact(_since)",
        "  WHERE contact._since > $t",
        "  RETURN count(contact) AS to_come",
        "}",
        "RETURN everybody - to_come - met AS count",
    ]
