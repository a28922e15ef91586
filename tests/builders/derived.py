"""Objects with formulas and roll-ups: heads with lines, each test under names of its own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from schema.metadata.fields import Label
from services import metadata
from services.metadata import FieldChange, FieldDraft, ObjectDraft
from tenants.sql import SCHEMA, BoundSql, ident, render, sql
from tests.builders.metadata import add_field, registry_of
from tests.builders.records import create, create_one, stored, update

if TYPE_CHECKING:
    from collections.abc import Mapping
    from uuid import UUID

    from services.metadata import Defined
    from tests.builders.tenants import Tenant


def field(name: str, type_: str, **more: Any) -> FieldDraft:  # Any: keywords of a draft
    return FieldDraft(Label(en=name), type_, name=name, **more)


async def define(tenant: Tenant, name: str, *fields: FieldDraft) -> str:
    """A new object of this name, which ends in `_c` from then on."""
    draft = ObjectDraft(Label(en=name), name=name, fields=fields)
    made = await tenant.define(lambda work: metadata.create_object(work, draft), person="admin")
    return made.object_name


async def add(tenant: Tenant, object_name: str, name: str, type_: str, **options: object) -> Defined:
    return await add_field(tenant, object_name, label=Label(en=name), name=name, type=type_, options=options)


async def change_options(tenant: Tenant, object_name: str, name: str, **options: object) -> Defined:
    changes = FieldChange(options=options)
    return await tenant.define(lambda work: metadata.update_field(work, object_name, name, changes), person="admin")


async def retire(tenant: Tenant, object_name: str, name: str) -> Defined:
    return await tenant.define(lambda work: metadata.retire_field(work, object_name, name), person="admin")


@dataclass(frozen=True, slots=True)
class Family:
    """An object with lines, which point at it by `headId_c` and are its `lines_c`."""

    tenant: Tenant
    head: str
    line: str

    async def value(self, record_id: UUID, *names: str, of: str = "") -> tuple[Any, ...]:
        """What a record holds of these fields, as the database has it; the currency of money is another name."""
        row = await stored_by_name(self.tenant, of or self.head, record_id)
        return tuple(row[each] for each in names)

    async def new_head(self) -> UUID:
        return await create_one(self.tenant, self.head)

    async def new_lines(self, *given: Mapping[str, object]) -> tuple[UUID, ...]:
        return await create(self.tenant, self.line, *given)

    async def change(self, record_id: UUID, **changes: Any) -> None:  # Any: values of any type
        await update(self.tenant, self.line, record_id, **changes)


async def family(tenant: Tenant, name: str, *more: FieldDraft) -> Family:
    """Heads with a limit, lines with a number, an amount, a day and a switch."""
    head = await define(tenant, name, field("limit", "decimal"), *more)
    line = await define(
        tenant,
        f"{name}Line",
        field("number", "integer"),
        field("amount", "currency"),
        field("day", "date"),
        field("done", "boolean"),
        field("head", "relation", target=head, inverse_name="lines"),
    )
    return Family(tenant, head, line)


async def stored_by_name(tenant: Tenant, object_name: str, record_id: UUID) -> dict[str, Any]:  # Any: columns
    """A row by the names of its fields; companions are named `field.part`."""
    names = (await registry_of(tenant)).names[object_name]
    row = await stored(tenant, names.table, record_id)
    found = {}
    for column, value in row.items():
        for name, each in names.fields.items():
            if column == each.column or column.startswith(f"{each.column}_"):
                found[name + column.removeprefix(each.column).replace("_", ".", 1)] = value
    return {**found, "version": row["version"]}


async def spoil(tenant: Tenant, object_name: str, name: str, record_id: UUID, wrong: object) -> None:
    """Put something wrong where a value is kept, past the write path."""
    names = (await registry_of(tenant)).names[object_name]
    column, table = ident(names.fields[name].column), ident(names.table)
    text = render(
        sql("UPDATE {schema}.{table} SET {column} = $1 WHERE id = $2", schema=SCHEMA, table=table, column=column)
    )
    spoiling = text.bind(tenant.placement.schema, lambda slot: slot.object_name)
    await tenant.write(lambda work: work.session.run(BoundSql(spoiling, (wrong, record_id))))
