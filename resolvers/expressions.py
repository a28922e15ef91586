"""Expressions over GraphQL: what a text means before it is saved anywhere."""

# ruff: noqa: A002 - `object` is the name of the argument in the API
from __future__ import annotations

from typing import TYPE_CHECKING

import strawberry

from resolvers.context import Info
from schema.types.expressions import ExpressionDependency, ExpressionError, ExpressionValidation
from services import metadata
from services.metadata import Meaning

if TYPE_CHECKING:
    from services.expressions import Finding
    from tenants.errors import Language


@strawberry.type
class ExpressionsQuery:
    """What administrators ask about expressions."""

    @strawberry.field(
        description="What a text of the expression language means on records of an object. For administrators."
    )
    async def validate_expression(self, info: Info, object: str, text: str) -> ExpressionValidation | None:
        """Nothing is stored."""
        found = await info.context.read(lambda work: metadata.validate_expression(work, object, text))
        if isinstance(found, Meaning):
            return _meaning(found)
        language = info.context.origin.language
        errors = [_error(each, text, language) for each in found]
        return ExpressionValidation(text=None, type=None, words=None, dependencies=None, errors=errors)


def _meaning(found: Meaning) -> ExpressionValidation:
    dependencies = [ExpressionDependency(object=each.object_name, field=each.field_name) for each in found.dependencies]
    return ExpressionValidation(
        text=found.text, type=found.type, words=found.words, dependencies=dependencies, errors=[]
    )


def _error(finding: Finding, text: str, language: Language) -> ExpressionError:
    before = text[: finding.position]
    return ExpressionError(
        code=finding.fault.code,
        message=finding.fault.message(language),
        position=finding.position,
        line=before.count("\n") + 1,
        column=finding.position - before.rfind("\n"),
    )
