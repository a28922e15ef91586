"""Roles of a pack and what they may do: given once, and never taken from what an administrator made of them since."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from schema.tables.permissions import action_permission, object_permission, role
from services.packs import rows
from services.packs.merging import PackConflict
from tenants.context import Moving

if TYPE_CHECKING:
    from services.packs.model import Pack
    from tenants.context import DefinitionWork


async def give_rights(work: DefinitionWork, pack: Pack) -> list[PackConflict]:
    """Make the roles that are not there, and let those of the pack do what is new; a tenant's own role is left alone."""
    offered = rows.of_roles(pack)
    present = {row["name"]: row for row in await work.session.rows(sa.select(role.c.id, role.c.name, role.c.pack))}
    ids: dict[object, object] = {}
    conflicts = []
    for row in offered:
        there = present.get(row["name"])
        if there is None or there["pack"] in pack.makers:
            ids[row["id"]] = row["id"] if there is None else there["id"]
        else:
            conflicts.append(PackConflict(f"roles.{row['name']}", "pack", there["pack"], pack.name))
    made = [{**row, "id": ids[row["id"]]} for row in offered if row["id"] in ids]
    if made:
        taken_over = sa.update(role).where(role.c.pack.in_(pack.grows_from)).values(pack=pack.name)
        await work.session.execute(taken_over)
        await work.session.execute(pg.insert(role).values(made).on_conflict_do_nothing(index_elements=["id"]))
    for table, found, key in (
        (object_permission, rows.of_grants(pack), ["role_id", "object_name"]),
        (action_permission, rows.of_actions(pack), ["role_id", "action"]),
    ):
        given = [{**row, "role_id": ids[row["role_id"]]} for row in found if row["role_id"] in ids]
        if given:
            await work.session.execute(pg.insert(table).values(given).on_conflict_do_nothing(index_elements=key))
    work.moves.add(Moving.ACCESS)
    return conflicts
