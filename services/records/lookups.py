"""What rules look at behind the relations of records that are being written, put where their expressions find it.

It is read for all records at once, one statement for each relation that leads on, and judged as it stands: a rule is not
asked again when only the record behind a relation changes.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any
from uuid import UUID

from schema.metadata.values import Money
from services import expressions, query
from services.expressions import Kind, Path, Step

if TYPE_CHECKING:
    from services.expressions import Node
    from services.records.targets import Target

_OWN_ID = "id"


async def with_related(
    target: Target, nodes: Iterable[Node], records: Sequence[Mapping[str, object]]
) -> Sequence[Mapping[str, object]]:
    """The records, each relation that these expressions follow in the place of its id."""
    filled: list[dict[str, object]] = [dict(record) for record in records]
    for name, paths in _followed(target, nodes).items():
        relation = target.fields[name].relation
        ids = {each for record in records if isinstance(each := record.get(name), UUID)}
        if relation is None or not ids:
            continue
        found = await _behind(target, relation.target, paths, ids)
        for record in filled:
            if name in record:
                record[name] = found.get(record[name])
    return filled


def _followed(target: Target, nodes: Iterable[Node]) -> Mapping[str, list[Path]]:
    """What lies behind each relation of the record, as paths from there on."""
    found: defaultdict[str, dict[Path, None]] = defaultdict(dict)
    for node in nodes:
        for each in expressions.walk(node):
            if isinstance(each, Path) and len(each.steps) > 1 and each.steps[0].object_name == target.name:
                found[each.steps[0].field_name][Path(each.steps[1:], each.type)] = None
    return {name: list(paths) for name, paths in found.items()}


async def _behind(target: Target, object_name: str, paths: Sequence[Path], ids: set[UUID]) -> Mapping[object, Any]:
    """The records of these ids as nested mappings, with what the paths lead to."""
    asked = [each for path in paths for each in expressions.columns(path)]
    known = (target.registry, target.policy)
    rows = await query.values_behind(target.work, known, object_name, asked, ids)
    return {record_id: _nested(record_id, paths, values) for record_id, values in rows.items()}


def _nested(record_id: UUID, paths: Sequence[Path], values: tuple[object, ...]) -> dict[str, Any]:
    record: dict[str, Any] = {_OWN_ID: record_id}
    waiting = iter(values)
    for path in paths:
        here = record
        for step in _hops(path):
            here = here.setdefault(step.field_name, {})
        here[_last(path)] = _value(path, [next(waiting) for _ in expressions.columns(path)])
    return record


def _hops(path: Path) -> tuple[Step, ...]:
    """A relation at the end is a record too: others may lead further behind it."""
    return path.steps if _ends_in_relation(path) else path.steps[:-1]


def _last(path: Path) -> str:
    return _OWN_ID if _ends_in_relation(path) else path.steps[-1].field_name


def _ends_in_relation(path: Path) -> bool:
    return path.type.kind is Kind.RECORD and path.steps[-1].field_name != _OWN_ID


def _value(path: Path, columns: Sequence[object]) -> object:
    if path.type.kind is not Kind.MONEY:
        return columns[0]
    amount, currency = columns
    return None if amount is None else Money(amount, str(currency))  # type: ignore[arg-type] # a numeric column
