"""Names and shapes that users meet: each type with its fields, arguments and defaults."""

from __future__ import annotations

import re

import pytest
from graphql import TypeDefinitionNode, parse, print_ast

from tests.house import tree

TYPES = {
    "Query": """type Query {
      node(id: ID!): Node
      audience(
        where: Condition!, at: DateTime = null, compareWith: Condition = null): Audience!
      overlap(
        segments: [String!] = null, conditions: [Condition!] = null, at: DateTime = null
      ): Overlap!
      segment(key: String!): Segment
      segments(first: Int = 20, after: String = null, search: String = null,
        archived: Boolean = null): SegmentConnection!
      contact(key: String!): Contact
      vocabulary: Vocabulary!
      status: Status!
      webhooks(first: Int = 20, after: String = null): WebhookConnection!
      webhook(id: ID!): Webhook }""",
    "Mutation": """type Mutation {
      recordEvents(events: [EventInput!]!): RecordedEvents!
      upsertContacts(contacts: [ContactInput!]!): Upserted!
      upsertAccounts(accounts: [AccountInput!]!): Upserted!
      upsertContents(contents: [ContentInput!]!): Upserted!
      upsertProducts(products: [ProductInput!]!): Upserted!
      upsertTopics(topics: [TopicInput!]!): Upserted!
      upsertCategories(categories: [TopicInput!]!): Upserted!
      upsertConsents(consents: [ConsentInput!]!): Upserted!
      deleteThings(refs: [ThingRef!]!): Deleted!
      deleteContacts(keys: [String!]!): Deleted!
      saveSegment(segment: SegmentInput!): SavedSegment!
      archiveSegment(key: String!): ArchivedSegment!
      createWebhook(url: String!, segments: [String!] = null, secret: String = null,
        packing: WebhookPacking! = COALESCED): CreatedWebhook!
      rotateWebhookSecret(id: ID!, secret: String = null, grace: Duration = null): RotatedWebhook!
      pauseWebhook(id: ID!): EditedWebhook!
      resumeWebhook(id: ID!): EditedWebhook!
      deleteWebhook(id: ID!): EditedWebhook!
      replayWebhook(id: ID!, after: String = null): EditedWebhook!
      testWebhook(id: ID!): TestedWebhook! }""",
    "Segment": """type Segment implements Node {
      id: ID! key: String! name: String! description: String definition: JSON! text: String!
      revision: Int! revisions: [Revision!]! status: SegmentStatus! size: Long! asOf: DateTime!
      members(first: Int = 20, after: String = null, at: DateTime = null): MemberConnection!
      changes(first: Int = 100, after: String = null): ChangeConnection!
      sizes(since: DateTime!, step: Duration!, until: DateTime = null): [SizePoint!]!
      progress: Float! failure: String
      uses: [Segment!]! usedBy: [Segment!]! }""",
    "SegmentInput": """input SegmentInput {
      key: String! where: Condition! name: String description: String expectedRevision: Int
      announce: Boolean! = false }""",
    "Change": """interface Change {
      cursor: String! sequence: Long! segment: Segment! revision: Int! contactKey: String!
      contact: Contact cause: Cause! effectiveAt: DateTime! detectedAt: DateTime! }""",
    "Cause": """enum Cause {
      EVENT TIME TRAIT CONSENT CATALOGUE DEFINITION BACKFILL DELETION REPAIR }""",
    "Deleted": "type Deleted { deleted: Int! unknown: [Int!]! rejected: [Rejected!]! }",
    "SizePoint": """type SizePoint {
      at: DateTime! members: Long! entered: Long! left: Long! }""",
    "Membership": """type Membership {
      segment: Segment! since: DateTime! until: DateTime }""",
    "Revision": """type Revision {
      revision: Int! definition: JSON! text: String! at: DateTime! }""",
    "SegmentConnection": """type SegmentConnection {
      edges: [SegmentEdge!]! nodes: [Segment!]! pageInfo: PageInfo! }""",
    "SegmentStatus": "enum SegmentStatus { BUILDING LIVE FAILED ARCHIVED }",
    "SavedSegment": """union SavedSegment =
      Segment | InvalidDefinition | RevisionConflict | SegmentCycle""",
    "ArchivedSegment": "union ArchivedSegment = Segment | SegmentNotFound | SegmentInUse",
    "Problem": "interface Problem { code: String! message: String! path: [String!]! }",
    "RevisionConflict": """type RevisionConflict implements Problem {
      code: String! message: String! path: [String!]! current: Int! }""",
    "SegmentCycle": """type SegmentCycle implements Problem {
      code: String! message: String! path: [String!]! cycle: [String!]! }""",
    "SegmentInUse": """type SegmentInUse implements Problem {
      code: String! message: String! path: [String!]! usedBy: [Segment!]! }""",
    "ConsentInput": """input ConsentInput {
      contact: String! purpose: String! state: ConsentState! at: DateTime }""",
    "Audience": """type Audience {
      asOf: DateTime! count: Long!
      members(first: Int = 20, after: String = null): MemberConnection!
      text: String! definition: JSON! breakdown: Breakdown! compared: Compared plan: Plan!
      warnings: [Warning!]! }""",
    "Compared": "type Compared { entering: Audience! leaving: Audience! staying: Audience! }",
    "Breakdown": "type Breakdown { everybody: Long! steps: [BreakdownStep!]! text: String! }",
    "BreakdownStep": """type BreakdownStep {
      text: String! path: [String!]! level: Int! count: Long! running: Long! }""",
    "Overlap": """type Overlap {
      asOf: DateTime! sets: [OverlapSet!]! neither: Long! intersections: [Intersection!]!
      pairs: [OverlapPair!]! }""",
    "OverlapSet": "type OverlapSet { place: Int! key: String text: String! count: Long! }",
    "Intersection": "type Intersection { sets: [Int!]! count: Long! only: Long! }",
    "OverlapPair": """type OverlapPair {
      left: Int! right: Int! both: Long! either: Long! jaccard: Float }""",
    "Plan": """type Plan {
      cypher: String! parameters: JSON! operators: [String!]! estimatedRows: Float }""",
    "Warning": "type Warning { code: String! message: String! path: [String!]! fix: String! }",
    "MemberConnection": """type MemberConnection {
      edges: [MemberEdge!]! nodes: [Contact!]! pageInfo: PageInfo! }""",
    "MemberEdge": "type MemberEdge { cursor: String! node: Contact! since: DateTime }",
    "PageInfo": """type PageInfo {
      hasNextPage: Boolean! hasPreviousPage: Boolean! startCursor: String endCursor: String }""",
    "Contact": """type Contact implements Node {
      id: ID! key: String! traits: JSON! createdAt: DateTime!
      events(first: Int = 20, after: String = null, event: String = null): EventConnection!
      accounts: [Account!]! segments: [Membership!]!
      explain(where: Condition = null, segment: String = null, at: DateTime = null):
        Explanation! }""",
    "Explanation": """type Explanation {
      holds: Boolean! asOf: DateTime! text: String! changesAt: DateTime tree: ExplanationNode! }""",
    "ExplanationNode": """type ExplanationNode {
      text: String! holds: Boolean! changesAt: DateTime found: Value asked: String toFlip: String
      note: String evidence(first: Int = 10): [Event!]! others(first: Int = 10): [String!]!
      children: [ExplanationNode!]! }""",
    "Event": """type Event {
      id: ID! event: String! at: DateTime! receivedAt: DateTime! source: String! about: Thing
      properties: JSON! }""",
    "EventConnection": """type EventConnection {
      edges: [EventEdge!]! nodes: [Event!]! pageInfo: PageInfo! }""",
    "EventEdge": "type EventEdge { cursor: String! node: Event! }",
    "Node": "interface Node { id: ID! }",
    "Thing": "interface Thing { key: String! }",
    "Account": "type Account implements Node { id: ID! key: String! traits: JSON! }",
    "Topic": """type Topic {
      key: String! name: String parent: Topic children: [Topic!]! things: Long! }""",
    "Vocabulary": """type Vocabulary {
      events: [EventKind!]! traits: [TraitKind!]! topics: [Topic!]! categories: [Topic!]! }""",
    "EventKind": """type EventKind {
      name: String! about: [ThingKind!]! count: Long! firstAt: DateTime lastAt: DateTime
      properties: [PropertyKind!]! }""",
    "PropertyKind": "type PropertyKind { name: String! types: [String!]! }",
    "TraitKind": "type TraitKind { name: String! types: [String!]! contacts: Long! }",
    "Status": """type Status {
      ready: Boolean! engine: String! engineVersion: String! contacts: Long! events: Long!
      lagMilliseconds: Float! pending: Int! }""",
    "ThingKind": "enum ThingKind { CONTENT PRODUCT FEATURE TICKET SEARCH CAMPAIGN SOURCE }",
    "RecordedEvents": """type RecordedEvents {
      accepted: Int! duplicates: Int! rejected: [Rejected!]! }""",
    "Upserted": """type Upserted {
      created: Int! updated: Int! unchanged: Int! rejected: [Rejected!]! }""",
    "Rejected": """type Rejected {
      index: Int! key: String code: String! message: String! path: [String!]! }""",
    "ThingRef": """input ThingRef @oneOf {
      content: String product: String feature: String ticket: String search: String
      campaign: String }""",
}


def shapes(text: str) -> dict[str, list[str]]:
    """Return the words of each type of a schema without descriptions, in an order of their own."""
    document = parse(re.sub(r'""".*?"""', "", text, flags=re.DOTALL))
    return {
        node.name.value: sorted(print_ast(node).split())
        for node in document.definitions
        if isinstance(node, TypeDefinitionNode)
    }


@pytest.mark.parametrize("name", TYPES)
def test_a_type_has_its_shape(name: str) -> None:
    """Fields, arguments, defaults and what may be null are as promised."""
    assert shapes(tree.text("schema/schema.graphql"))[name] == shapes(TYPES[name])[name]
