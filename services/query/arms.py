"""Which arms of a caller's scope one record meets: the same conditions that guard reads and writes, asked one by one."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from typing import TYPE_CHECKING

from services import metadata
from services.query.arguments import Circumstances, found
from services.query.compilation import Compilation, Variant, table
from services.query.criteria import criteria_sql
from services.query.guard import guard_scope
from services.query.scopes import all_of, arm_condition, there
from tenants.sql import ident, join, render, sql, value

if TYPE_CHECKING:
    from uuid import UUID

    from services.permissions import Arm, Policy
    from tenants.context import ReadWork

_ALIAS = "record"
_ID = "record id"


async def arms_met(
    work: ReadWork, policy: Policy, object_name: str, record_id: UUID, arms: Sequence[Arm]
) -> Mapping[Arm, bool] | None:
    """Each arm with whether the record meets it; nothing where there is no live record of this id."""
    registry = await metadata.registry(work)
    thing = registry.shape.objects[object_name]
    rights = guard_scope(registry.shape, policy, object_name)
    c = Compilation(registry.shape, rights, Variant(), criteria_sql)
    template = render(
        sql(
            "SELECT ARRAY[{met}]::boolean[] AS met FROM {table} {alias} WHERE {id} = {asked} AND {there}",
            met=join(", ", (arm_condition(c, each, thing, _ALIAS) for each in arms)),
            table=table(object_name),
            alias=ident(_ALIAS),
            id=sql("{alias}.id", alias=ident(_ALIAS)),
            asked=value(_ID, "uuid"),
            there=all_of(there(thing, _ALIAS)),
        )
    )
    circumstances = Circumstances(work, registry, (), {}, policy.criteria)
    values: dict[Hashable, object] = {
        each: record_id if each == _ID else found(each, circumstances) for each in template.parameters
    }
    rows = await work.session.fetch(template.bound(work.session.schema, values, registry.physical))
    return {arm: bool(met) for arm, met in zip(arms, rows[0]["met"], strict=True)} if rows else None
