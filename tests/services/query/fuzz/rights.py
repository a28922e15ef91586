"""What one caller may do by what the roles say, said again in Python over all records, beside the policy that is loaded.

Nothing here knows arms, unions or fingerprints: every record, field and verb is asked of every role by itself.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, TypeAlias
from uuid import UUID

from schema.metadata.objects import ObjectKind
from services.oauth.narrowing import narrowed
from services.permissions import ALWAYS_READABLE, EVERY_OBJECT, EVERYONE, Level, Mask, ObjectRights, Policy, Scope, Verb
from services.permissions import policy_of as policy_of_user
from tests.services.query.fuzz.judge import Judge
from tests.services.query.fuzz.roles import Opened, Role, Roles, say
from tests.services.query.fuzz.scoping import Narrowing, make_narrowing
from tests.services.query.fuzz.staff import Grantee, Staff, make_staff, seat, some_grantee
from tests.services.query.world import ALICE, person

if TYPE_CHECKING:
    from schema.metadata.registry import Shape
    from tests.services.query.fuzz.rows import Record, Rows
    from tests.services.query.fuzz.shapes import RandomShape
    from tests.services.query.world import World

# Number of the object, record, to whom, reach, end.
Share: TypeAlias = tuple[int, UUID, Grantee, str, datetime | None]
# What somebody does who was given less than this.
_REACHES: Mapping[Verb, frozenset[Verb]] = {
    Verb.READ: frozenset({Verb.READ, Verb.UPDATE, Verb.DELETE}),
    Verb.UPDATE: frozenset({Verb.UPDATE, Verb.DELETE}),
    Verb.DELETE: frozenset({Verb.DELETE}),
    # No rule over what stands in records lets any be made.
    Verb.CREATE: frozenset(),
}
# From what shows the least to what shows the most.
_SHOWING = (Mask.FULL, Mask.NAME, Mask.MAIL, Mask.ID_NUMBER, Mask.PHONE)
# Everybody is an auditor here.
_SEEN_BY_ALL = frozenset({"user", "recordHistory", "auditEntry"})
_AUDITOR = ObjectRights(read=EVERYONE, default_level=Level.READ)


@dataclass(frozen=True)
class Caller:
    """What Alice may do. Rights on users stand outside of roles, so they are put into the policy as they are."""

    roles: Sequence[Role]
    rules: Sequence[Opened]
    shares: Sequence[Share]
    staff: Staff
    users: ObjectRights
    token: Narrowing | None
    rows: Rows
    shape: Shape
    unlimited: Judge

    @cached_property
    def judge(self) -> Judge:
        names = self.rows.keys()
        seen = {name: self.reached(name, Verb.READ) for name in names}
        trashed = {name: self.reached(name, Verb.DELETE) for name in names}
        return Judge(self.shape, seen, trashed, self.rows, self.level, self.mask)

    async def policy(self, world: World) -> Policy:
        """As it is loaded from the tables."""
        for each in (seat(world, self.staff), say(world, self.roles, self.rules), share(world, self.shares)):
            await each
        loaded = await policy_of_user(world.work(person(ALICE)), ALICE)
        loaded = replace(loaded, rights={**loaded.rights, "user": self.users, "auditEntry": _AUDITOR})
        return loaded if self.token is None else narrowed(loaded, self.token.scopes, self.shape)

    # --- verbs --------------------------------------------------------------------------------------------------------

    def may(self, name: str, verb: Verb) -> bool:
        """Whether the verb is granted on any record at all."""
        if self.token is not None and not self.token.opens(name, verb):
            return False
        if name in _SEEN_BY_ALL:
            return verb is Verb.READ and (name != "user" or bool(self.users.read))
        return not self._is_restricted(name, verb) and (
            any(each.is_admin or each.scope(name, verb) is not Scope.NONE for each in self.roles)
            or any(rule.object_name == name and rule.reach in _REACHES[verb] for rule in self._of_roles())
        )

    def has_all(self, name: str, verb: Verb) -> bool:
        """Whether no record of the object is out of reach, even one that is gone."""
        return self.may(name, verb) and any(each.is_admin or each.scope(name, verb) is Scope.ALL for each in self.roles)

    def reached(self, name: str, verb: Verb) -> frozenset[UUID]:
        if not self.may(name, verb):
            return frozenset()
        if name == "user" or self.has_all(name, verb):
            return frozenset(each.id for each in self.rows[name])
        owners = self._owners({each.scope(name, verb) for each in self.roles})
        rules = [*self._of_roles(), *(each for each in self.rules if self.staff.is_meant(ALICE, each.grantee))]
        chosen = [
            each.filter for each in rules
            if each.object_name == name and each.reach in _REACHES[verb] and not each.is_outdated
        ]  # fmt: skip
        shared = {each[1] for each in self.shares if each[3] in _REACHES[verb] and self._is_shared_now(each)}
        return frozenset(
            each.id for each in self.rows[name]
            if each.values["owner"] in owners
            or each.id in shared
            or any(self.unlimited.holds(each, given) for given in chosen)
        )  # fmt: skip

    def _of_roles(self) -> list[Opened]:
        # Administrators have no rules: they have everything.
        return [rule for each in self.roles for rule in each.opened]

    def _owners(self, scopes: set[Scope]) -> set[UUID]:
        found: set[UUID] = set()
        for scope in scopes - {Scope.NONE}:
            people = {Scope.TEAM: self.staff.team, Scope.DEPARTMENT: self.staff.department, Scope.TREE: self.staff.tree}
            found |= people[scope](ALICE) if scope in people else {ALICE}
        return found | (self.staff.stood_in_for(ALICE) if found else set())

    def _is_restricted(self, name: str, verb: Verb) -> bool:
        said = (each for role in self.roles for each in role.restrictions)
        return any(on in {name, EVERY_OBJECT} and what is verb for on, what, _, _ in said)

    def _is_shared_now(self, given: Share) -> bool:
        _, _, grantee, _, ends = given
        return (ends is None or ends > datetime.now(UTC)) and self.staff.is_meant(ALICE, grantee)

    # --- fields -------------------------------------------------------------------------------------------------------

    def level(self, name: str, field: str) -> Level:
        level = self._level_of_roles(name, field)
        return level if self.token is None else min(level, self.token.level(name, field))

    def _level_of_roles(self, name: str, field: str) -> Level:
        if name in _SEEN_BY_ALL:
            return self.users.level(field) if name == "user" else Level.READ
        if field in ALWAYS_READABLE:
            return Level.WRITE
        said = [each.fields.get((name, field), (Level.WRITE, None))[0] for each in self._speaking(name)]
        level = max(said, default=Level.WRITE)
        for role in self.roles:
            for on, verb, which, most in role.restrictions:
                if on in {name, EVERY_OBJECT} and verb is None and which == field:
                    level = min(level, most)
        return level

    def mask(self, name: str, field: str) -> Mask:
        said = [each.fields.get((name, field), (Level.WRITE, None)) for each in self._speaking(name)]
        shown = [mask or Mask.NAME for level, mask in said if level is Level.MASKED]
        return max(shown, key=_SHOWING.index, default=Mask.NAME)

    def _speaking(self, name: str) -> list[Role]:
        """Administrators' roles open every field, and none of the others closes one."""
        if any(each.is_admin for each in self.roles):
            return []
        return [each for each in self.roles if each.has_part_in(name)]


