"""Queries that come from accounts to their contacts."""

from __future__ import annotations

from inline_snapshot import snapshot

from graph.cypher.nodes import Exists, Group, Leaf
from graph.cypher.queries import InAccounts, Shared
from tests.graph.cypher.samples import OPENED, counted

ACCOUNTS, PEOPLE = (Leaf("account.a"),), Leaf("size(peoples) > 1")


def test_shared() -> None:
    """Those who meet what is asked, found once, lead to their accounts and all who belong there."""
    assert counted(Shared(ACCOUNTS, Group(OPENED), PEOPLE)) == snapshot("""\
WITH COLLECT {
  MATCH (contact)-[e:EMAIL_OPENED]->(thing)
  USING INDEX SEEK e:EMAIL_OPENED(at)
  WHERE e.at >= $since
  RETURN DISTINCT contact
} AS contacts
CALL (contacts) {
  UNWIND contacts AS other
  MATCH (other)-[:BELONGS_TO]->(account:Account)
  WHERE account.a
  WITH account, collect(other) AS people
  MATCH (account)<-[:BELONGS_TO]-(contact:Contact)
  WITH contact, collect(people) AS peoples
  WHERE size(peoples) > 1
  RETURN contact
}
RETURN count(contact) AS count\
""")


def test_shared_by_accounts() -> None:
    """Of each account it is found once who of it meets what is asked."""
    assert counted(InAccounts(ACCOUNTS, Exists(OPENED), PEOPLE)) == snapshot("""\
MATCH (account:Account)
WHERE account.a
WITH account, COLLECT {
  MATCH (account)<-[:BELONGS_TO]-(contact_2:Contact)
  WHERE contact_2._since <= $t
  AND EXISTS {
    MATCH (contact_2)-[e_2:EMAIL_OPENED]->(thing_2)
    WHERE e_2.at >= $since
  }
  RETURN contact_2
} AS people
MATCH (account)<-[:BELONGS_TO]-(contact:Contact)
WITH contact, collect(people) AS peoples
WHERE size(peoples) > 1
WITH contact
RETURN count(contact) AS count\
""")
