"""Random roles, as administrators shape them: what each says, and its way into the tables that policies are loaded from."""

from __future__ import annotations

import json
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from uuid import UUID

from schema.metadata.objects import ObjectKind
from services.permissions import ALWAYS_READABLE, EVERY_OBJECT, Level, Mask, Scope, Verb
from services.query import plan as p
from services.query.criteria import encode
from tests.services.query.asking import ask
from tests.services.query.fuzz.questions import Questions
from tests.services.query.fuzz.staff import Grantee, some_grantee
from tests.services.query.fuzz.values import as_json
from tests.services.query.world import ALICE

if TYPE_CHECKING:
    from tests.services.query.fuzz.asked import Filter
    from tests.services.query.fuzz.judge import Judge
    from tests.services.query.fuzz.shapes import RandomShape
    from tests.services.query.world import World

_VERBS = (Verb.READ, Verb.UPDATE, Verb.DELETE)
_GRANTED = (*_VERBS, Verb.CREATE)
_SCOPES = (Scope.NONE, Scope.OWN, Scope.TEAM, Scope.DEPARTMENT, Scope.TREE, Scope.ALL)
_OF_RARE = 0.35
_SAID = ("field_permission", "object_permission", "restriction", "role_member", "criteria_rule", "role")


@dataclass(frozen=True)
class Opened:
    """Records opened by what stands in them; a sharing rule has somebody instead of a role."""

    object_name: str
    reach: Verb
    filter: Filter
    stored: Mapping[str, Any]
    # Names a field that is retired by now, and so chooses nothing.
    is_outdated: bool
    grantee: Grantee = (None, None, None)


@dataclass(frozen=True)
class Role:
    """Everything that one role says."""

    id: UUID
    is_admin: bool = False
    # By object, or for every object without an own one, and verb.
    grants: Mapping[str, Mapping[Verb, Scope]] = field(default_factory=dict)
    fields: Mapping[tuple[str, str], tuple[Level, Mask | None]] = field(default_factory=dict)
    # Object, verb or field, and the level that the field is held to.
    restrictions: Sequence[tuple[str, Verb | None, str, Level]] = ()
    opened: Sequence[Opened] = ()

    def scope(self, object_name: str, verb: Verb) -> Scope:
        given = self.grants.get(object_name, self.grants.get(EVERY_OBJECT, {}))
        return given.get(verb, Scope.NONE)

    def has_part_in(self, object_name: str) -> bool:
        """Whether the role has anything to do with records of an object, so that what it says of fields counts."""
        is_granted = any(self.scope(object_name, verb) is not Scope.NONE for verb in _GRANTED)
        return is_granted or any(each.object_name == object_name for each in self.opened)


class Roles:
    """Makes roles over one shape."""

    def __init__(self, rng: random.Random, shape: RandomShape, unlimited: Judge) -> None:
        self._rng = rng
        self._shape = shape
        self._questions = Questions(rng, shape.before, unlimited)
        self._objects = [
            each.name for each in shape.before.shape.objects.values() if each.kind is not ObjectKind.SYSTEM
        ]
        # Fields of rare types that every role closes in some way, else too few would be closed to anybody.
        rare = [(on, each) for on in self._objects for each in self._names(on) if self._questions.is_rare(on, each)]
        self._rare = [each for each in rare if rng.random() < _OF_RARE]

    def some(self) -> list[Role]:
        return [self._role(place) for place in range(self._rng.choice((1, 1, 2, 3)))]

    def sharing_rules(self) -> list[Opened]:
        return [self._opened(some_grantee(self._rng)) for _ in range(self._rng.choice((0, 0, 1, 2)))]

    def _role(self, place: int) -> Role:
        rng = self._rng
        granted = [each for each in self._objects if rng.random() < 0.92]
        grants = {each: self._grant() for each in granted}
        if rng.random() < 0.3:
            grants[EVERY_OBJECT] = self._grant()
        return Role(
            UUID(int=6300 + place),
            is_admin=rng.random() < 0.04,
            grants=grants,
            fields={(name, each): self._level(name, each) for name in self._objects for each in self._closed(name)},
            restrictions=self._restrictions() if rng.random() < 0.2 else (),
            opened=[self._opened() for _ in range(rng.choice((0, 0, 1, 2)))],
        )

    def _grant(self) -> dict[Verb, Scope]:
        """What may be changed is often, but not always, what may be read."""
        read = self._rng.choice((*_SCOPES[1:], *_SCOPES[1:], Scope.NONE, Scope.ALL, Scope.ALL))
        return (
            {Verb.READ: read}
            | {verb: self._rng.choice((read, read, *_SCOPES)) for verb in (Verb.UPDATE, Verb.DELETE)}
            | {Verb.CREATE: self._rng.choice((Scope.ALL, Scope.ALL, Scope.NONE))}
        )

    def _closed(self, name: str) -> list[str]:
        share = self._rng.choice((0.0, 0.0, 0.05, 0.2))
        others = [each for each in self._names(name) if (name, each) not in self._rare]
        return [each for each in others if self._rng.random() < share] + [on for of, on in self._rare if of == name]

    def _names(self, name: str) -> list[str]:
        thing = self._shape.before.shape.objects[name]
        return [each.name for each in (*thing.fields, *thing.links, *thing.lookups) if each.name not in ALWAYS_READABLE]

    def _level(self, name: str, field: str) -> tuple[Level, Mask | None]:
        level = self._rng.choice((*Level, *([Level.MASKED, Level.NONE] if (name, field) in self._rare else ())))
        return level, self._rng.choice((None, *Mask)) if level is Level.MASKED else None

    def _restrictions(self) -> list[tuple[str, Verb | None, str, Level]]:
        found: dict[tuple[str, Verb | None, str], Level] = {}
        for _ in range(self._rng.randint(1, 3)):
            name = self._rng.choice(self._objects)
            wide = EVERY_OBJECT if self._rng.random() < 0.2 else name
            if self._rng.random() < 0.3:
                found[wide, self._rng.choice((Verb.READ, Verb.DELETE, Verb.UPDATE, Verb.CREATE)), ""] = Level.NONE
            else:
                level = self._rng.choice((Level.NONE, Level.MASKED, Level.READ))
                found[wide, None, self._rng.choice(self._names(name))] = level
        return [(*key, level) for key, level in found.items()]

    def _opened(self, grantee: Grantee = (None, None, None)) -> Opened:
        name = self._rng.choice(self._objects)
        chosen = self._questions.filter(name, 1)
        is_outdated = self._questions.names_retired(self._shape, name, chosen)
        return Opened(name, self._rng.choice(_VERBS), chosen, _stored(self._shape, name, chosen), is_outdated, grantee)