def make_caller(seed: int, shape: RandomShape, rows: Rows) -> Caller:
    rng = random.Random(f"rights {seed}")  # noqa: S311 - repeatable
    now = shape.registry.shape
    unlimited = everything(shape.before.shape, rows)
    roles = Roles(rng, shape, unlimited)
    things = [each for each in now.objects.values() if each.kind is not ObjectKind.SYSTEM]
    return Caller(
        roles.some(),
        roles.sharing_rules(),
        [each for thing in things for each in _shares(rng, shape.registry.names[thing.name].number, rows[thing.name])],
        make_staff(rng),
        _of_users(rng),
        make_narrowing(rng, now) if rng.random() < 0.12 else None,
        rows,
        now,
        unlimited,
    )


def everything(shape: Shape, rows: Rows) -> Judge:
    """Who sees all records and reads all fields, as what stands inside a criterion does."""
    ids = {name: frozenset(each.id for each in records) for name, records in rows.items()}
    return Judge(shape, ids, ids, rows, lambda *_: Level.WRITE, lambda *_: Mask.NAME)


def _of_users(rng: random.Random) -> ObjectRights:
    if rng.random() < 0.05:
        return ObjectRights(default_level=Level.READ)
    hidden = tuple((each, rng.choice((Level.NONE, Level.MASKED))) for each in ("email", "title") if rng.random() < 0.1)
    return ObjectRights(read=EVERYONE, fields=hidden, default_level=Level.READ)


def _shares(rng: random.Random, number: int, records: Sequence[Record]) -> list[Share]:
    count = min(len(records), rng.choice((0, 0, 2, 5)))
    return [_share(rng, number, each.id) for each in rng.sample(records, count)]


def _share(rng: random.Random, number: int, record_id: UUID) -> Share:
    # Shares end by the clock of the database, which is the machine's own.
    days = rng.choice((None, -1, 1))
    ends = None if days is None else datetime.now(UTC) + timedelta(days=days)
    return number, record_id, some_grantee(rng), rng.choice(("read", "update", "delete")), ends


async def share(world: World, shares: Sequence[Share]) -> None:
    """These shares, and no others."""
    await world.execute("DELETE FROM t_query.record_share")
    for place, (number, record_id, grantee, reach, ends) in enumerate(shares):
        await world.execute(
            "INSERT INTO t_query.record_share (id, object_number, record_id, user_id, department_id, team_id, reach, "
            "expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
            UUID(int=7000 + place),
            number,
            record_id,
            *grantee,
            reach,
            ends,
        )
