"""What a schema shows one caller, out of the policy that guards what he does: objects, fields by use, mutations.

Plain data under a key: two callers with equal keys get the same schema. It opens nothing; a name that is there by mistake
is still refused by the guard, and tests hold the two together.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import sqlalchemy as sa

from schema.metadata.objects import ObjectKind
from schema.tables.permissions import role
from services import metadata, oauth, permissions, verbs
from services.permissions import Level, ObjectRights, Policy, Verb
from services.verbs import Access, Requirement

if TYPE_CHECKING:
    from schema.metadata.objects import Object
    from schema.metadata.registry import Registry, Shape
    from tenants.context import Principal, ReadWork

# The right that each generated mutation asks for, and the action of its scope.
_WRITES: Mapping[str, tuple[tuple[Verb, ...], oauth.Action]] = {
    "create": ((Verb.CREATE,), oauth.Action.WRITE),
    "update": ((Verb.UPDATE,), oauth.Action.WRITE),
    "upsert": ((Verb.CREATE, Verb.UPDATE), oauth.Action.WRITE),
    "delete": ((Verb.DELETE,), oauth.Action.DELETE),
    "restore": ((Verb.DELETE,), oauth.Action.DELETE),
    "destroy": ((Verb.DELETE,), oauth.Action.DELETE),
}
# What of them asks for the right to change sets, where it takes several.
_IN_BULK = frozenset({
    ("update", Verb.UPDATE),
    ("upsert", Verb.UPDATE),
    ("delete", Verb.DELETE),
    ("restore", Verb.DELETE),
})


@dataclass(frozen=True, slots=True)
class Ask:
    """What a field asks of its caller, in the words of `@auth`."""

    requires: str = ""
    scope: str = ""
    action: str = ""
    level: str = ""
    roles: tuple[str, ...] = ()


@dataclass(frozen=True)
class Projection:
    """What is there for a caller. `tells` is for those who are told what each field asks."""

    shape: Shape
    policy: Policy
    names: Mapping[str, Requirement]
    is_token: bool = False
    is_anonymous: bool = False
    roles: tuple[tuple[str, Policy], ...] = ()
    key: str = field(default="", compare=False)

    def reads(self, object_name: str) -> bool:
        """Whether some of its records may be read."""
        return bool(self._on(object_name).read)

    def selects(self, object_name: str, field_name: str) -> bool:
        """Whether a field may be selected, perhaps masked."""
        return self.reads(object_name) and self._on(object_name).level(field_name) >= Level.MASKED

    def compares(self, object_name: str, field_name: str) -> bool:
        """Whether it may be filtered, sorted, grouped and measured by."""
        return self.reads(object_name) and self._on(object_name).level(field_name) >= Level.READ

    def writes(self, object_name: str, field_name: str) -> bool:
        """Whether it may be written."""
        return self._on(object_name).level(field_name) is Level.WRITE

    def does(self, object_name: str, verb: str, *, many: bool = False) -> bool:
        """Whether a generated mutation may be used."""
        rights = self._on(object_name)
        needed, _ = _WRITES[verb]
        in_bulk = bool(rights.arms(Verb.BULK))
        return any(rights.arms(each) and (in_bulk or not many or (verb, each) not in _IN_BULK) for each in needed)

    def trash(self, object_name: str) -> bool:
        """Whether deleted records may be read."""
        return bool(self._on(object_name).arms(Verb.DELETE))

    def runs(self, verb_name: str) -> bool:
        """Whether a declared mutation may be used."""
        return self._meets(_asked(verb_name))

    def opens(self, static_name: str) -> bool:
        """Whether a static root field may be used."""
        return self._meets(self.names[static_name])

    def of_object(self, object_name: str, verb: str = "read") -> Ask:
        """What reading the records asks, or a generated mutation."""
        action = _WRITES[verb][1] if verb in _WRITES else oauth.Action.READ
        return Ask(scope=oauth.scope_of(self.shape.objects[object_name], action))

    def of_field(self, object_name: str, field_name: str) -> Ask:
        """What a field asks."""
        thing = self.shape.objects[object_name]
        return Ask(
            scope=oauth.scope_of(thing, oauth.Action.READ, field_name),
            level=_told(thing, field_name, self._on(object_name)),
            roles=tuple(
                f"{name}: {_told(thing, field_name, policy.on(object_name))}"
                for name, policy in self.roles
                if policy.on(object_name).read
            ),
        )

    def of_name(self, name: str) -> Ask:
        """What a static field or a declared mutation asks."""
        asked = self.names.get(name) or _asked(name)
        scope = oauth.METADATA_ADMIN if asked.access is Access.DEFINER else ""
        if asked.reads:
            scope = oauth.scope_of(self.shape.objects[asked.reads], oauth.Action.READ)
        return Ask(requires=asked.access.value, scope=scope, action=asked.action)

    def _on(self, object_name: str) -> ObjectRights:
        return self.policy.on(object_name)

    def _pushes(self, action: str) -> bool:
        """Whether some record of the object that an action is named after may be changed by it."""
        return self.policy.may(action) and bool(self._on(action.partition(".")[0]).arms(Verb.UPDATE))

    def _meets(self, asked: Requirement) -> bool:
        if asked.access is Access.ANYBODY or self.is_anonymous:
            return asked.access is Access.ANYBODY
        refused = (
            self.is_token and asked.access in {Access.PERSON, Access.ADMINISTRATOR},
            not self.policy.may_define and asked.access in {Access.DEFINER, Access.ADMINISTRATOR},
            asked.action and not self._pushes(asked.action),
            asked.reads and not self.reads(asked.reads),
            asked.verb and not any(self._on(name).arms(Verb(asked.verb)) for name in _with_records(self.shape)),
        )
        return not any(refused)


def projection(
    registry: Registry,
    policy: Policy,
    principal: Principal,
    names: Mapping[str, Requirement],
    *,
    roles: Iterable[tuple[str, Policy]] = (),
) -> Projection:
    """The projection for a caller with this policy; `names` are the static root fields with what they ask."""
    made = Projection(
        registry.shape,
        policy,
        names,
        is_token=principal.is_token,
        is_anonymous=principal.is_anonymous,
        roles=tuple(roles),
    )
    return Projection(**{**vars(made), "key": _key(made)})


async def projection_for(work: ReadWork, names: Mapping[str, Requirement]) -> Projection:
    """The projection for whoever acts, without what each role may do."""
    return projection(await metadata.registry(work), await permissions.policy(work), work.principal, names)


async def with_roles(work: ReadWork, names: Mapping[str, Requirement]) -> Projection:
    """The same; whoever may define, unless his token leaves that out, also sees how far each role reaches a field."""
    registry, policy = await metadata.registry(work), await permissions.policy(work)
    named = sa.select(role.c.id, role.c.name).order_by(role.c.name)
    rows = await work.session.rows(named) if policy.may_read_policy else []
    roles = [(row["name"], await permissions.policy_of_role(work, row["id"])) for row in rows]
    return projection(registry, policy, work.principal, names, roles=roles)


def _asked(verb_name: str) -> Requirement:
    declared = verbs.definition(verb_name)
    return Requirement() if declared is None else declared.asks


def _with_records(shape: Shape) -> tuple[str, ...]:
    return tuple(name for name, thing in shape.objects.items() if thing.kind is not ObjectKind.SYSTEM)


def _told(thing: Object, field_name: str, rights: ObjectRights) -> str:
    return permissions.reachable(thing, field_name, rights).name.lower()


def _key(made: Projection) -> str:
    """What two callers have in common who see the same: no name of theirs, no scope of records, no version."""
    objects = [
        (
            name,
            [made.does(name, verb, many=many) for verb in _WRITES for many in (False, True)],
            (made.reads(name), made.trash(name), made.policy.on(name).default_level, made.policy.on(name).fields),
            [policy.on(name).fields if policy.on(name).read else None for _, policy in made.roles],
        )
        for name in made.shape.objects
    ]
    named = [made.opens(name) for name in sorted(made.names)]
    declared = [made.runs(verb.name) for verb in verbs.declared()]
    said = repr((made.shape.hash, objects, named, declared, [name for name, _ in made.roles]))
    return hashlib.sha256(said.encode()).hexdigest()
