"""Random registries: objects of packs and of tenants with fields of every type, relations, retired and building parts."""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any
from uuid import UUID

from schema.metadata.definitions import ChoiceDefinition, FieldDefinition, ObjectDefinition, assemble
from schema.metadata.fields import Choice, DeleteRule, Field, FieldState, Label, Relation
from schema.metadata.naming import compose, tenant_name, tenant_plural
from schema.metadata.record_fields import TO_USER
from schema.metadata.types import DERIVED, FIELD_TYPES, LINKED, SHOWN, SYSTEM_ONLY

if TYPE_CHECKING:
    from schema.metadata.registry import Registry

_NAMES = (("lead", "leads"), ("sheBei", ""), ("ticket", "tickets"), ("woGe", ""))
_FIRST_NUMBER = 200
_FIRST_FIELD = 20
# Too few would be met of them if they were some types among many.
_RARE_TYPES = ("encryptedText", "signature", "attachment", "image")
# A link to a department is one like that to a person.
_OTHERWISE_TRIED = {"relation", "department", *_RARE_TYPES}
_PLAIN_TYPES = tuple(
    name for name in FIELD_TYPES if name not in SYSTEM_ONLY | DERIVED | LINKED | SHOWN | _OTHERWISE_TRIED
)
_KEYS = ("b", "a", "c-3", "d_4")


@dataclass(frozen=True)
class RandomShape:
    """A registry, and the same before some of its fields were retired: criteria were stored then."""

    registry: Registry
    before: Registry


def make_shape(seed: int) -> RandomShape:
    rng = random.Random(f"shape {seed}")  # noqa: S311 - repeatable
    names = _NAMES[: rng.choice((2, 3, 3, 4))]
    named = [
        (name, plural) if plural else (tenant_name(name), tenant_plural(tenant_name(name))) for name, plural in names
    ]
    # Tables have names of their own, because a connection remembers the types of a statement by its text.
    objects = [
        _object(rng, number, name, plural, [each for each, _ in named], f"z{seed}_{name.lower()}")
        for number, (name, plural) in enumerate(named)
    ]
    objects = _with_rare_types(random.Random(f"rare {seed}"), objects)  # noqa: S311 - repeatable
    objects = _with_links(random.Random(f"links {seed}"), objects)  # noqa: S311 - repeatable
    objects = _with_lines(random.Random(f"lines {seed}"), objects)  # noqa: S311 - repeatable
    objects = _with_lookups(random.Random(f"lookups {seed}"), objects)  # noqa: S311 - repeatable
    retired = [_with_retired(rng, each) for each in objects]
    return RandomShape(assemble(retired, version=1), assemble(objects, version=1))


def _object(  # noqa: PLR0917 - everything that an object is
    rng: random.Random, number: int, name: str, plural: str, names: list[str], table: str
) -> ObjectDefinition:
    mine = [_plain(rng, name, place, rng.choice(_PLAIN_TYPES)) for place in range(rng.randint(3, 8))]
    # One that can be a title stands first.
    mine[0] = _plain(rng, name, 0, rng.choice(("text", "text", "email", "autoNumber")))
    targets = rng.sample(names, rng.randint(1, len(names)))
    mine += [_relation(rng, name, len(mine) + place, target) for place, target in enumerate(targets)]
    return ObjectDefinition(
        UUID(int=number + 1),
        _FIRST_NUMBER + number,
        name,
        plural,
        table,
        Label(name, name),
        Label(plural, plural),
        tuple(mine),
        title_field=mine[0].name if rng.random() < 0.9 else "",
        pack="" if name.endswith("_c") else "fuzz",
    )


def _plain(rng: random.Random, object_name: str, place: int, type_: str) -> FieldDefinition:
    row = FIELD_TYPES[type_]
    name = f"{type_}{place}" if rng.random() < 0.8 else f"{type_}{place}Id"
    options: dict[str, Any] = {
        option: value for option, value in (("search", True), ("sortKey", "pinyin"), ("normalForm", "company"))
        if option in row.options and rng.random() < 0.5
    }  # fmt: skip
    choices = tuple(
        ChoiceDefinition(
            UUID(int=place * 100 + at), key, Label(f"{key}中", key.upper() if at else ""), retired=rng.random() < 0.2
        )
        for at, key in enumerate(rng.sample(_KEYS, rng.randint(2, 4)) if row.has_choices else ())
    )
    return _definition(
        place,
        Field(
            _ending(rng, object_name, name),
            type_,
            is_indexed=row.sortable and not row.is_relation and rng.random() < 0.5,
            options=tuple(sorted(options.items())),
            state=FieldState.BUILDING if rng.random() < 0.05 else FieldState.LIVE,
            choices=tuple(Choice(each.key, each.retired) for each in choices),
            relation=TO_USER if type_ == "person" else None,
        ),
        choices,
    )


