"""Documents are parsed, measured and validated once; the next request finds them known."""

from __future__ import annotations

import contextlib
from functools import lru_cache
from typing import TYPE_CHECKING, Final, cast

from graphql import DocumentNode, GraphQLError, parse
from strawberry.extensions import SchemaExtension, ValidationCache

from server.graphql import cost, size

if TYPE_CHECKING:
    from collections.abc import Iterator

    from strawberry.types.execution import ParseOptions

_LIMITS: Final = {
    "max_source_length": size.MOST_SYMBOLS,
    "max_lexical_tokens": size.MOST_TOKENS,
    "max_comments": size.MOST_COMMENTS,
}
_parsed = lru_cache(size.DOCUMENTS)(parse)


class Parsing(SchemaExtension):
    """Parses a text that is not known yet, if it is not too long."""

    def on_parse(self) -> Iterator[None]:
        """Find the document; where there is none, Strawberry says why."""
        execution = self.execution_context
        execution.parse_options = cast("ParseOptions", _LIMITS)
        with contextlib.suppress(GraphQLError):
            execution.graphql_document = _parsed(execution.query or "", **execution.parse_options)
        yield


class Validation(ValidationCache):
    """Validates a document that is neither known nor too large, and weighs each operation."""

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
        schema = execution.schema._schema  # noqa: SLF001  # pyright: ignore[reportPrivateUsage] - as ValidationCache does
        return (
            list(size.too_large(document))
            or self.cached_validate_document(schema, document, execution.validation_rules)
            or cost.too_dear(schema, document, execution.operation_name, execution.variables)
        )
