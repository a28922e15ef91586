"""Who points at a record, and what its going away does to them. Rules come from the relation fields; pure lookups here."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from schema.metadata.fields import DeleteRule, Field
from schema.metadata.objects import ObjectKind

if TYPE_CHECKING:
    from services.records.targets import Target


@dataclass(frozen=True, slots=True)
class Dependency:
    """A relation of another object, or of the same one, that leads here."""

    child: Target
    field: Field
    rule: DeleteRule


def dependencies(target: Target) -> Iterator[Dependency]:
    """The relations of records that lead to an object, by object and field."""
    for thing in target.registry.shape.objects.values():
        if thing.kind is ObjectKind.SYSTEM:
            continue
        child = target.beside(thing.name)
        for name, field in child.stored_fields.items():
            if field.relation is not None and field.relation.target == target.name and name != "owner":
                yield Dependency(child, field, field.relation.delete_rule)


def taken_along(target: Target) -> dict[str, Target]:
    """Every object whose records may go away with a record of this one, by name, itself included."""
    found = {target.name: target}
    waiting = [target]
    while waiting:
        for each in dependencies(waiting.pop()):
            if each.rule is DeleteRule.CASCADE and each.child.name not in found:
                found[each.child.name] = each.child
                waiting.append(each.child)
    return found
