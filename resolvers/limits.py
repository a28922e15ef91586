"""`limits`: what a request may ask for, and what is left of the caller's and the tenant's budgets."""

from __future__ import annotations

from typing import TYPE_CHECKING

import strawberry

from resolvers.context import Info
from schema.types.limits import Budget, Limits, RequestLimit

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tenants.budgets import Standing
    from tenants.settings import LimitSettings

# Name in the API → member of the settings, and the code of what goes beyond it.
_LIMITS: Mapping[str, tuple[str, str]] = {
    "cost": ("cost", "TOO_COSTLY"),
    "page": ("page", "PAGE_TOO_LARGE"),
    "depth": ("depth", "TOO_DEEP"),
    "aliases": ("aliases", "TOO_MANY_ALIASES"),
    "directives": ("directives", "TOO_MANY_DIRECTIVES"),
    "rootFields": ("root_fields", "TOO_MANY_ROOT_FIELDS"),
    "mutations": ("mutations", "TOO_MANY_MUTATIONS"),
    "tokens": ("tokens", "TOO_MANY_TOKENS"),
    "requestBytes": ("body_bytes", "BODY_TOO_LARGE"),
    "answerBytes": ("answer_bytes", "ANSWER_TOO_LARGE"),
    "records": ("set_rows", "TOO_MANY_RECORDS"),
    "milliseconds": ("request_ms", "STATEMENT_TIMEOUT"),
}


@strawberry.type
class LimitsQuery:
    """What may be asked."""

    @strawberry.field(description="Every limit of a request, and what is left of the budgets.")
    async def limits(self, info: Info) -> Limits | None:
        """Of this caller, now."""
        spending = info.context.spending
        own, shared = spending.standing()
        return Limits(request=_request(spending.limits), budgets=[_budget("principal", own), _budget("tenant", shared)])


def _request(limits: LimitSettings) -> list[RequestLimit]:
    return [RequestLimit(name=name, max=getattr(limits, member), code=code) for name, (member, code) in _LIMITS.items()]


def _budget(of: str, standing: Standing) -> Budget:
    return Budget(
        of=of, capacity=standing.capacity, per_second=standing.per_second, remaining=max(0, standing.remaining)
    )
