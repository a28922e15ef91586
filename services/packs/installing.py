"""Packs in a tenant that is in use: the first installation and every upgrade are the same merge.

May run twice: a version that is installed already changes nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from schema.metadata import rows
from schema.tables.metadata import (
    choice_option,
    field_definition,
    index_definition,
    object_definition,
    pack_installation,
    validation_rule,
)
from schema.tables.permissions import action_permission, object_permission, role
from services import metadata, permissions
from services.audit import Entry
from services.packs import rows as proposals
from services.packs.files import FOLDER, BadPack, load
from services.packs.merging import Merged, PackConflict, Row, merge
from tenants.context import Moving
from tenants.errors import Forbidden, NotFound
from tenants.sql import SCHEMA, ident, render, sql, value

if TYPE_CHECKING:
    from pathlib import Path

    from services.packs.model import Pack
    from tenants.context import DefinitionWork, ReadWork

_FIXED = ("name", "type", "target_object", "inverse_name")


class PackNotInstalled(NotFound):
    """The pack {name} is not installed."""

    code = "PACK_NOT_INSTALLED"
    zh = "方案包 {name} 未安装。"


@dataclass(frozen=True, slots=True)
class Installed:
    """A pack of a tenant, and the properties where the tenant's value stood against a newer one of the pack."""

    name: str
    version: int
    conflicts: tuple[PackConflict, ...]


async def installed(work: ReadWork) -> tuple[Installed, ...]:
    """The packs of this tenant, by name, for those who may define."""
    if not (await permissions.policy(work)).may_define:
        raise Forbidden
    found = await work.session.rows(sa.select(pack_installation).order_by(pack_installation.c.name))
    return tuple(
        Installed(row["name"], row["version"], tuple(PackConflict(**each) for each in row["conflicts"]))
        for row in found
    )


async def named(work: ReadWork, name: str) -> Installed:
    """One pack of this tenant."""
    for each in await installed(work):
        if each.name == name:
            return each
    raise PackNotInstalled(name=name)


async def install(work: DefinitionWork, pack: Pack) -> Installed:
    """Bring the pack to this version; what the tenant changed stays as the tenant has it."""
    before = await metadata.opened(work)
    present = next((each for each in await installed(work) if each.name == pack.name), None)
    if present is not None and present.version >= pack.version:
        return present
    found = {table.name: await _all(work, table) for table in _DEFINED}
    offered = _numbered(proposals.of_pack(pack), found["field_definition"])
    merged = _merge(found, offered)
    objects, fields, choices, indexes = (merged[table.name].rows for table in _DEFINED)
    kept = await _all(work, validation_rule)
    after = metadata.Snapshot(rows.definitions(objects, fields, choices, indexes, kept), work.versions.metadata)
    conflicts = tuple(conflict for each in merged.values() for conflict in each.conflicts)
    details = {"pack": pack.name, "version": pack.version, "conflicts": len(conflicts)}
    await metadata.change(work, before, after, [Entry("pack.installed", details=details)])
    await _remember_proposals(work, offered)
    await _give_rights(work, offered)
    await work.session.execute(_installation(pack, conflicts, work))
    return Installed(pack.name, pack.version, conflicts)


async def upgrade(work: DefinitionWork, name: str, *, folder: Path = FOLDER) -> Installed:
    """Bring a pack of this tenant to the version that came with this release."""
    await named(work, name)
    return await install(work, load(name, folder))


# In the order of `rows.definitions`.
_DEFINED: tuple[sa.Table, ...] = (object_definition, field_definition, choice_option, index_definition)


def _numbered(offered: Mapping[str, list[proposals.Row]], fields: Sequence[Row]) -> Mapping[str, list[proposals.Row]]:
    """Fields that are new to the tenant take the next numbers of their object there."""
    known = {str(row["id"]) for row in fields}
    last: defaultdict[str, int] = defaultdict(int)
    for row in fields:
        last[str(row["object_id"])] = max(last[str(row["object_id"])], int(str(row["number"])))
    for row in offered["field_definition"]:
        owner = str(row["object_id"])
        if str(row["id"]) not in known and last[owner]:
            last[owner] += 1
            row["number"] = last[owner]
    return offered


def _merge(found: Mapping[str, Sequence[Row]], offered: Mapping[str, Sequence[Row]]) -> Mapping[str, Merged]:
    objects = {str(row["id"]): str(row["name"]) for row in found["object_definition"]}
    fields = {str(row["id"]): f"{objects[str(row['object_id'])]}.{row['name']}" for row in found["field_definition"]}
    _refuse_other_kinds(found["field_definition"], offered["field_definition"], fields)
    return {
        "object_definition": merge(
            found["object_definition"],
            offered["object_definition"],
            rows.OBJECT_PROPERTIES,
            lambda row: str(row["name"]),
        ),
        "field_definition": merge(
            found["field_definition"],
            offered["field_definition"],
            rows.FIELD_PROPERTIES,
            lambda row: fields[str(row["id"])],
        ),
        "choice_option": merge(
            found["choice_option"],
            offered["choice_option"],
            rows.CHOICE_PROPERTIES,
            lambda row: f"{fields[str(row['field_id'])]}.{row['key']}",
        ),
        "index_definition": merge(found["index_definition"], offered["index_definition"], (), str),
    }


def _refuse_other_kinds(found: Sequence[Row], offered: Sequence[Row], names: Mapping[str, str]) -> None:
    # Stored values cannot follow a field that becomes something else; a pack makes a new field instead.
    offers = {str(row["id"]): row for row in offered}
    for row in found:
        offer = offers.get(str(row["id"]))
        if offer is not None and any(row[name] != offer[name] for name in _FIXED):
            raise BadPack(f"{names[str(row['id'])]}: the type, target and inverse of a field never change")


async def _all(work: ReadWork, table: sa.Table) -> list[Row]:
    return [dict(row) for row in await work.session.rows(sa.select(table))]


async def _remember_proposals(work: DefinitionWork, offered: Mapping[str, Sequence[Row]]) -> None:
    for table in (object_definition, field_definition, choice_option):
        document = [{"id": row["id"], "pack_values": row["pack_values"]} for row in offered[table.name]]
        remember = sql(
            "UPDATE {schema}.{table} AS here SET pack_values = new.pack_values"
            " FROM jsonb_populate_recordset(NULL::{schema}.{table}, {rows}) AS new WHERE here.id = new.id",
            schema=SCHEMA,
            table=ident(table.name),
            rows=value("rows", "jsonb"),
        )
        text = rows.document(document)
        await work.session.run(render(remember).bound(work.session.schema, {"rows": text}))


async def _give_rights(work: DefinitionWork, offered: Mapping[str, Sequence[Row]]) -> None:
    for table, key in (
        (role, ["id"]),
        (object_permission, ["role_id", "object_name"]),
        (action_permission, ["role_id", "action"]),
    ):
        insert = pg.insert(table).on_conflict_do_nothing(index_elements=key)
        if offered[table.name]:
            await work.session.execute(insert.values([dict(row) for row in offered[table.name]]))
    work.moves.add(Moving.ACCESS)


def _installation(pack: Pack, conflicts: Sequence[PackConflict], work: DefinitionWork) -> pg.Insert:
    values = {
        "version": pack.version,
        "installed_at": work.now,
        "conflicts": [asdict(conflict) for conflict in conflicts],
    }
    insert = pg.insert(pack_installation).values(name=pack.name, **values)
    return insert.on_conflict_do_update(index_elements=["name"], set_=values)
