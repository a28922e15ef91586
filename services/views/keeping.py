"""Keeping views: everybody keeps those of his own over objects that he may read; who shares them needs the action for it.

A view is changed by its owner, and a shared one also by those who may define. For everybody else it is not there to change.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from schema.metadata.fields import Choice, Field
from schema.metadata.system_objects import SYSTEM_OBJECTS, VIEW_KINDS
from schema.tables.views import saved_view
from services import audit, metadata, permissions, query
from services.identity import access, inputs
from services.views.audience import SHARED_WITH, audience_of
from services.views.errors import SavedViewNotFound, TooManyViews
from services.views.parts import Reader
from tenants.context import PrincipalKind

if TYPE_CHECKING:
    from collections.abc import Mapping
    from uuid import UUID

    import asyncpg

    from tenants.context import Work

OBJECT = "savedView"
SHARE = permissions.declare_action("savedView.share")
MOST_VIEWS = 500
_NUMBER = SYSTEM_OBJECTS[OBJECT][1].number
_KIND = inputs.Input(Field("kind", "choice", choices=tuple(map(Choice, VIEW_KINDS))), "kind")
_INPUTS = (inputs.Input(Field("name", "text", required=True, options=(("maxLength", 100),)), "name"), _KIND)
# Inputs that are parts, and the columns that keep them.
_PARTS = {"filter": "filter", "orderBy": "order_by", "groupBy": "group_by", "columns": "columns"}


async def create_view(work: Work, given: Mapping[str, object]) -> UUID:
    """Keep a view of an object."""
    object_name = await _object_of(work, given)
    await _refuse_too_many(work)
    draft = await inputs.read(work, _INPUTS, given, creating=True)
    kind = str(draft.values.get("kind") or "table")
    await _read_parts(work, draft, object_name, kind, {"settings": None, **given})
    values = {**draft.accepted(), "kind": kind}
    if values.get("shared_with") is not None:
        await permissions.require_action(work, SHARE)
    view_id = work.ids.new(_NUMBER)
    # What the system keeps is nobody's.
    owner_id = None if work.principal.kind is PrincipalKind.SYSTEM else work.principal.id
    row = {"id": view_id, "object_name": object_name, "owner_id": owner_id, **_rows(values)}
    await work.session.execute(sa.insert(saved_view).values(**row, created_at=work.now, updated_at=work.now))
    await _note(work, "savedView.created", view_id, {"object": object_name, **_told(values)})
    return view_id


async def update_view(work: Work, view_id: UUID, given: Mapping[str, object], *, if_version: int | None) -> None:
    """Change what was named; missing is untouched, null is taken away."""
    before = await _held(work, view_id)
    draft = await inputs.read(work, _INPUTS, given, creating=False)
    kind = str(draft.values.get("kind") or before["kind"])
    if "kind" in draft.values:
        draft.values["kind"] = kind
    if "kind" in given and "settings" not in given:
        # Those that are kept have to fit the new kind.
        given = {**given, "settings": (before["settings"] or {}).get("shown")}
    await _read_parts(work, draft, before["object_name"], kind, given)
    values = draft.accepted()
    if (before["shared_with"] if "shared_with" not in values else values["shared_with"]) is not None:
        await permissions.require_action(work, SHARE)
    await access.update_versioned(work, saved_view, view_id, _rows(values), if_version=if_version)
    await _note(work, "savedView.updated", view_id, {"object": before["object_name"], **_told(values)})


async def delete_view(work: Work, view_id: UUID, *, if_version: int | None) -> None:
    """Forget a view; where it came first, nothing does any more."""
    before = await _held(work, view_id)
    await access.update_versioned(work, saved_view, view_id, {}, if_version=if_version)
    await work.session.execute(sa.delete(saved_view).where(saved_view.c.id == view_id))
    told = {name: before[name] for name in ("name", "kind", "shared_with")}
    await _note(work, "savedView.deleted", view_id, {"object": before["object_name"], **told})


async def _object_of(work: Work, given: Mapping[str, object]) -> str:
    name = inputs.object_((await metadata.registry(work)).shape, given)
    query.require_readable({query.Touch(name)}, await permissions.policy(work))
    return name


async def _refuse_too_many(work: Work) -> None:
    mine = sa.select(sa.func.count()).select_from(saved_view).where(saved_view.c.owner_id == work.principal.id)
    if await work.session.scalar(mine) >= MOST_VIEWS:
        raise TooManyViews(max=MOST_VIEWS)


async def _held(work: Work, view_id: UUID) -> asyncpg.Record:
    """The view, if the caller may change it."""
    row = await work.session.row(sa.select(saved_view).where(saved_view.c.id == view_id))
    if row is not None and row["owner_id"] == work.principal.id:
        return row
    if row is None or row["shared_with"] is None or not (await permissions.policy(work)).may_define:
        raise SavedViewNotFound
    return row


async def _read_parts(
    work: Work, draft: inputs.Draft, object_name: str, kind: str, given: Mapping[str, object]
) -> None:
    reader = Reader(work, (await metadata.registry(work)).shape, await permissions.policy(work), object_name)
    read = {"orderBy": reader.order, "groupBy": reader.grouping, "columns": reader.columns}
    for name, column in _PARTS.items():
        if name not in given:
            continue
        said = given[name]
        if said is None:
            draft.values[column] = None
        else:
            draft.values[column] = await reader.filter(said) if name == "filter" else read[name](said)
    if "settings" in given:
        draft.values["settings"] = reader.settings(kind, given["settings"])
    if SHARED_WITH in given:
        draft.values["shared_with"] = await audience_of(work, draft, given[SHARED_WITH])
    draft.violations.extend(reader.violations)


def _rows(values: Mapping[str, object]) -> dict[str, object]:
    """SQL's null, not JSON's, where there is nothing."""
    return {name: sa.null() if value is None else value for name, value in values.items()}


def _told(values: Mapping[str, Any]) -> dict[str, object]:  # Any: columns of any type
    """What an entry says of a change: the words, and of parts only that they changed, because operands may be secrets."""
    said = {name: values[name] for name in ("name", "kind", "shared_with") if name in values}
    changed = sorted({*_PARTS.values(), "settings"} & values.keys())
    return {**said, **({"parts": changed} if changed else {})}


async def _note(work: Work, action: str, view_id: UUID, details: Mapping[str, object]) -> None:
    await audit.append(work, [audit.Entry(action, OBJECT, view_id, details=details)])
