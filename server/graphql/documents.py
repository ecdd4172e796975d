"""Documents are parsed, measured and validated once; the next request finds them known."""

from __future__ import annotations

import re
from collections import OrderedDict
from typing import TYPE_CHECKING, Final, cast

from graphql import DocumentNode
from strawberry.extensions import SchemaExtension, ValidationCache

from server.graphql import cost, inputs, size

if TYPE_CHECKING:
    from collections.abc import Iterator

    from graphql import GraphQLError, GraphQLSchema
    from strawberry.types.execution import ParseOptions

_LIMITS: Final = {
    "max_source_length": size.MOST_SYMBOLS,
    "max_lexical_tokens": size.MOST_TOKENS,
    "max_comments": size.MOST_COMMENTS,
}
_TOLD_TWICE: Final = re.compile(
    r"OneOf Input Object '\w+' must specify exactly one key\.|Field '\w+\.\w+' must be non-null\."
)
"""What Strawberry tells where graphql-core has told that exactly one field must be there."""
_parsed: Final = OrderedDict[str, DocumentNode]()
"""The documents that were asked for last, by their text."""


class Parsing(SchemaExtension):
    """Has a text that is not known yet parsed, if it is not too long."""

    def on_parse(self) -> Iterator[None]:
        """Find the document, or keep the one that Strawberry makes of the text."""
        execution = self.execution_context
        execution.parse_options = cast("ParseOptions", _LIMITS)
        text = execution.query or ""
        execution.graphql_document = _parsed.pop(text, None)
        yield
        if execution.graphql_document is not None:
            _parsed[text] = execution.graphql_document
            if len(_parsed) > size.DOCUMENTS:
                _parsed.popitem(last=False)


class Validation(ValidationCache):
    """Validates a document that is neither known nor too large; weighs operations and variables."""

    def __init__(self) -> None:
        super().__init__(size.DOCUMENTS)

    def on_validate(self) -> Iterator[None]:
        """Refuse what is too large before anything else looks at it."""
        document = self.execution_context.graphql_document
        if document is not None:
            self.execution_context.pre_execution_errors = self._errors(document)
        yield

    def _errors(self, document: DocumentNode) -> list[GraphQLError]:
        execution = self.execution_context
        asked = execution.operation_name, execution.variables
        schema = execution.schema._schema  # noqa: SLF001  # pyright: ignore[reportPrivateUsage] - as ValidationCache does
        return (
            list(size.too_large(document))
            or self._invalid(schema, document)
            or cost.too_dear(schema, document, *asked)
            or inputs.too_much(schema, document, *asked)
        )

    def _invalid(self, schema: GraphQLSchema, document: DocumentNode) -> list[GraphQLError]:
        rules = self.execution_context.validation_rules
        found = self.cached_validate_document(schema, document, rules)
        return [error for error in found if not _TOLD_TWICE.fullmatch(error.message)]
