"""The SQL of the limit: what Kezhi's own compiler writes for an administrator, without the part that checks the snapshot.

What is left is one SELECT of the response body, its parameters numbered anew.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING
from uuid import UUID

from app import make_doors
from bench.reads.data import ORIGIN
from resolvers.http import open_context
from resolvers.operations import Request
from services import query as reads
from tenants.installation import Installation
from tenants.session import Session

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from bench.reads.data import Loaded
    from bench.reads.queries import Query
    from services.query.plan import Plan
    from tenants.context import ReadWork
    from tenants.flight import Row
    from tenants.settings import Settings
    from tenants.sql import BoundSql

_PARAMETER = re.compile(r"\$(\d+)")
_BEGINS, _ENDS = " THEN ", " END AS body FROM "


@dataclass(slots=True)
class _Listening:
    """Notes what is answered through the sessions that it is put in front of."""

    fetched: list[BoundSql] = field(default_factory=list)

    def reading(self, plan: Plan, values: tuple[object, ...]) -> Callable[[ReadWork], Awaitable[bytes]]:
        """A verb that reads the plan."""
        return lambda work: reads.read(replace(work, session=_Noted(work.session, self.fetched)), plan, values)


class _Noted(Session):
    """A session that notes what it answers."""

    def __init__(self, session: Session, fetched: list[BoundSql]) -> None:
        super().__init__(session._connection, session.schema)  # noqa: SLF001 - the same connection
        self._fetched = fetched

    async def answer(self, bound: BoundSql) -> list[Row]:
        """As always."""
        self._fetched.append(bound)
        return await super().answer(bound)


async def hard_wired(settings: Settings, loaded: Loaded, queries: tuple[Query, ...]) -> dict[str, object]:
    """Path → text and arguments, as `bench.reads.hard_wired` runs them."""
    async with Installation.open(settings) as installation:
        door = make_doors(installation).graphql
        headers = {"x-tenant": loaded.placement.slug, "authorization": f"Bearer {loaded.tokens['admin']}"}
        context = await open_context(installation, headers, ORIGIN)
        found: dict[str, object] = {}
        for each in queries:
            variables = each.variables(loaded.big_customers)[0]
            operation = await door.preparation.prepare(context, Request(each.kezhi, variables), reads_only=True)
            compiled = door.queries._compile(operation, context)  # noqa: SLF001 - the plan is no part of any answer
            listening = _Listening()
            await context.read(listening.reading(compiled.plan, compiled.values(operation.variables.coerced)))
            found[f"/{each.name}"] = _body(listening.fetched[-1], variables.get("id"))
        return found


def _body(bound: BoundSql, key: str | None) -> dict[str, object]:
    text = bound.text[bound.text.index(_BEGINS) + len(_BEGINS) : bound.text.rindex(_ENDS)]
    used = sorted({int(number) for number in _PARAMETER.findall(text)})
    numbers = {old: new for new, old in enumerate(used, 1)}
    arguments = [_argument(bound.arguments[old - 1], key) for old in used]
    return {
        "text": "SELECT " + _PARAMETER.sub(lambda found: f"${numbers[int(found[1])]}", text),
        "arguments": arguments,
    }


def _argument(value: object, key: str | None) -> object:
    """As JSON; an id is its text, which asyncpg writes as it does a UUID."""
    told = str(value) if isinstance(value, UUID) else value
    return {"key": True} if key is not None and told == key else told
