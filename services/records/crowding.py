"""How many lines a record may have. Asked by every write that adds some, with their head or by themselves."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING
from uuid import UUID

from services.records import locks, statements
from services.records.errors import TooManyLines
from services.records.locks import Wanted
from services.records.statements import Life
from services.records.stored import columns_of
from tenants.sql import ident, render, sql, value

if TYPE_CHECKING:
    from schema.metadata.fields import Field
    from services.records.targets import Target
    from tenants.sql import Template

# A deletion takes a head with all of its lines along, and a verb writes a thousand records at most.
LARGEST_TABLE = 500


async def refuse_crowded(target: Target, records: Sequence[Mapping[str, object]]) -> None:
    """Refuse lines that come with these values and are too many for their head, those counted that are there."""
    for relation in target.to_heads:
        coming = Counter(head for values in records if isinstance(head := values.get(relation.name), UUID))
        there = await _counted(target, relation, sorted(coming))
        for head, count in coming.items():
            refuse_more(count + there.get(head, 0))


async def refuse_returning(target: Target, ids: Collection[UUID]) -> None:
    """Refuse lines out of the bin whose head has become full meanwhile."""
    if target.to_heads:
        found = await locks.lock(target, ids, target.to_heads, Wanted(Life.ANY))
        await refuse_crowded(target, [each.values for each in found.values()])


def refuse_more(count: int) -> None:
    """Refuse so many lines of one head."""
    if count > LARGEST_TABLE:
        # How many there are is not told: some of them may be out of sight.
        raise TooManyLines(max=LARGEST_TABLE)


async def _counted(target: Target, relation: Field, heads: Sequence[UUID]) -> dict[UUID, int]:
    if not heads:
        return {}
    session = target.work.session
    bound = _count(target.name, relation).bound(session.schema, {"heads": heads}, target.registry.physical)
    return {row["head"]: row["count"] for row in await session.fetch(bound)}


def _count(object_name: str, relation: Field) -> Template:
    (column,) = columns_of((relation,))
    return render(
        sql(
            "SELECT record.{head} AS {head_key}, count(*) AS count FROM {table} AS record"
            " WHERE record.{head} = ANY({heads}) AND record.deleted_at IS NULL GROUP BY record.{head}",
            head=statements.column(object_name, column),
            head_key=ident("head"),
            table=statements.table(object_name),
            heads=value("heads", "uuid[]"),
        )
    )
