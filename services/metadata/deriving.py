"""Derived fields as they are defined: what follows from their options, no circles, no towers, and nothing read taken away.

A formula or a roll-up is checked against everything that is defined; what it reads is written into its options, so that
permissions, the order of computing and whoever takes a field away need not read the expression again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Final, TypeAlias

from schema.metadata.derivations import DEEPEST, Circular, Derivations
from schema.metadata.errors import BadOption
from schema.metadata.fields import FieldState
from schema.metadata.types import Derivation
from services import permissions
from services.expressions import ExpressionOutdated
from services.metadata import formulas, rollups
from services.metadata.errors import FieldInUse, FormulaCircular, FormulaTooDeep, ResultNotChangeable
from services.metadata.loading import registry
from services.metadata.usage import Usage, provide_usages
from tenants.errors import Refused, Violation

if TYPE_CHECKING:
    from collections.abc import Iterable
    from uuid import UUID

    from schema.metadata.definitions import FieldDefinition, ObjectDefinition
    from schema.metadata.fields import Coordinate, Field
    from schema.metadata.registry import Registry
    from services.metadata.snapshot import Snapshot
    from services.metadata.usage import Subject
    from tenants.context import ReadWork

_SETTLE: Final[Mapping[Derivation, Callable[[Registry, str, Field], Field]]] = {
    Derivation.FORMULA: formulas.settled,
    Derivation.ROLL_UP: rollups.settled,
}
# Of derived fields one upon the other, itself included.
DEEPEST_FORMULA: Final = DEEPEST
Derived: TypeAlias = tuple[object, ...]
UNDERIVED: Final[Derived] = ()
DERIVED_FIELD: Final = "derivedField"
# The options by which a value is computed.
_DECIDING: Final = ("tree", "reads", "scale", "relation", "function", "field", "filter")
# Where what is wrong with all of it is told.
_PLACE: Final[Mapping[Derivation, str]] = {Derivation.FORMULA: "expression", Derivation.ROLL_UP: "relation"}


def settled(snapshot: Snapshot, object_name: str, field: Field) -> Field:
    """A derived field with everything that follows from its options; any other field as it is."""
    kind = field.type.derivation
    if kind is None:
        return field
    before = snapshot.by_name[object_name].field(field.name)
    is_same = before is not None and before.field.option("expression") == field.option("expression")
    try:
        made = _SETTLE[kind](snapshot.registry, object_name, field)
        if kind is Derivation.FORMULA and not is_same:
            formulas.refuse_rounding(snapshot.registry, object_name, made)
    except BadOption as fault:
        raise Refused((Violation(("options", str(fault.details["option"])), fault),)) from None
    except ResultNotChangeable as fault:
        raise Refused((Violation(("options", _PLACE[kind]), fault),)) from None
    if before is not None and before.field.option("result") != made.option("result"):
        other = ResultNotChangeable(kept=str(before.field.option("result")), given=str(made.option("result")))
        raise Refused((Violation(("options", _PLACE[kind]), other),))
    _refuse_circles(snapshot, (object_name, field.name), made)
    return made


def derivation_of(field: Field) -> Derived:
    """What its values come of; where that moves, they are computed anew."""
    if field.type.derivation is None or field.state is FieldState.RETIRED:
        return UNDERIVED
    return tuple(field.option(name) for name in _DECIDING)


def derivations_of(snapshot: Snapshot) -> dict[UUID, Derived]:
    """The same of every field that is kept up to date, by its id."""
    return {
        field.id: derivation_of(field.field)
        for thing in snapshot.objects
        if not thing.is_retired
        for field in thing.fields
    }


def tables_looked_at(before: Snapshot, after: Snapshot) -> frozenset[str]:
    """The tables that new derived fields, and those that changed, are computed of."""
    known, names = derivations_of(before), after.registry.names
    return frozenset(
        names[object_name].table
        for thing in after.objects
        for field in thing.fields
        if not thing.is_retired and derivation_of(field.field) != (known.get(field.id) or UNDERIVED)
        for object_name, _ in field.field.reads
        # One that goes along with what it looks at has nobody to wait for.
        if object_name in names
    )


def tables_of(snapshot: Snapshot, thing: ObjectDefinition, field: FieldDefinition) -> tuple[str, ...]:
    """The tables that are gone through when a derived field is computed anew."""
    at, registry = (thing.name, field.name), snapshot.registry
    reached = {at, *field.field.reads, *registry.shape.derivations.readers([at])}
    return tuple(sorted({registry.names[object_name].table for object_name, _ in reached}))


def refuse_broken(before: Snapshot, after: Snapshot) -> None:
    """Nothing goes away, or becomes something else, that a live derived field reads."""
    shape = after.registry.shape
    for (object_name, name), reads in shape.derivations.reads.items():
        lost = [f"{each[0]}.{each[1]}" for each in reads if not _is_there(after, each)]
        field = shape.field(object_name, name)
        if lost or (field is not None and not _still_means(after, object_name, field)):
            raise FieldInUse(field=", ".join(lost) or _moved(before, after, reads), readers=f"{object_name}.{name}")


def _is_there(snapshot: Snapshot, at: Coordinate) -> bool:
    object_name, name = at
    return (
        object_name in snapshot.registry.shape.objects and snapshot.registry.shape.field(object_name, name) is not None
    )


def _still_means(snapshot: Snapshot, object_name: str, field: Field) -> bool:
    kind = field.type.derivation
    try:
        return kind is None or _SETTLE[kind](snapshot.registry, object_name, field).options == field.options
    except (BadOption, Refused, ExpressionOutdated, ResultNotChangeable):
        return False


def _moved(before: Snapshot, after: Snapshot, reads: Iterable[Coordinate]) -> str:
    old, new = before.registry.shape, after.registry.shape
    moved = (each for each in reads if each[0] in old.objects and old.field(*each) != new.field(*each))
    return ", ".join(f"{object_name}.{name}" for object_name, name in moved)


def _refuse_circles(snapshot: Snapshot, at: Coordinate, field: Field) -> None:
    kind = field.type.derivation
    assert kind is not None
    derivations = Derivations({**snapshot.registry.shape.derivations.reads, at: field.reads})
    try:
        depths = derivations.depths
    except Circular as circular:
        circle = " → ".join(f"{object_name}.{name}" for object_name, name in circular.circle)
        raise Refused((Violation(("options", _PLACE[kind]), FormulaCircular(circle=circle)),)) from None
    if max(depths.values(), default=0) > DEEPEST:
        raise FormulaTooDeep(max=DEEPEST)


async def _usages(_: ReadWork, subject: Subject) -> Iterable[Usage]:
    """The derived fields that read what changes; one of another type may no longer mean the same."""
    is_other = subject.changed is not None and subject.field is not None and subject.changed.type != subject.field.type
    changed = (subject.object_name, subject.field_name)
    return [
        Usage(DERIVED_FIELD, f"{object_name}.{name}", breaks=subject.is_gone or is_other)
        for (object_name, name), reads in subject.before.shape.derivations.reads.items()
        if subject.is_named_by(reads) and (object_name, name) != changed
    ]


async def _sources(work: ReadWork) -> Mapping[Coordinate, frozenset[Coordinate]]:
    return (await registry(work)).shape.derivations.sources


provide_usages(DERIVED_FIELD, _usages)
permissions.know_sources(_sources)
