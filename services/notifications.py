"""The inbox: what the platform tells a user, once, however often the job that tells it runs.

A notice names itself by its `dedup_key`. Only the user that it is for can mark it as read.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from schema.metadata.errors import NotAnId
from schema.metadata.system_objects import SYSTEM_OBJECTS
from schema.tables.jobs import notification
from services import permissions, verbs
from services.verbs import Outcome, Requirement, VerbDefinition, VerbInput, VerbOutput
from tenants import ids
from tenants.errors import NotFound, Refused, Violation

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from uuid import UUID

    from tenants.context import Work

_NUMBER = SYSTEM_OBJECTS["notification"][1].number


class NotificationNotFound(NotFound):
    """There is no such notification in your inbox."""

    code = "NOTIFICATION_NOT_FOUND"
    zh = "您的通知中没有这一条。"


@dataclass(frozen=True, slots=True)
class Notice:
    """One line of one user's inbox. A copy is for somebody who should know but need not act."""

    user_id: UUID
    kind: str
    title_zh: str
    title_en: str
    dedup_key: str
    object_name: str = ""
    record_id: UUID | None = None
    is_copy: bool = False


async def notify(work: Work, notices: Sequence[Notice]) -> int:
    """Put notices into inboxes and answer how many are new. May run twice: one that is there already stays as it is."""
    if not notices:
        return 0
    return await work.session.execute(_insert(work, notices))


async def mark_read(work: Work, notification_ids: Sequence[UUID]) -> None:
    """Mark notices of the caller as read; one read before keeps its first time. Another's is as good as none."""
    if not (await permissions.policy(work)).on("notification").read:
        raise NotificationNotFound
    marked = await work.session.rows(_mark(work, notification_ids))
    if len(marked) != len(set(notification_ids)):
        raise NotificationNotFound


async def _mark_notification_read(work: Work, given: Mapping[str, object]) -> Outcome:
    notification_id = ids.record_id(given["id"])
    if notification_id is None:
        raise Refused((Violation(("id",), NotAnId()),))
    await mark_read(work, (notification_id,))
    return Outcome({"notification": (notification_id,)})


verbs.declare(
    VerbDefinition(
        "markNotificationRead",
        (VerbInput("id", "ID", required=True),),
        (VerbOutput("notification", "notification"),),
        _mark_notification_read,
        "Marks a notification of the caller as read.",
        requirement=Requirement(reads="notification"),
    )
)


def _insert(work: Work, notices: Sequence[Notice]) -> pg.Insert:
    rows = [
        {
            "id": work.ids.new(_NUMBER),
            "created_at": work.now,
            "updated_at": work.now,
            "user_id": notice.user_id,
            "kind": notice.kind,
            "title_zh": notice.title_zh,
            "title_en": notice.title_en,
            "dedup_key": notice.dedup_key,
            "object_name": notice.object_name,
            "record_id": notice.record_id,
            "is_copy": notice.is_copy,
        }
        for notice in notices
    ]
    return pg.insert(notification).values(rows).on_conflict_do_nothing(index_elements=["dedup_key"])


def _mark(work: Work, notification_ids: Sequence[UUID]) -> sa.Update:
    mine = sa.and_(
        notification.c.user_id == work.principal.id,
        notification.c.id == sa.any_(sa.literal(list(notification_ids), pg.ARRAY(pg.UUID))),
    )
    return (
        sa
        .update(notification)
        .where(mine)
        .values(
            read_at=sa.func.coalesce(notification.c.read_at, work.now),
            version=notification.c.version + 1,
            updated_at=work.now,
        )
        .returning(notification.c.id)
    )
