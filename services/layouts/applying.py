"""The layout that applies to a caller, with the fields that he may read, and whether he may write them.

That of a role comes before that of everybody, and for a stage before the one for all stages. Without any, one is made
of the definitions. What is closed to the caller looks as if it had never been placed.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import sqlalchemy as sa

from schema.metadata.fields import Label
from schema.metadata.record_fields import RECORD_FIELD_NAMES
from schema.tables.layouts import layout
from schema.tables.oauth import client
from schema.tables.permissions import role, role_member
from services import expressions, metadata, permissions
from services.expressions import ExpressionOutdated
from services.identity import access
from services.layouts.sections import Condition, Placed, Section, live_fields, restored
from services.permissions import Level, Verb

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping
    from uuid import UUID

    from schema.metadata.fields import Field
    from schema.metadata.objects import Inverse
    from schema.metadata.registry import Registry
    from services.permissions import Policy
    from tenants.context import ReadWork

_WIDE = frozenset({"longText", "richText", "multiChoice", "address"})
_COLUMNS = 2
_BASICS, _SYSTEM = Label("基本信息", "Basics"), Label("系统信息", "System")
# Not shown on a form.
_UNSEEN = frozenset({"id", "version", "deletedAt"})


@dataclass(frozen=True, slots=True)
class Arranged:
    """A layout as one caller sees it. `levels` says how far each field is open, `writable` which he may write there."""

    id: UUID | None
    object_name: str
    stage: str
    sections: tuple[Section, ...]
    fields: Mapping[str, Field]
    # Line tables and lists of related records.
    lists: Mapping[str, Inverse]
    levels: Mapping[str, Level]
    writable: frozenset[str]


async def layout_for(work: ReadWork, object_name: str, stage: str | None) -> Arranged | None:
    """Nothing for an object that the caller may not read, as for one that is not there."""
    access.require_signed_in(work)
    registry, policy = await metadata.registry(work), await permissions.policy(work)
    rights = policy.on(object_name)
    if object_name not in registry.shape.objects or not (rights.arms(Verb.READ) or rights.create):
        return None
    fields = {
        name: field
        for name, field in live_fields(registry.shape, object_name).items()
        if rights.level(name) >= Level.MASKED and _is_told(field, policy)
    }
    lists = {each.name: each for each in registry.shape.objects[object_name].inverses if _is_followed(policy, each)}
    row = await work.session.row(_chosen(object_name, stage or "", work.principal.id, policy.withheld.layouts))
    if row is None:
        arranged = tuple(_generated(registry, object_name, fields, lists))
    else:
        names = fields.keys() | lists.keys()
        arranged = tuple(_shown(registry, policy, object_name, names, restored(row["sections"])))
    placed = {each.field: each for section in arranged for each in section.fields}
    writable = _writable(policy, object_name, fields, placed) | _written_lists(policy, lists, placed)
    return Arranged(
        None if row is None else row["id"],
        object_name,
        "" if row is None else row["stage"],
        arranged,
        fields,
        lists,
        {
            name: rights.level(name) if name in fields else Level.WRITE if name in writable else Level.READ
            for name in placed
        },
        writable,
    )


def _is_told(field: Field, policy: Policy) -> bool:
    """A relation shows as what stands for the record behind it."""
    return field.relation is None or bool(policy.on(field.relation.target).arms(Verb.READ))


def _is_followed(policy: Policy, inverse: Inverse) -> bool:
    """Whether the caller may look from here at the records of an inverse."""
    object_name, field_name = inverse.decided_by
    reads = (policy.on(each).arms(Verb.READ) for each in (object_name, inverse.object_name))
    return all(reads) and policy.on(object_name).level(field_name) >= Level.READ


def _written_lists(policy: Policy, lists: Mapping[str, Inverse], placed: Mapping[str, Placed]) -> frozenset[str]:
    """Line tables that may be written together with the record."""
    chosen = (lists[name] for name, each in placed.items() if name in lists and not each.read_only)
    return frozenset(
        each.name
        for each in chosen
        if each.lines_by and (policy.on(each.object_name).create or policy.on(each.object_name).arms(Verb.UPDATE))
    )


def _writable(
    policy: Policy, object_name: str, fields: Mapping[str, Field], placed: Mapping[str, Placed]
) -> frozenset[str]:
    rights = policy.on(object_name)
    if not (rights.create or rights.arms(Verb.UPDATE)):
        return frozenset()
    return frozenset(
        name
        for name, each in placed.items()
        if name in fields and rights.level(name) is Level.WRITE and not (fields[name].read_only or each.read_only)
    )


def _shown(
    registry: Registry, policy: Policy, object_name: str, names: Collection[str], sections: tuple[Section, ...]
) -> Iterator[Section]:
    """The sections without what the caller may not read; one that is empty then is left out."""

    def told(condition: Condition | None) -> Condition | None:
        is_told = condition is not None and _is_open(registry, policy, object_name, condition)
        return condition if is_told else None

    for section in sections:
        shown = tuple(replace(each, visible_if=told(each.visible_if)) for each in section.fields if each.field in names)
        if shown:
            yield replace(section, fields=shown, visible_if=told(section.visible_if))


def _is_open(registry: Registry, policy: Policy, object_name: str, condition: Condition) -> bool:
    """Whether the caller may read everything that a condition looks at, and all of it is still there."""
    try:
        node = expressions.restored(condition.tree, registry.shape, object_name)
    except ExpressionOutdated:
        return False
    return all(
        policy.on(step.object_name).arms(Verb.READ) and policy.on(step.object_name).level(step.field_name) >= Level.READ
        for step in expressions.dependencies(node)
    )


def _generated(
    registry: Registry, object_name: str, fields: Mapping[str, Field], lists: Mapping[str, Inverse]
) -> Iterator[Section]:
    names = registry.names[object_name].fields
    in_order = sorted(fields, key=lambda name: (names[name].position, name))
    own = [name for name in in_order if name not in RECORD_FIELD_NAMES]
    lines = [each.name for each in lists.values() if each.lines_by]
    of_record = [name for name in in_order if name in RECORD_FIELD_NAMES and name not in _UNSEEN]
    for label, chosen in ((_BASICS, [*own, *lines]), (_SYSTEM, of_record)):
        if chosen:
            wide = {name for name in chosen if name in lists or fields[name].type_name in _WIDE}
            yield Section(label, _COLUMNS, tuple(Placed(name, _COLUMNS if name in wide else 1) for name in chosen))


def _chosen(
    object_name: str, stage: str, principal_id: UUID, withheld: Collection[UUID]
) -> sa.Select[UUID, str, object]:
    held = sa.union_all(
        sa.select(role_member.c.role_id).where(role_member.c.user_id == principal_id),
        sa.select(client.c.role_id).where(client.c.id == principal_id),
    )
    return (
        sa
        .select(layout.c.id, layout.c.stage, layout.c.sections)
        .outerjoin(role, role.c.id == layout.c.role_id)
        .where(
            layout.c.object_name == object_name,
            sa.or_(layout.c.role_id.is_(None), layout.c.role_id.in_(held)),
            layout.c.stage.in_(("", stage)),
            layout.c.id.not_in(withheld),
        )
        .order_by(layout.c.role_id.is_(None), layout.c.stage == "", role.c.name, layout.c.stage_field)
        .limit(1)
    )
