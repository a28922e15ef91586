"""Fields on their way into another type: values made without a server, and those of a tenant's customers."""

from __future__ import annotations

import itertools
from types import MappingProxyType
from typing import TYPE_CHECKING
from uuid import UUID
from zoneinfo import ZoneInfo

from schema.metadata.conversions import Sides
from schema.metadata.definitions import ChoiceDefinition, FieldDefinition, with_choices
from schema.metadata.fields import Field, Label
from services import metadata, records, type_changes
from services.type_changes import TypeChanged, TypeDraft
from tenants.sql import SCHEMA, ident, render, sql
from tests.builders.metadata import add_field

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from schema.metadata.fields import OptionValue
    from services.metadata import Defined
    from tests.builders.tenants import Tenant

_numbers = itertools.count(1)
SHANGHAI = ZoneInfo("Asia/Shanghai")
CHOICES = (
    ChoiceDefinition(UUID(int=1), "inUse", Label("在用", "In use")),
    ChoiceDefinition(UUID(int=2), "scrapped", Label("报废", "Scrapped"), retired=True),
)


def field_of(
    type_name: str,
    options: Mapping[str, OptionValue] = MappingProxyType({}),
    *,
    choices: tuple[ChoiceDefinition, ...] = CHOICES,
    column: str = "f_old",
) -> FieldDefinition:
    shape = Field("value_c", type_name, options=tuple(sorted(options.items())))
    return FieldDefinition(UUID(int=9), with_choices(shape, choices), 20, column, Label("值"), choices=choices)


def sides_of(
    source: str, target: str, options: Mapping[str, OptionValue] = MappingProxyType({}), *, language: str = "zh"
) -> Sides:
    return Sides(field_of(source), field_of(target, options, column="f_new"), SHANGHAI, "CNY", language)


async def add_value_field(tenant: Tenant, name: str, type_name: str = "text", **draft: object) -> Defined:
    """A field of customers under a name of the test's own."""
    return await add_field(tenant, label=Label("值"), name=name, type=type_name, **draft)  # type: ignore[arg-type]  # keywords of the test


async def write_customers(tenant: Tenant, field: str, values: Sequence[object]) -> list[UUID]:
    """A customer for each value, through the write path."""
    given = [{"name": f"{field} {next(_numbers)}", field: each} for each in values]
    return list((await tenant.write(lambda work: records.create(work, "customer", given), person="admin")).ids)


async def change_type(tenant: Tenant, field: str, type_name: str, **given: object) -> TypeChanged:
    """As the administrator, with no more said than a test says."""
    draft = TypeDraft(type_name, **{name: given.pop(name) for name in ("options", "choices") if name in given})  # type: ignore[arg-type]  # keywords of the test
    return await tenant.define(
        lambda work: type_changes.change_type(work, "customer", field, draft, **given),  # type: ignore[arg-type]  # as above
        person="admin",
    )


async def undo(tenant: Tenant, field: str, *, clears: bool = False, confirms: bool = False) -> TypeChanged:
    return await tenant.define(
        lambda work: type_changes.undo_type_change(work, "customer", field, clears=clears, confirms=confirms),
        person="admin",
    )


async def stored_values(tenant: Tenant, field: str, ids: Sequence[UUID]) -> list[object]:
    """What stands in the field's column of these customers now."""
    definition = await definition_of(tenant, field)
    column = definition.column
    text = sql("SELECT id, {column} AS value FROM {schema}.customer", schema=SCHEMA, column=ident(column))
    rows = await tenant.read(lambda work: work.session.fetch(render(text).bound(work.session.schema, {})))
    found = {row["id"]: row["value"] for row in rows}
    return [found[each] for each in ids]


async def definition_of(tenant: Tenant, field: str) -> FieldDefinition:
    definitions = await tenant.read(metadata.definitions)
    return next(each for thing in definitions for each in thing.fields if each.name == field)
