"""Runs plans: bind, guard, compile, fill the parameters in, and hand on the bytes that PostgreSQL wrote."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from services import audit, metadata, permissions
from services.query import cursors
from services.query import plan as p
from services.query.arguments import Circumstances, object_behind, page_size
from services.query.binder import BoundPlan, Touch, audited
from services.query.compilation import Variant, step
from services.query.compiler import compile_plan
from services.query.guard import guard, told_touches
from services.query.permitted import permitted
from services.query.searching import is_several
from services.query.templates import Statement, Text, bound_plan, statement
from services.query.unsealing import MARK, unsealed
from tenants.context import ReadWork, Work
from tenants.errors import Stale
from tenants.sql import BoundSql
from tenants.transactions import SignedOut

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from schema.metadata.registry import Registry, Shape
    from services.permissions import Policy
    from services.query.cursors import CursorUse
    from tenants.context import TenantId


# How PostgreSQL sends a Boolean; of a row that is not there nothing is true.
_TRUE = b"\x01"
_STALE = (None, None, None)
# Roots that name several objects, of which a caller reads some, or may have one such within.
_MAY_NAME_SEVERAL = frozenset({p.NodeRoot, p.SearchRoot, p.RootIfPermitted})


class AuditedReadNeedsWorkError(Exception):
    """Reading this leaves an entry, and nothing was read yet: the door opens a transaction that writes, and reads there."""


def is_audited(registry: Registry, plan: p.Plan, *, by: TenantId) -> bool:
    """Whether reading this leaves an audit entry, so that the door must open a `Work` for it."""
    return bool(bound_plan(registry.shape, plan, by=by).audited)


async def read(work: ReadWork, plan: p.Plan, values: p.Values) -> bytes:
    """The JSON object of `data` for the plan's roots. One statement; before it, an audit entry where one is due."""
    return await answer(work, await metadata.registry(work), await permissions.policy(work), plan, values)


async def answer(work: ReadWork, registry: Registry, policy: Policy, plan: p.Plan, values: p.Values) -> bytes:
    """The same for a registry and a policy that are at hand."""
    tenant = work.placement.tenant_id
    narrow = _narrow(plan, registry, policy, values)
    bound = bound_plan(registry.shape, narrow, by=tenant)
    if plan.is_conditional:
        narrow = permitted(narrow, registry.shape, policy, bound.objects, by=tenant)
        bound = bound_plan(registry.shape, narrow, by=tenant)
    for position in bound.sizes:
        # Also where only totals are selected, so that no statement has a parameter for it.
        page_size(values[position])
    given = {use: cursors.decode(values[use.position], use) for use in bound.cursors} if bound.cursors else {}
    variant = variant_of(work, bound, values, given)
    compiled = statement(
        (bound, policy.fingerprint(bound.objects), *variant),
        lambda: compile_plan(guard(bound, policy), variant),
        by=tenant,
    )
    if bound.audited:
        await leave_entries(work, registry.shape, told_touches(bound.touches, policy))
    return await run(work, registry, compiled, Circumstances(work, registry, values, given, policy.criteria))


def variant_of(
    work: ReadWork, bound: BoundPlan, values: p.Values, given: Mapping[CursorUse, tuple[object, ...] | None]
) -> Variant:
    """What of a request's values shapes the statement."""
    principal = work.principal
    who = (principal.has_session, principal.is_client)
    if not (given or bound.sizes or bound.texts):
        return Variant((), (), (), *who)
    empty = {use: None if keys is None else tuple(key is None for key in keys) for use, keys in given.items()}
    most = tuple((position, step(values[position])) for position in bound.sizes)
    return Variant(tuple(empty.items()), most, tuple(each for each in bound.texts if is_several(values[each])), *who)


async def run(work: ReadWork, registry: Registry, compiled: Statement, circumstances: Circumstances) -> bytes:
    """The body of a checked statement; `Stale` or `SignedOut` where it answered nothing."""
    rows = await work.session.answer(bound_sql(work, registry, compiled, circumstances))
    fresh, session_ok, body = rows[0] if rows else _STALE
    if fresh != _TRUE:
        raise Stale
    if session_ok != _TRUE:
        raise SignedOut
    if body is None:
        msg = "a part of the statement was NULL"
        raise TypeError(msg)
    return await unsealed(work, body) if MARK in body else body


def bound_sql(work: ReadWork, registry: Registry, compiled: Statement, circumstances: Circumstances) -> BoundSql:
    """The tenant's text of a statement, and the values of its parameters."""
    tenant, schema = work.placement.tenant_id, work.placement.schema
    key = (compiled, registry.version, schema)
    text = work.cache.get(Text, tenant, key)
    if text is None:
        text = Text(compiled.template.bind(schema, registry.physical))
        work.cache.put(Text, tenant, key, text, weight=1 + len(text.sql) // 1024)
    return BoundSql(text.sql, tuple([each.found_in(circumstances) for each in compiled.arguments]))


async def leave_entries(work: ReadWork, shape: Shape, touches: Iterable[Touch]) -> None:
    """An entry for each object of which something marked is read. No entry, no answer: both stand in one transaction."""
    due = audited(shape, touches)
    if due and not isinstance(work, Work):
        raise AuditedReadNeedsWorkError
    if isinstance(work, Work):
        await audit.append(
            work, [audit.Entry("record.read", name, details={"fields": list(fields)}) for name, fields in due]
        )


def _narrow(plan: p.Plan, registry: Registry, policy: Policy, values: p.Values) -> p.Plan:
    if not _MAY_NAME_SEVERAL.intersection(map(type, plan.roots)):
        return plan
    roots = tuple(_narrowed(root, registry, policy, values) for root in plan.roots)
    return plan if roots == plan.roots else p.Plan(roots, plan.is_conditional)


def _narrowed(root: p.Root, registry: Registry, policy: Policy, values: p.Values) -> p.Root:
    """Of roots that name several objects only what the caller may read."""
    match root:
        case p.NodeRoot():
            return _of_id(root, registry, policy, values)
        case p.RootIfPermitted(root=p.NodeRoot() as node):
            return replace(root, root=_of_id(node, registry, policy, values))
        case p.SearchRoot():
            return replace(root, hits=tuple(each for each in root.hits if policy.on(each.object_name).read))
        case _:
            return root


def _of_id(root: p.NodeRoot, registry: Registry, policy: Policy, values: p.Values) -> p.NodeRoot:
    """Only the selection of the object whose number the id carries; none if the caller may not read it at all."""
    name = object_behind(values[root.id.position], registry)
    return replace(
        root,
        selections=tuple(
            each for each in root.selections if each.object_name == name and policy.on(each.object_name).read
        ),
    )
