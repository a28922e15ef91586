"""`limits`: what a request may ask for, and what is left of the caller's and the tenant's budgets."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

import strawberry

from resolvers.context import Info
from schema.types.limits import Budget, DefinitionLimit, Limits, RequestLimit
from services import change_sets, expressions, field_rules, metadata, pilots, query, records

if TYPE_CHECKING:
    from tenants.budgets import Standing
    from tenants.settings import LimitSettings

# Name in the API → how much that is, and the code of what goes beyond it.
_LIMITS: Mapping[str, tuple[Callable[[LimitSettings], int], str]] = {
    "cost": (lambda limits: limits.cost, "TOO_COSTLY"),
    "page": (lambda _: query.LARGEST_PAGE, "PAGE_TOO_LARGE"),
    "depth": (lambda limits: limits.depth, "TOO_DEEP"),
    "aliases": (lambda limits: limits.aliases, "TOO_MANY_ALIASES"),
    "directives": (lambda limits: limits.directives, "TOO_MANY_DIRECTIVES"),
    "rootFields": (lambda limits: limits.root_fields, "TOO_MANY_ROOT_FIELDS"),
    "mutations": (lambda limits: limits.mutations, "TOO_MANY_MUTATIONS"),
    "rehearsals": (lambda limits: limits.rehearsals, "TOO_MANY_REHEARSALS"),
    "tokens": (lambda limits: limits.tokens, "TOO_MANY_TOKENS"),
    "requestBytes": (lambda limits: limits.body_bytes, "BODY_TOO_LARGE"),
    "answerBytes": (lambda limits: limits.answer_bytes, "ANSWER_TOO_LARGE"),
    "records": (lambda _: records.LARGEST_SET, "TOO_MANY_RECORDS"),
    "links": (lambda _: records.LARGEST_LINKS, "TOO_MANY_LINKS"),
    "linksAtOnce": (lambda _: records.LARGEST_SET_OF_LINKS, "TOO_MANY_LINKS_AT_ONCE"),
    "lines": (lambda _: records.LARGEST_TABLE, "TOO_MANY_LINES"),
    "formulaDepth": (lambda _: metadata.DEEPEST_FORMULA, "FORMULA_TOO_DEEP"),
    "milliseconds": (lambda limits: limits.request_ms, "STATEMENT_TIMEOUT"),
}


# The same of what administrators define.
_OF_DEFINITIONS: Mapping[str, tuple[int, str]] = {
    "objects": (metadata.MOST_OBJECTS, "TOO_MANY_OBJECTS"),
    "fieldsOfAnObject": (metadata.MOST_FIELDS, "TOO_MANY_FIELDS"),
    "choicesOfAField": (metadata.MOST_CHOICES, "TOO_MANY_CHOICES"),
    "validationRulesOfAnObject": (field_rules.MOST_RULES, "TOO_MANY_RULES"),
    "keptValidationRulesOfAnObject": (field_rules.MOST_KEPT, "TOO_MANY_RULES_KEPT"),
    "fieldsOfAValidationRule": (field_rules.MOST_FIELDS, "TOO_MANY_RULE_FIELDS"),
    "uniqueRulesOfAnObject": (field_rules.MOST_UNIQUE_RULES, "TOO_MANY_UNIQUE_RULES"),
    "fieldsOfAUniqueRule": (field_rules.MOST_TOGETHER, "UNIQUE_FIELDS_MISSING"),
    "changeSets": (change_sets.MOST_DRAFTS, "TOO_MANY_CHANGE_SETS"),
    "stepsOfAChangeSet": (change_sets.MOST_STEPS, "TOO_MANY_STEPS"),
    "bytesOfAChangeSet": (change_sets.MOST_BYTES, "CHANGE_SET_TOO_LARGE"),
    "runningPilots": (pilots.MOST_RUNNING, "TOO_MANY_PILOTS"),
    "coordinatesOfAPilot": (pilots.MOST_COORDINATES, "TOO_MANY_COORDINATES"),
    "membersOfAPilot": (pilots.MOST_MEMBERS, "TOO_MANY_MEMBERS"),
    "expressionCharacters": (expressions.LONGEST_TEXT, "EXPRESSION_TOO_LARGE"),
    "expressionDepth": (expressions.DEEPEST, "EXPRESSION_TOO_LARGE"),
    "expressionParts": (expressions.MOST_NODES, "EXPRESSION_TOO_LARGE"),
    "expressionCost": (expressions.MOST_COST, "EXPRESSION_TOO_LARGE"),
}


@strawberry.type
class LimitsQuery:
    """What may be asked."""

    @strawberry.field(description="Every limit of a request, and what is left of the budgets.")
    async def limits(self, info: Info) -> Limits | None:
        """Of this caller, now."""
        spending = info.context.spending
        own, shared = spending.standing()
        return Limits(
            request=_request(spending.limits),
            definitions=[
                DefinitionLimit(name=name, max=most, code=code) for name, (most, code) in _OF_DEFINITIONS.items()
            ],
            budgets=[_budget("principal", own), _budget("tenant", shared)],
        )


def _request(limits: LimitSettings) -> list[RequestLimit]:
    return [RequestLimit(name=name, max=most(limits), code=code) for name, (most, code) in _LIMITS.items()]


def _budget(of: str, standing: Standing) -> Budget:
    return Budget(
        of=of, capacity=standing.capacity, per_second=standing.per_second, remaining=max(0, standing.remaining)
    )
