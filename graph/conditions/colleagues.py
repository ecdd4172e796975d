"""`colleagues`: what others of the contact's accounts do and are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from graph import errors
from graph.conditions import shape, words
from graph.conditions.base import Beyond, Condition, Evidence
from graph.conditions.bounds import check_bounds, least_of, most_of
from graph.conditions.trait import AccountIs, TraitIs, account_meets, account_tests
from graph.cypher.nodes import Every, Exists, Leaf, Negated, Others, Path, Some
from graph.subject import NEVER

if TYPE_CHECKING:
    from graph.conditions.base import Scope
    from graph.cypher.nodes import Bound, Predicate
    from graph.subject import Subject


@dataclass(frozen=True, slots=True, kw_only=True)
class Colleagues(Condition, Beyond):
    """So many of the other contacts of its accounts, all or none, meet a condition.

    Attributes:
        who: What they meet.
        account: Only of accounts whose traits meet these.
        at_least: The least number; 1 where nothing is asked.
        at_most: The greatest number; also met by none at all.
        exactly: The very number; not beside the others.
        all_: That there are some, and all of them do.
        none: That none of them does.
        include_self: Whether the contact itself counts among them.
    """

    who: Condition
    account: tuple[TraitIs, ...] | None = None
    at_least: int | None = None
    at_most: int | None = None
    exactly: int | None = None
    all_: bool | None = None
    none: bool | None = None
    include_self: bool = False

    def __post_init__(self) -> None:
        check_bounds(self.at_least, self.at_most, self.exactly)
        counted = any(each is not None for each in (self.at_least, self.at_most, self.exactly))
        for name, flag in (("all", self.all_), ("none", self.none)):
            if flag is False:
                raise errors.BadInput(f"`{name}` is chosen by true; leave it out instead", name)
        if (self.all_ is not None) + (self.none is not None) + counted > 1:
            raise errors.BadInput("Ask for `all`, for `none`, or for a number, not for several")

    @property
    def least(self) -> int:
        """The number from which it holds."""
        return least_of(self.at_least, self.at_most, self.exactly)

    @property
    def most(self) -> int | None:
        """The number up to which it holds; None is any."""
        return 0 if self.none else most_of(self.at_most, self.exactly)

    def valid_until(self, subject: Subject, t: int) -> int:
        """Return when an account's traits, or what enough of its contacts do, may turn it first."""
        zone = subject.zone(t)
        edges = (
            at
            for account in subject.accounts
            for trait in self.account or ()
            for at in trait.is_.edges(account.trait(trait.name), t, zone)
            if at > t
        )
        return min(subject.next_told(t), min(edges, default=NEVER), self._turn(subject, t))

    def _turn(self, subject: Subject, t: int) -> int:
        """Return when so many of the people can have turned that it matters: not before."""
        people = self._those(subject, t) or {}
        do, do_not, to_come = list[int](), list[int](), list[int]()
        for each in people.values():
            if each.since > t:
                to_come.append(each.since)
            else:
                turns = do if self.who.holds(each, t) else do_not
                turns.append(self.who.valid_until(each, t))
        if self.all_:
            return max(do_not) if do_not else _nth(do + to_come, 1)
        least, number = 0 if self.none else self.least, len(do)
        if number < least:
            return _nth(do_not + to_come, least - number)
        if self.most is not None and number > self.most:
            return _nth(do, number - self.most)
        many = NEVER if self.most is None else _nth(do_not + to_come, self.most - number + 1)
        return min(many, _nth(do, number - least + 1))

    def holds(self, subject: Subject, t: int) -> bool:
        """Evaluate each of them once."""
        verdicts = self._verdicts(subject, t)
        if verdicts is None:
            return False
        if self.all_:
            return bool(verdicts) and all(verdicts.values())
        number = sum(verdicts.values())
        least = 0 if self.none else self.least
        return least <= number and (self.most is None or number <= self.most)

    def _verdicts(self, subject: Subject, t: int) -> dict[str, bool] | None:
        """Return by key of whom the condition holds; None where no account is left."""
        people = self._those(subject, t)
        if people is None:
            return None
        return {key: self.who.holds(each, t) for key, each in people.items() if each.since <= t}

    def _those(self, subject: Subject, t: int) -> dict[str, Subject] | None:
        """Return those who count, and those who will once they exist, by key."""
        zone = subject.zone(t)
        accounts = [
            account
            for account in subject.accounts
            if account_meets(self.account or (), account, t, zone)
        ]
        if not accounts:
            return None
        return {
            each.key: each
            for account in accounts
            for each in subject.world.contacts_of(account.key)
            if self.include_self or each.key != subject.key
        }

    def evidence(self, subject: Subject, t: int, by_time: str | None) -> Evidence:
        """Show the keys of those who meet the condition, or of those who should and do not."""
        verdicts = self._verdicts(subject, t)
        if verdicts is None:
            return Evidence(None, self._number(), f"an account{self._such()}")
        meeting = tuple(sorted(key for key, verdict in verdicts.items() if verdict))
        others = tuple(sorted(verdicts.keys() - set(meeting))) if self.all_ else meeting
        flip = words.either(self._flip(len(meeting), len(verdicts)), by_time)
        enough = self.all_ or self.none or self.least <= len(verdicts)
        asked = f"{self._number()}{' of' if enough else ', and there are'} {len(verdicts)}"
        return Evidence(len(meeting), asked, flip, others=others)

    def _flip(self, number: int, people: int) -> str:
        if self.all_ and number == people and people:
            return f"{self._more(1, people)} for whom it is not so"
        least, most = (0, 0) if self.none else (self.least, self.most)
        if self.all_:
            least, most = people or 1, None
        fewer = f"fewer {self._whose} for whom it is so"
        if number < least:
            return f"{self._more(least - number, people - number)} for whom it is so"
        if most is None:
            return f"{number - least + 1} {fewer}"
        if number > most:
            return f"{number - most} {fewer}"
        return f"{self._more(most - number + 1, people - number)} for whom it is so"

    @property
    def _whose(self) -> str:
        return "of its accounts' contacts" if self.include_self else "of its colleagues"

    def _more(self, number: int, there: int) -> str:
        """Return so many more, and that some must come where not so many are there."""
        if number <= there:
            return f"{number} more {self._whose}"
        new = words.counted(number - there, "new one")
        among = f"at least {new} among them" if there else new
        return f"{number} more {self._whose}, {among},"

    @property
    def some(self) -> bool:
        """Whether it holds only of those of whom a colleague meets the condition."""
        return bool(self.all_) or (not self.none and self.least > 0)

    @property
    def bounded(self) -> bool:
        """Whether a number is asked."""
        return bool(self._bounds())

    @property
    def apart(self) -> bool:
        """Whether its accounts are found without a look at the contact."""
        return not any(trait.is_.zoned for trait in self.account or ())

    def needs(self) -> tuple[Condition, ...]:
        """Return that the contact belongs to such an account."""
        return (AccountIs(self.account),) if self.account else ()

    def predicate(self, scope: Scope) -> Predicate:
        """Count those who do, and for all of them those who do not."""
        return self.counting(scope, self.who.predicate(scope))

    def counting(self, scope: Scope, who: Predicate) -> Predicate:
        """Return the same where what each of them meets is said otherwise."""
        tests = self.account_tests(scope.t)
        there = Exists(Path(Leaf("(contact)-[:BELONGS_TO]->(account:Account)"), tests))
        if self.all_:
            counts: tuple[Predicate, ...] = (
                self._counted(tests, None, ((">=", 1),)),
                self._counted(tests, Negated(who), (("=", 0),)),
            )
        else:
            bounds = self._bounds()
            counts = (self._counted(tests, who, bounds),) if bounds else ()
        return Every((there, *counts))

    def numbered(self) -> Predicate:
        """Return the same of a contact and `peoples`, lists of those of its accounts who do."""
        itself = "" if self.include_self else "other <> contact AND "
        people = Leaf(
            "[size(reduce(own = [], people IN peoples | own + "
            f"[other IN people WHERE {itself}NOT other IN own]))]"
        )
        bounds = (
            Leaf(f"number {operator} $number", {"number": number})
            for operator, number in self._bounds()
        )
        return Some("number", people, Every(tuple(bounds)))

    def account_tests(self, t: int) -> tuple[Predicate, ...]:
        """Return what holds of an `account`."""
        return account_tests(self.account or (), t)

    def _bounds(self) -> tuple[Bound, ...]:
        least = 0 if self.none else self.least
        low: tuple[Bound, ...] = ((">=", least),) if least else ()
        high: tuple[Bound, ...] = () if self.most is None else (("<=", self.most),)
        return (*low, *high)

    def _counted(
        self, tests: tuple[Predicate, ...], who: Predicate | None, bounds: tuple[Bound, ...]
    ) -> Predicate:
        # Two MATCHes: one never goes over a relationship twice, and so never back to the contact.
        way = Leaf(
            "(contact)-[:BELONGS_TO]->(account:Account) "
            "MATCH (account)<-[:BELONGS_TO]-(other:Contact)"
        )
        itself = () if self.include_self else (Leaf("other <> contact"),)
        path = Path(way, (*tests, *itself, Leaf("other._since <= $t")))
        return Others(path, who, bounds)

    def canonical(self) -> Condition:
        """Return it with `who` in its canonical form and its number filled in."""
        least, most = (0, 0) if self.none else (self.least, self.most)
        asked = self.all_
        exact = not asked and least == most
        return Colleagues(
            who=self.who.canonical(),
            account=shape.in_order(self.account) if self.account else None,
            at_least=None if asked or exact or (most is not None and not least) else least,
            at_most=None if asked or exact else most,
            exactly=most if exact else None,
            all_=self.all_,
            include_self=self.include_self,
        )

    def text(self) -> str:
        """Return `has at least 3 colleagues each of whom …`."""
        return f"has {self._what()}"

    def untrue(self) -> str:
        """Return its contrary."""
        return f"{'is not among those with' if self._with_none else 'does not have'} {self._what()}"

    @property
    def _with_none(self) -> bool:
        """Whether it holds of who has an account and nobody beside."""
        return bool(self.none) or (not self.all_ and self.least == 0)

    def _what(self) -> str:
        if self.all_:
            return f"{self._people(2)} every one of whom {self.who.inner_text()}"
        number, least, most = self._number(said=True), self.least, self.most
        if self._with_none:
            number = f"an account{self._such()} {'and' if most != 0 else 'but'} {number}"
        elif (least, most) == (1, None):
            number = "a"
        alone = (least if most is None else max(1, most)) == 1
        whom = "who" if alone else "each of whom"
        return f"{number} {self._people(1 if alone else 2)} {whom} {self.who.inner_text()}"

    def _people(self, number: int) -> str:
        """Return `colleagues`, and in which accounts where only some count."""
        noun = "contact" if self.include_self else "colleague"
        people = noun if number == 1 else f"{noun}s"
        such = "such accounts" if self._with_none else f"accounts{self._such()}"
        if self.include_self:
            its = such if self.account and self._with_none else f"its accounts{self._such()}"
            return f"{people} in {its}, itself counted,"
        return f"{people} in {such}" if self.account else people

    def _such(self) -> str:
        tests = [f"{words.quoted(each.name)} {each.is_.text()}" for each in self.account or ()]
        return f" whose {words.joined(tests, 'and')}" if tests else ""

    def _number(self, *, said: bool = False) -> str:
        if self.all_:
            return "all"
        least, most = self.least, self.most
        if most == 0:
            return "no" if said else "none"
        if least == most:
            return f"exactly {least}"
        if most is None:
            return f"at least {least}"
        return f"at most {most}" if not least else f"{least} to {most}"


def _nth(turns: list[int], number: int) -> int:
    """Return the n-th instant in order; NEVER where there are fewer."""
    return sorted(turns)[number - 1] if number <= len(turns) else NEVER
