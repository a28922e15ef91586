"""What objects that leave a tenant lean on there: other objects, and fields that the tenant gave to them itself. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from services import metadata

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from schema.metadata.definitions import ObjectDefinition
    from schema.metadata.fields import Coordinate, Field
    from services.metadata import Snapshot


def leaned_on(snapshot: Snapshot, objects: Collection[ObjectDefinition]) -> tuple[str, ...]:
    """The names of other objects, `dianJianDan_c`, and behind them of their fields that came with no solution pack."""
    chosen = {each.name for each in objects}
    found: set[str] = set()
    for thing in objects:
        for definition in thing.fields:
            if not definition.is_retired:
                for object_name, field_name in _read(snapshot, thing.name, definition.field):
                    if object_name not in chosen | metadata.LASTING:
                        found.add(object_name)
                        found.update(_own(snapshot, object_name, field_name))
    return tuple(sorted(found))


def _read(snapshot: Snapshot, object_name: str, field: Field) -> Iterator[Coordinate]:
    relation = field.relation
    if relation is not None and relation.inverse_name:
        yield relation.target, ""
    # What a formula is computed of, and what a roll-up counts: the relation of its many side first.
    yield from field.reads
    if field.is_shown:
        behind = snapshot.by_name[object_name].field(str(field.option("relation") or ""))
        if behind is not None and behind.field.relation is not None:
            yield behind.field.relation.target, str(field.option("field") or "")


def _own(snapshot: Snapshot, object_name: str, field_name: str) -> Iterator[str]:
    thing = snapshot.by_name.get(object_name)
    field = None if thing is None or not field_name else thing.field(field_name)
    if field is not None and not field.is_released:
        yield f"{object_name}.{field_name}"
