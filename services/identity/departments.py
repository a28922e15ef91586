"""Departments and the closure of their tree: every (ancestor, descendant) pair has a row of its own.

The record scopes `team`, `department` and `tree` read it, so every change here moves `access_version`. Definition work
locks `state` first; two moves therefore never interleave, and no cycle can arise between them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from schema.metadata.errors import RelationNotFound
from schema.metadata.fields import Field
from schema.tables.permissions import department, department_closure, department_member, user
from services import audit
from services.identity import access, inputs
from services.identity.errors import DepartmentCycle
from services.identity.inputs import Input

if TYPE_CHECKING:
    from collections.abc import Mapping
    from uuid import UUID

    from tenants.context import Work

_NUMBER = 2
INPUTS = (
    Input(Field("name", "text", required=True, options=(("maxLength", 100),)), "name"),
    Input(Field("parentId", "id"), "parent_id", department),
    Input(Field("managerId", "id"), "manager_id", user),
)


async def create_department(work: Work, given: Mapping[str, object]) -> UUID:
    """A new department, below its parent or at the top."""
    await access.move(work)
    values = (await inputs.read(work, INPUTS, given, creating=True)).accepted()
    department_id = work.ids.new(_NUMBER)
    await work.session.execute(sa.insert(department).values(id=department_id, **values))
    await work.session.execute(_link_itself(department_id))
    await work.session.execute(_link_below(department_id, values.get("parent_id")))
    await audit.append(work, [audit.Entry("department.created", "department", department_id, details=values)])
    return department_id


async def update_department(
    work: Work, department_id: UUID, given: Mapping[str, object], *, if_version: int | None = None
) -> None:
    """Rename a department, give it another manager, or move it with everything below it."""
    await access.move(work)
    values = (await inputs.read(work, INPUTS, given, creating=False)).accepted()
    before = await access.update_versioned(work, department, department_id, values, if_version=if_version)
    if "parent_id" in values:
        if await work.session.scalar(_depth_below(values["parent_id"], department_id)) is not None:
            raise inputs.refuse("parentId", DepartmentCycle())
        await work.session.execute(_unlink_from_above(department_id))
        await work.session.execute(_link_below(department_id, values["parent_id"]))
    details = {**values, "before": before}
    await audit.append(work, [audit.Entry("department.updated", "department", department_id, details=details)])


async def add_department_member(work: Work, *, department_id: UUID, user_id: UUID) -> None:
    """Let a user sit in one more department, beside the own; twice changes nothing."""
    await access.move(work)
    await _require_both(work, department_id=department_id, user_id=user_id)
    row = {"department_id": department_id, "user_id": user_id, "created_at": work.now}
    if await work.session.execute(pg.insert(department_member).values(row).on_conflict_do_nothing()):
        details = {"user": user_id}
        await audit.append(work, [audit.Entry("department.memberAdded", "department", department_id, details=details)])


async def remove_department_member(work: Work, *, department_id: UUID, user_id: UUID) -> None:
    """Take a user out of a further department; the own one is a matter of `updateUser`."""
    await access.move(work)
    await _require_both(work, department_id=department_id, user_id=user_id)
    mine = (department_member.c.department_id == department_id, department_member.c.user_id == user_id)
    if await work.session.execute(sa.delete(department_member).where(*mine)):
        details = {"user": user_id}
        await audit.append(
            work, [audit.Entry("department.memberRemoved", "department", department_id, details=details)]
        )


async def _require_both(work: Work, *, department_id: UUID, user_id: UUID) -> None:
    for name, table, row_id in (("departmentId", department, department_id), ("userId", user, user_id)):
        if not await work.session.scalar(sa.select(table.c.id).where(table.c.id == row_id)):
            raise inputs.refuse(name, RelationNotFound())


def _link_itself(department_id: UUID) -> sa.Insert:
    row = {"ancestor_id": department_id, "descendant_id": department_id, "depth": 0}
    return sa.insert(department_closure).values(row)


def _link_below(department_id: UUID, parent_id: object) -> sa.Insert:
    """Every department above the parent, with every one of the subtree; without a parent that is nothing."""
    above, below = department_closure.alias("above"), department_closure.alias("below")
    pairs = sa.select(above.c.ancestor_id, below.c.descendant_id, above.c.depth + below.c.depth + 1).where(
        above.c.descendant_id == parent_id, below.c.ancestor_id == department_id
    )
    return sa.insert(department_closure).from_select(["ancestor_id", "descendant_id", "depth"], pairs)


def _unlink_from_above(department_id: UUID) -> sa.Delete:
    subtree = sa.select(department_closure.c.descendant_id).where(department_closure.c.ancestor_id == department_id)
    return sa.delete(department_closure).where(
        department_closure.c.descendant_id.in_(subtree), department_closure.c.ancestor_id.not_in(subtree)
    )


def _depth_below(candidate_id: object, department_id: UUID) -> sa.Select[int]:
    """How far below: 0 is the department itself, no row is elsewhere."""
    pair = sa.and_(
        department_closure.c.ancestor_id == department_id, department_closure.c.descendant_id == candidate_id
    )
    return sa.select(department_closure.c.depth).where(pair)
