"""Objects of a benchmark's tenant, defined as administrators define them and filled past the write path."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bench.inside.stage import ORIGIN
from bench.reads.data import as_administrator, record_id
from schema.metadata.fields import Label
from services import metadata
from services.metadata import FieldDraft, ObjectDraft
from tenants.context import SYSTEM
from tenants.sql import Slot

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping, Sequence
    from typing import TypeVar

    from bench.inside.stage import Stage
    from tenants.context import DefinitionWork
    from tenants.settings import Settings

    T = TypeVar("T")


async def define(stage: Stage, verb: Callable[[DefinitionWork], Awaitable[T]]) -> T:
    """A transaction that changes definitions."""
    return await stage.installation.transactions.define(stage.placement, SYSTEM, ORIGIN, verb)


async def new_object(stage: Stage, name: str, fields: Sequence[FieldDraft]) -> str:
    """Its name in the API."""
    draft = ObjectDraft(Label(en=name), name=name, plural_name=f"{name}List", fields=tuple(fields))
    return (await define(stage, lambda work: metadata.create_object(work, draft))).object_name


async def fill(stage: Stage, settings: Settings, name: str, values: Mapping[str, str], rows: int) -> None:
    """So many records, each field given by an expression of SQL over the number `i` of the row."""
    registry = await stage.read(metadata.registry)
    columns = ["id", *(registry.physical(Slot(name, field)) for field in values)]
    made = [id_of(registry.names[name].number, "i"), *values.values()]
    connection = await as_administrator(settings, stage.placement)
    try:
        await connection.execute(
            f'INSERT INTO "{stage.placement.schema}"."{registry.names[name].table}" ({", ".join(columns)})'
            f" SELECT {', '.join(made)} FROM generate_series(0, {rows - 1}) AS i"
        )
    finally:
        await connection.close()


def id_of(number: int, at: str) -> str:
    """The id of a filled record of an object, as an expression of SQL over its number; as `record_id` puts them together."""
    first = str(record_id(number, 0))
    return f"('{first[:4]}' || lpad(to_hex({at}), 8, '0') || '{first[14:18]}' || '8000' || lpad(to_hex({at}), 12, '0'))::uuid"
