"""What a pack says becomes what it means among everything that is defined: targets, derived fields, line tables, rules. Pure.

The same checks as when somebody defines these things one by one. Everything that is wrong is found at once, with its place.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from schema.metadata.derivations import Circular, Derivations
from schema.metadata.errors import TooManyFields, TooManyObjects, UnknownChoice, UnknownTitle
from schema.metadata.field_rules import NO_RULES
from schema.metadata.near_names import LONGEST, hints
from schema.metadata.system_objects import FIRST_TENANT_NUMBER
from schema.metadata.types import Derivation
from services import expressions, field_rules, metadata
from services.metadata import Snapshot
from services.packs.errors import PackTargetMissing
from services.packs.reading import Findings
from tenants.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from schema.metadata.definitions import FieldDefinition, ObjectDefinition
    from schema.metadata.fields import Coordinate, Field
    from schema.metadata.registry import Shape
    from services.packs.model import Pack
    from services.permissions import Policy


@dataclass(frozen=True, slots=True)
class _Settling:
    pack: Pack
    policy: Policy
    before: Snapshot
    after: Snapshot

    def offered(self) -> Iterator[tuple[ObjectDefinition, FieldDefinition]]:
        """The live fields that the pack names, as they are to become."""
        for proposed in self.pack.objects:
            thing = self.after.by_name[proposed.name]
            for field in proposed.fields:
                found = thing.field(field.name)
                if found is not None and not found.is_retired and not thing.is_retired:
                    yield thing, found


def settled(pack: Pack, policy: Policy, before: Snapshot, after: Snapshot) -> Snapshot:
    """The snapshot `after` with everything that follows from it, or `BadPack` with all that does not fit."""
    this = _Settling(pack, policy, before, after)
    found = Findings()
    _check_targets(this, found)
    _check_limits(this, found)
    _check_defaults(this, found)
    found.settle()
    _check_names(this, found)
    found.settle()
    after = _with_derived(this, found)
    found.settle()
    this = replace(this, after=after)
    after = _with_rules(this, found)
    _check_objects(replace(this, after=after), found)
    found.settle()
    return after


def _check_targets(this: _Settling, found: Findings) -> None:
    # Of the platform's objects those that stay for ever.
    known = {each.name for each in this.after.objects if not each.is_retired} | metadata.LASTING
    for thing, field in this.offered():
        relation = field.field.relation
        if relation is not None and relation.inverse_name and relation.target not in known:
            with found.at(this.pack.place(thing.name, field.name).below("target")):
                raise PackTargetMissing(name=relation.target)


def _check_defaults(this: _Settling, found: Findings) -> None:
    """Those out of a dictionary, whose entries the files of a field do not name; one that is retired is known still."""
    for thing, field in this.offered():
        default = field.field.option("default")
        if default is not None and metadata.dictionary_of(field.field):
            known = [each.key for each in field.choices]
            for key in default if isinstance(default, tuple) else (str(default),):
                with found.at(this.pack.place(thing.name, field.name).below("default")):
                    if key not in known:
                        raise UnknownChoice(key=key[:LONGEST], **hints(key, known))


def _check_limits(this: _Settling, found: Findings) -> None:
    own = [each for each in this.after.objects if each.number >= FIRST_TENANT_NUMBER and not each.is_destroyed]
    for proposed in this.pack.objects:
        thing = this.after.by_name[proposed.name]
        with found.at(this.pack.place(thing.name)):
            if thing in own and len(own) > metadata.MOST_OBJECTS:
                raise TooManyObjects(max=metadata.MOST_OBJECTS)
            if sum(not each.is_destroyed for each in thing.fields) > metadata.MOST_FIELDS:
                raise TooManyFields(max=metadata.MOST_FIELDS)


def _check_names(this: _Settling, found: Findings) -> None:
    try:
        metadata.refuse_clashing(this.before, this.after)
    except Refused as refused:
        for each in refused.violations:
            with found.at(this.pack.place(*map(str, each.path))):
                raise each.fault from None


# --- derived fields and lookups ---------------------------------------------------------------------------------------


def _with_derived(this: _Settling, found: Findings) -> Snapshot:
    """Every one after those that it reads, on what is settled so far; whatever stood before stands until its turn."""
    waiting = {
        (thing.name, field.name): field
        for thing, field in this.offered()
        if field.field.type.derivation is not None or field.field.is_shown
    }
    working, after = _without(this, waiting), this.after
    for level in _levels(this, waiting, found):
        # Those of one level read none of each other: what is defined is put together once for all of them.
        made: dict[Coordinate, FieldDefinition] = {}
        for at in level:
            object_name, name = at
            with found.at(this.pack.place(object_name, name)):
                field = waiting[at]
                made[at] = replace(field, field=metadata.settled_field(working, object_name, field.field))
        working, after = _with(working, made), _with(after, made)
    try:
        _ = working.registry.shape.derivations.depths
    except Circular as circular:
        # Over fields of the tenant, which the pack does not mention.
        _note_circle(this, circular, found)
    return after


def _note_circle(this: _Settling, circular: Circular, found: Findings) -> None:
    circle = " → ".join(map(".".join, circular.circle))
    offered = {(thing.name, field.name) for thing, field in this.offered()}
    at = next((each for each in circular.circle if each in offered), circular.circle[0])
    found.note(this.pack.place(*at), metadata.FormulaCircular(circle=circle))


def _with(snapshot: Snapshot, fields: Mapping[Coordinate, FieldDefinition]) -> Snapshot:
    """The snapshot with these fields in the place of those of their names, or behind."""
    changed = {object_name for object_name, _ in fields}

    def made(thing: ObjectDefinition) -> ObjectDefinition:
        own = {name: field for (object_name, name), field in fields.items() if object_name == thing.name}
        kept = tuple(own.pop(each.name, each) for each in thing.fields)
        return replace(thing, fields=(*kept, *own.values()))

    return replace(snapshot, objects=tuple(made(each) if each.name in changed else each for each in snapshot.objects))


def _without(this: _Settling, waiting: dict[Coordinate, FieldDefinition]) -> Snapshot:
    working = this.after
    for thing in this.after.objects:
        known = this.before.by_name.get(thing.name)
        kept = []
        for field in thing.fields:
            old = None if known is None else known.field(field.name)
            if (thing.name, field.name) not in waiting:
                kept.append(field)
            elif old is not None and not old.is_retired:
                kept.append(old)
        working = working.with_object(replace(thing, fields=tuple(kept)))
    return working


def _levels(this: _Settling, waiting: dict[Coordinate, FieldDefinition], found: Findings) -> Iterator[list[Coordinate]]:
    """Every one behind the level of those that it reads; lookups last, because nothing is computed from them."""
    reads = {
        at: tuple(each for each in _mentioned(this.after.registry.shape, at[0], field.field) if each in waiting)
        for at, field in waiting.items()
    }
    try:
        depths = Derivations(reads).depths
    except Circular as circular:
        _note_circle(this, circular, found)
        return
    levels: defaultdict[tuple[bool, int], list[Coordinate]] = defaultdict(list)
    for at, depth in depths.items():
        levels[waiting[at].field.is_shown, depth].append(at)
    yield from (levels[each] for each in sorted(levels))


def _mentioned(shape: Shape, object_name: str, field: Field) -> Iterator[Coordinate]:
    """What a field may read, by the names in its options."""
    if field.type.derivation is Derivation.FORMULA:
        yield from ((object_name, each) for each in sorted(expressions.names_in(str(field.option("expression") or ""))))
    elif field.type.derivation is Derivation.ROLL_UP:
        inverse = shape.inverse(object_name, str(field.option("relation") or ""))
        if inverse is not None:
            names = {str(field.option("field") or ""), *expressions.names_in(str(field.option("filter") or ""))}
            yield from ((inverse.object_name, each) for each in sorted(names))


# --- rules and the rest -----------------------------------------------------------------------------------------------


def _with_rules(this: _Settling, found: Findings) -> Snapshot:
    after = this.after
    for thing, field in this.offered():
        if field.rules == NO_RULES:
            continue
        with found.at(this.pack.place(thing.name, field.name)):
            rules = field_rules.settled_field_rules(this.after, this.policy, thing.name, field)
            after = after.with_field(thing.name, replace(field, rules=rules))
    for proposed in this.pack.objects:
        thing = after.by_name[proposed.name]
        named = {each.name for each in proposed.validation}
        made = []
        for rule in thing.validation:
            kept = rule
            if rule.name in named and rule.is_live and not thing.is_retired:
                with found.at(this.pack.place(thing.name, "rules", rule.name)):
                    kept = field_rules.settled_rule(this.after, this.policy, thing, rule)
            made.append(kept)
        after = after.with_object(replace(thing, validation=tuple(made)))
    return after


def _check_objects(this: _Settling, found: Findings) -> None:
    for thing, field in this.offered():
        relation = field.field.relation
        if relation is not None and relation.lines_by:
            with found.at(this.pack.place(thing.name, field.name).below("linesBy")):
                metadata.refuse_unfit_lines(this.after, thing.name, field.name)
                _check_position(thing, relation.lines_by)
    for proposed in this.pack.objects:
        thing = this.after.by_name[proposed.name]
        if thing.is_retired:
            continue
        with found.at(this.pack.place(thing.name)):
            field_rules.refuse_unfit_indexes(thing)
        with found.at(this.pack.place(thing.name).below("title")):
            title = thing.field(thing.title_field) if thing.title_field else None
            if thing.title_field and (title is None or title.field.type_name not in metadata.TITLES):
                raise UnknownTitle(name=thing.title_field)


def _check_position(thing: ObjectDefinition, name: str) -> None:
    position = thing.field(name)
    if position is None or position.is_retired or position.field.type_name != "integer":
        raise PackTargetMissing(name=f"{thing.name}.{name}")