def _relation(rng: random.Random, object_name: str, place: int, target: str) -> FieldDefinition:
    name = _ending(rng, object_name, f"to{place}")
    inverse = compose("", name, f"Of{object_name[:2].capitalize()}")
    return _definition(
        place, Field(name, "relation", relation=Relation(target, inverse if rng.random() < 0.85 else ""))
    )


def _with_rare_types(rng: random.Random, objects: list[ObjectDefinition]) -> list[ObjectDefinition]:
    found = []
    for thing in objects:
        types = rng.sample(_RARE_TYPES, rng.randint(0, 2))
        mine = [_plain(rng, thing.name, len(thing.fields) + place, type_) for place, type_ in enumerate(types)]
        found.append(replace(thing, fields=(*thing.fields, *mine)))
    return found


def _with_links(rng: random.Random, objects: list[ObjectDefinition]) -> list[ObjectDefinition]:
    """Records of many of each, perhaps of the same object; their table is named after both object and field."""
    found = list(objects)
    for _ in range(rng.choice((1, 1, 2))):
        at, target = rng.randrange(len(found)), rng.choice(found)
        thing, place = found[at], len(found[at].fields)
        name = _ending(rng, thing.name, f"links{place}")
        inverse = compose("", name, f"Of{thing.name[:2].capitalize()}")
        linked = _definition(place, Field(name, "relations", relation=Relation(target.name, inverse)))
        table = replace(linked, column=f"{thing.table}_{linked.column}")
        found[at] = replace(thing, fields=(*thing.fields, table))
    return found


def _with_lookups(rng: random.Random, objects: list[ObjectDefinition]) -> list[ObjectDefinition]:
    """Plain fields of what a relation leads to, shown beside it."""
    plain = {
        thing.name: [
            each.name
            for each in thing.fields
            if each.field.relation is None and not each.field.type.has_several and not each.field.is_linked
        ]
        for thing in objects
    } | {"user": ["name", "email", "title"]}
    found = []
    for thing in objects:
        relations = [
            each.field for each in thing.fields if each.field.relation is not None and not each.field.is_linked
        ]
        mine: list[FieldDefinition] = []
        for relation in rng.sample(relations, min(len(relations), rng.choice((0, 1, 2)))):
            assert relation.relation is not None
            shown = rng.choice((*plain[relation.relation.target], "createdAt"))
            place = len(thing.fields) + len(mine)
            name = _ending(rng, thing.name, f"shown{place}")
            mine.append(
                _definition(place, Field(name, "lookup", options=(("field", shown), ("relation", relation.name))))
            )
        found.append(replace(thing, fields=(*thing.fields, *mine)))
    return found


def _with_lines(rng: random.Random, objects: list[ObjectDefinition]) -> list[ObjectDefinition]:
    """Mostly the records of one object are lines of another one's."""
    relations = [
        (at, each)
        for at, thing in enumerate(objects)
        for each in thing.fields
        if each.field.relation is not None and not each.field.is_linked and each.field.relation.target not in {thing.name, "user"}
        and each.field.relation.inverse_name
    ]  # fmt: skip
    if not relations or rng.random() < 0.3:
        return objects
    at, chosen = rng.choice(relations)
    thing, relation = objects[at], chosen.field.relation
    assert relation is not None
    place = len(thing.fields)
    position = _definition(place, Field(_ending(rng, thing.name, f"place{place}"), "integer", read_only=True))
    lines = replace(relation, lines_by=position.name, delete_rule=DeleteRule.CASCADE)
    joined = replace(chosen, field=replace(chosen.field, relation=lines))
    fields = (*(joined if each is chosen else each for each in thing.fields), position)
    return [replace(thing, fields=fields) if each is thing else each for each in objects]


def _ending(rng: random.Random, object_name: str, name: str) -> str:
    """Objects of packs have fields of tenants, too."""
    return tenant_name(name) if object_name.endswith("_c") or rng.random() < 0.3 else name


def _definition(place: int, field: Field, choices: tuple[ChoiceDefinition, ...] = ()) -> FieldDefinition:
    number = _FIRST_FIELD + place
    label = Label(field.name, field.name)
    return FieldDefinition(UUID(int=number), field, number, f"f_{number}", label, place, choices=choices)


def _with_retired(rng: random.Random, thing: ObjectDefinition) -> ObjectDefinition:
    kept, *others = thing.fields
    fields = tuple(each.in_state(FieldState.RETIRED) if rng.random() < 0.08 else each for each in others)
    return replace(thing, fields=(kept, *fields))
