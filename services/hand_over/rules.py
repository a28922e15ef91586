"""Which records a rule of a hand-over reaches, as conditions of a plan. Pure.

A rule without objects, regions and records reaches everything. Records without a region of their own have that of what
they belong to, and with chosen records goes what belongs to them, as far as the same user owns it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from schema.metadata.fields import FieldState
from schema.metadata.objects import ObjectKind
from services.query.plan import And, Compare, Condition, Follows, Not, Or, Parameter
from tenants.ids import object_number

if TYPE_CHECKING:
    from schema.metadata.fields import Field
    from schema.metadata.objects import Object
    from schema.metadata.registry import Registry

OWNER = "owner"
_REGION = "region"


@dataclass(frozen=True, slots=True)
class Rule:
    """Who gets what: of these objects, in these regions, these records and what belongs to them; empty means any."""

    to_user_id: UUID
    objects: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    record_ids: tuple[UUID, ...] = ()

    def as_json(self) -> dict[str, object]:
        """How a rule is kept."""
        return {
            "toUserId": str(self.to_user_id),
            "objects": [*self.objects],
            "regions": [*self.regions],
            "recordIds": [str(each) for each in self.record_ids],
        }

    @staticmethod
    def from_json(kept: Mapping[str, Sequence[str]]) -> Rule:
        """Back from how it is kept."""
        return Rule(
            UUID(str(kept["toUserId"])),
            tuple(kept["objects"]),
            tuple(kept["regions"]),
            tuple(UUID(each) for each in kept["recordIds"]),
        )


@dataclass(frozen=True, slots=True)
class Share:
    """The records of one object that one rule reaches, without those of the rules before it."""

    rule: int
    object_name: str
    to_user_id: UUID
    condition: Condition
    values: tuple[object, ...]


def owned_objects(registry: Registry) -> tuple[Object, ...]:
    """The objects whose records have owners, by name."""
    return tuple(
        thing
        for thing in registry.shape.objects.values()
        if thing.kind is not ObjectKind.SYSTEM and thing.owner_field == OWNER and OWNER in _fields(thing)
    )


def shares(registry: Registry, leaver: UUID, rules: Sequence[Rule]) -> Iterator[Share]:
    """Everything that goes, rule by rule and object by object."""
    for thing in owned_objects(registry):
        values: list[object] = []
        owned = Compare(OWNER, "eq", _parameter(values, str(leaver)))
        before: list[Condition] = []
        for position, rule in enumerate(rules):
            reached = _reached(registry, thing, rule, values)
            if reached is None:
                continue
            condition = And((owned, reached, *(Not(each) for each in before)))
            yield Share(position, thing.name, rule.to_user_id, condition, tuple(values))
            before.append(reached)


def _reached(registry: Registry, thing: Object, rule: Rule, values: list[object]) -> Condition | None:
    if rule.objects and thing.name not in rule.objects:
        return None
    parts = []
    if rule.regions:
        parts.append(_in_regions(registry, thing, _parameter(values, [*rule.regions])))
    if rule.record_ids:
        parts.append(_chosen(registry, thing, rule.record_ids, values))
    found = [each for each in parts if each is not None]
    return And(tuple(found)) if len(found) == len(parts) else None


def _in_regions(registry: Registry, thing: Object, regions: Parameter) -> Condition | None:
    here = Compare(_REGION, "in", regions)
    if _REGION in _fields(thing):
        return here
    belongs = [name for name, target in _relations(thing) if _REGION in _fields(registry.shape.objects[target])]
    return Or(tuple(Follows(name, here) for name in belongs)) if belongs else None


def _chosen(registry: Registry, thing: Object, ids: Sequence[UUID], values: list[object]) -> Condition | None:
    chosen: dict[str, list[str]] = defaultdict(list)
    for each in ids:
        chosen[registry.by_number.get(object_number(each), "")].append(str(each))
    found: list[Condition] = []
    if thing.name in chosen:
        found.append(Compare("id", "in", _parameter(values, chosen[thing.name])))
    for name, target in _relations(thing):
        if target in chosen:
            found.append(Compare(name, "in", _parameter(values, chosen[target])))
    return Or(tuple(found)) if found else None


def _relations(thing: Object) -> list[tuple[str, str]]:
    return [
        (field.name, field.relation.target)
        for field in _fields(thing).values()
        if field.relation is not None and field.name != OWNER
    ]


def _fields(thing: Object) -> dict[str, Field]:
    return {field.name: field for field in thing.fields if field.state is not FieldState.RETIRED}


def _parameter(values: list[object], value: object) -> Parameter:
    values.append(value)
    return Parameter(len(values) - 1)
