"""The reminder itself: decided when a timer fires, by what is true then, for the owner with a copy for the manager."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

import sqlalchemy as sa

from schema.tables.permissions import department, department_closure, user
from services import metadata, notifications, query, timers
from services.follow_ups import rules
from services.follow_ups.messages import RemindFollowUp
from services.notifications import Notice
from services.query.plan import Leaf, Parameter, Plan, RecordRoot, Selection, ToOne

if TYPE_CHECKING:
    from tenants.context import Work

KIND = "follow_up.overdue"
_FIELDS = ("name", "createdAt", "lastActivityAt", "owner")
_LOOK = Plan((
    RecordRoot(
        "customer",
        Selection(
            "customer",
            (
                Leaf("name", "name"),
                Leaf("createdAt", "createdAt"),
                Leaf("lastActivityAt", "lastActivityAt"),
                ToOne("owner", "owner", Selection("user", (Leaf("id", "id"), Leaf("state", "state")))),
            ),
        ),
        Parameter(0),
    ),
))


@dataclass(frozen=True, slots=True)
class Waiting:
    """A customer as it is now. `basis` is the last activity, or when it came."""

    id: UUID
    name: str
    basis: datetime
    owner_id: UUID | None
    owner_is_active: bool


async def remind(work: Work, customer_id: UUID) -> None:
    """Remind if seven days went by without a follow-up, and look again when that can next be so.

    May run twice: a silence is known by its customer and the moment it began, and is told once.
    """
    if not await _can_look(work):
        # What an administrator retired may be restored, and the timer of a customer would not come back with it.
        await timers.arm(work, rules.timer_key(customer_id), rules.due_after(work.now), RemindFollowUp(customer_id))
        return
    customer = await _look(work, customer_id)
    if customer is None:
        return
    due = rules.due_after(customer.basis)
    if due <= work.now:
        await notifications.notify(work, await _notices(work, customer))
        # Nothing new to tell until there is an activity; looking once a period finds it.
        due = rules.due_after(work.now)
    await timers.arm(work, rules.timer_key(customer_id), due, RemindFollowUp(customer_id))


async def _can_look(work: Work) -> bool:
    shape = (await metadata.registry(work)).shape
    return "customer" in shape.objects and all(shape.field("customer", name) is not None for name in _FIELDS)


async def _look(work: Work, customer_id: UUID) -> Waiting | None:
    found = json.loads(await query.read(work, _LOOK, (customer_id,)))["customer"]
    return None if found is None else as_waiting(customer_id, found)


def as_waiting(customer_id: UUID, found: dict[str, Any]) -> Waiting:  # a record as JSON
    """What the statement answered."""
    owner = found["owner"]
    return Waiting(
        id=customer_id,
        name=found["name"] or "",
        basis=datetime.fromisoformat(found["lastActivityAt"] or found["createdAt"]),
        owner_id=UUID(owner["id"]) if owner else None,
        owner_is_active=bool(owner) and owner["state"] == "active",
    )


async def _notices(work: Work, customer: Waiting) -> list[Notice]:
    if customer.owner_id is None:
        return []
    manager_id = await work.session.scalar(nearest_manager(customer.owner_id))
    notices = [notice(customer, customer.owner_id, now=work.now, is_copy=False)] if customer.owner_is_active else []
    if manager_id is not None:
        notices.append(notice(customer, manager_id, now=work.now, is_copy=True))
    return notices


def notice(customer: Waiting, user_id: UUID, *, now: datetime, is_copy: bool) -> Notice:
    """The words."""
    days = (now - customer.basis).days
    return Notice(
        user_id=user_id,
        kind=KIND,
        title_zh=f"客户“{customer.name}”已 {days} 天没有跟进",
        title_en=f"No follow-up with {customer.name} for {days} days",
        dedup_key=f"{rules.timer_key(customer.id)}:{customer.basis.isoformat()}:{'manager' if is_copy else 'owner'}",
        object_name="customer",
        record_id=customer.id,
        is_copy=is_copy,
    )


def nearest_manager(user_id: UUID) -> sa.Select[tuple[UUID]]:
    """The manager of the user's department; for who is that manager, the next one above. Only someone at work."""
    manager = user.alias("manager")
    return (
        sa
        .select(department.c.manager_id)
        .join_from(user, department_closure, department_closure.c.descendant_id == user.c.department_id)
        .join(department, department.c.id == department_closure.c.ancestor_id)
        .join(manager, sa.and_(manager.c.id == department.c.manager_id, manager.c.state == "active"))
        .where(user.c.id == user_id, department.c.manager_id != user_id)
        .order_by(department_closure.c.depth)
        .limit(1)
    )