def _stored(shape: RandomShape, name: str, given: Filter) -> dict[str, Any]:
    thing = shape.before.shape.objects[name]
    text = f"query ($filter: {_filter_type(name)}) {{ {thing.plural}(filter: $filter) {{ totalCount }} }}"
    plan, values = ask(shape.before, text, {"filter": as_json(given)})
    (root,) = plan.roots
    assert isinstance(root, p.ConnectionRoot)
    assert root.connection.filter is not None
    return encode(root.connection.filter, tuple(as_json(each) for each in values))


def _filter_type(name: str) -> str:
    base, ending = (name[:-2], "_c") if name.endswith("_c") else (name, "")
    return f"{base[:1].upper()}{base[1:]}Filter{ending}"


async def say(world: World, roles: Sequence[Role], rules: Sequence[Opened]) -> None:
    """These roles, all of them Alice's, these sharing rules, and no others."""
    for table in _SAID:
        await world.connection.execute(f"DELETE FROM t_query.{table}")  # noqa: S608 - fixed names
    for place, each in enumerate(roles):
        await world.execute(
            "INSERT INTO t_query.role (id, name, label_zh, label_en, is_admin) VALUES ($1, $2, '', '', $3)",
            each.id,
            f"role {place}",
            each.is_admin,
        )
        await world.execute("INSERT INTO t_query.role_member (role_id, user_id) VALUES ($1, $2)", each.id, ALICE)
        await _say_rights(world, each)
    for number, (role, rule) in enumerate([
        *((each.id, rule) for each in roles for rule in each.opened),
        *((None, rule) for rule in rules),
    ]):
        await world.execute(
            "INSERT INTO t_query.criteria_rule (id, role_id, user_id, department_id, team_id, object_name, reach, condition) "
            "VALUES ($1, $2, $3, $4, $5, $6, $7, $8::text::jsonb)",
            UUID(int=6400 + number),
            role,
            *rule.grantee,
            rule.object_name,
            rule.reach.value,
            json.dumps(rule.stored),
        )


async def _say_rights(world: World, role: Role) -> None:
    for name, scopes in role.grants.items():
        await world.execute(
            "INSERT INTO t_query.object_permission (role_id, object_name, read_scope, update_scope, delete_scope, can_create) "
            "VALUES ($1, $2, $3, $4, $5, $6)",
            role.id,
            name,
            *(scopes[verb].value for verb in _VERBS),
            scopes[Verb.CREATE] is Scope.ALL,
        )
    for (name, each), (level, mask) in role.fields.items():
        await world.execute(
            "INSERT INTO t_query.field_permission (role_id, object_name, field_name, level, mask) VALUES ($1, $2, $3, $4, $5)",
            role.id,
            name,
            each,
            level.name.lower(),
            mask.value if mask else "",
        )
    for name, verb, each, level in role.restrictions:
        await world.execute(
            "INSERT INTO t_query.restriction (role_id, object_name, verb, field_name, level) VALUES ($1, $2, $3, $4, $5)",
            role.id,
            name,
            verb.value if verb else "",
            each,
            "" if verb else level.name.lower(),
        )
