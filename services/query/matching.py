"""The ids of records that a set verb means: those the caller may see, may do the verb to, and the filter chooses."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from schema.metadata.record_fields import NEVER_EMPTY
from services import metadata, permissions
from services.permissions import Verb
from services.query import plan as p
from services.query.arguments import Circumstances
from services.query.binder import bind_condition
from services.query.compilation import Compilation, Variant, column, table
from services.query.conditions import condition_sql
from services.query.criteria import criteria_sql
from services.query.executor import bound_sql, leave_entries
from services.query.guard import Rights, guard_touches, told_touches
from services.query.scopes import Life, all_of, visible
from services.query.templates import statement
from tenants.sql import Template, ident, integer, render, sql

if TYPE_CHECKING:
    from schema.metadata.registry import Registry, Shape
    from services.permissions import Policy
    from tenants.context import ReadWork, Work


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which records: the key of the compiled statement."""

    object_name: str
    condition: p.Condition | None
    verb: Verb
    limit: int
    life: Life = Life.LIVE


async def matching_ids(
    work: ReadWork,
    object_name: str,
    condition: p.Condition | None,
    values: p.Values,
    *,
    verb: Verb,
    limit: int,
    life: Life = Life.LIVE,
) -> list[UUID]:
    """At most `limit` ids in their order."""
    wanted = Wanted(object_name, condition, verb, limit, life)
    return await matching(work, await metadata.registry(work), await permissions.policy(work), wanted, values)


async def chosen_ids(
    work: Work, object_name: str, condition: p.Condition, values: p.Values, *, verb: Verb, limit: int
) -> list[UUID]:
    """The same for a filter of the caller: which records it chooses tells of the fields that it compares."""
    found = await matching_ids(work, object_name, condition, values, verb=verb, limit=limit)
    shape = (await metadata.registry(work)).shape
    touches = bind_condition(shape, object_name, condition)
    await leave_entries(work, shape, told_touches(touches, await permissions.policy(work)))
    return found


async def matching(work: ReadWork, registry: Registry, policy: Policy, wanted: Wanted, values: p.Values) -> list[UUID]:
    """The same for a registry and a policy that are at hand."""
    touches = bind_condition(registry.shape, wanted.object_name, wanted.condition)
    objects = {touch.object_name for touch in touches}
    compiled = statement(
        (registry.shape.hash, policy.fingerprint(objects), wanted),
        lambda: _compile(registry.shape, guard_touches(touches, policy), wanted),
        by=work.placement.tenant_id,
    )
    circumstances = Circumstances(work, registry, values, {}, policy.criteria)
    rows = await work.session.fetch(bound_sql(work, registry, compiled, circumstances))
    return [row["id"] for row in rows]


def chooses_everything(condition: p.Condition, values: p.Values = ()) -> bool:
    """Whether a filter holds for every record, whatever it holds: `{}`, `{and: []}`, or one whose variables were left out.

    With the values of its operands also one that an empty list or text has emptied: `notIn: []`, `contains: ""`.
    """
    return _constant(condition, values) is True


def _constant(  # noqa: PLR0911 - one return for each kind of condition
    condition: p.Condition, values: p.Values
) -> bool | None:
    """What a condition comes to without looking at a record, if it does."""
    match condition:
        case p.And():
            found = {_constant(each, values) for each in condition.conditions}
            return False if False in found else None if None in found else True
        case p.Or():
            found = {_constant(each, values) for each in condition.conditions}
            return True if True in found else None if None in found else False
        case p.Not():
            inner = _constant(condition.condition, values)
            return None if inner is None else not inner
        case p.Quantified():
            settled = {"some": False, "none": False, "every": True}[condition.quantifier]
            return condition.quantifier != "some" if _constant(condition.condition, values) is settled else None
        case p.IsEmpty():
            return False if condition.field in NEVER_EMPTY else None
        case p.Compare() if _is_nothing(condition.operand, values):
            return _OF_NOTHING.get(condition.operator)
        case _:
            return None


# What an operator comes to whose operand is an empty list or text.
_OF_NOTHING: Mapping[str, bool] = {
    "in": False,
    "notIn": True,
    "hasAny": False,
    "hasAll": True,
    "contains": True,
    "startsWith": True,
    "endsWith": True,
}


def _is_nothing(operand: p.Parameter, values: p.Values) -> bool:
    return operand.position < len(values) and values[operand.position] in ([], (), "")


def _compile(shape: Shape, rights: Rights, wanted: Wanted) -> Template:
    c = Compilation(shape, rights, Variant(), criteria_sql)
    name, alias = wanted.object_name, c.alias()
    conditions = list(visible(c, shape.objects[name], alias, life=wanted.life, verb=wanted.verb))
    if wanted.condition is not None:
        conditions.append(condition_sql(c, wanted.condition, name, alias))
    return render(
        sql(
            "SELECT {id} AS id FROM {table} {alias} WHERE {conditions} ORDER BY {id} LIMIT {limit}",
            id=column(alias, name, "id"),
            table=table(name),
            alias=ident(alias),
            conditions=all_of(conditions),
            limit=integer(wanted.limit),
        )
    )
