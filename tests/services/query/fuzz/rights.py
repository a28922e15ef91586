"""Random rights of one caller: a policy for the compiler, and the ids it reaches for the judge."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, TypeAlias
from uuid import UUID

from schema.metadata.objects import ObjectKind
from services.permissions import EVERYONE, Arm, Level, ObjectRights, OwnedBy, Policy, Scope, Shared, Verb
from services.permissions.policy import freeze
from services.permissions.rules import ALWAYS_READABLE, numbered, rights_by_criteria, rule
from services.query import plan as p
from services.query.criteria import encode
from tests.services.query.asking import ask
from tests.services.query.fuzz.judge import Judge
from tests.services.query.fuzz.questions import Questions
from tests.services.query.fuzz.values import as_json
from tests.services.query.world import ALICE, BOB, SESSION_ID

if TYPE_CHECKING:
    from schema.metadata.registry import Shape
    from tests.services.query.fuzz.asked import Filter
    from tests.services.query.fuzz.rows import Record, Rows
    from tests.services.query.fuzz.shapes import RandomShape
    from tests.services.query.world import World

# Alice sits in `office` with Bob and manages it; it lies below `region`. `elsewhere` is nobody's.
REGION, OFFICE, ELSEWHERE = (UUID(int=number) for number in (6001, 6002, 6003))
_TWO = frozenset({ALICE, BOB})
_OWNERS: Mapping[Scope, frozenset[UUID]] = {
    Scope.NONE: frozenset(), Scope.OWN: frozenset({ALICE}), Scope.TEAM: _TWO, Scope.DEPARTMENT: _TWO, Scope.TREE: _TWO,
}  # fmt: skip
# Number of the object, record, user or department, reach, end.
Share: TypeAlias = tuple[int, UUID, UUID | None, UUID | None, str, datetime | None]


@dataclass(frozen=True)
class Caller:
    """What Alice may do."""

    policy: Policy
    judge: Judge
    shares: Sequence[Share]

    def reads(self, object_name: str) -> bool:
        return bool(self.policy.on(object_name).read)


def make_caller(seed: int, shape: RandomShape, rows: Rows) -> Caller:
    rng = random.Random(f"rights {seed}")  # noqa: S311 - repeatable
    unlimited = everything(shape.before.shape, rows)
    rights: dict[str, ObjectRights] = {"user": _of_users(rng)}
    # Whoever may not read an object sees none of its records behind relations either.
    seen = {"user": frozenset(each.id for each in rows["user"] if rights["user"].read)}
    trashed: dict[str, frozenset[UUID]] = {"user": frozenset()}
    criteria, shares = {}, []
    for thing in shape.registry.shape.objects.values():
        if thing.kind is ObjectKind.SYSTEM:
            continue
        made = _Reach(rng, shape, unlimited, thing.name)
        fields = tuple(sorted(_closed(rng, shape, thing.name).items()))
        default = rng.choice((Level.WRITE, Level.READ))
        rights[thing.name] = ObjectRights(read=made.read, delete=made.delete, fields=fields, default_level=default)
        criteria[thing.name] = made.values
        seen[thing.name], trashed[thing.name] = made.reached(Verb.READ), made.reached(Verb.DELETE)
        shares += made.shares
    policy = Policy(freeze(rights), 1, criteria=criteria)
    judge = Judge(shape.registry.shape, seen, trashed, rows, lambda name, field: policy.on(name).level(field))
    return Caller(policy, judge, shares)


def everything(shape: Shape, rows: Rows) -> Judge:
    """Who sees all records and reads all fields, as what stands inside a criterion does."""
    ids = {name: frozenset(each.id for each in records) for name, records in rows.items()}
    return Judge(shape, ids, ids, rows, lambda *_: Level.WRITE)


def _of_users(rng: random.Random) -> ObjectRights:
    if rng.random() < 0.1:
        return ObjectRights()
    hidden = tuple((each, rng.choice((Level.NONE, Level.MASKED))) for each in ("email", "title") if rng.random() < 0.2)
    return ObjectRights(read=EVERYONE, fields=hidden, default_level=Level.READ)


def _closed(rng: random.Random, shape: RandomShape, name: str) -> dict[str, Level]:
    share = rng.choice((0.0, 0.08, 0.3))
    names = [each.name for each in shape.registry.shape.objects[name].fields if each.name not in ALWAYS_READABLE]
    return {each: rng.choice((Level.NONE, Level.MASKED, Level.READ)) for each in names if rng.random() < share}


class _Reach:
    """The arms on one object, and what each reaches."""

    def __init__(self, rng: random.Random, shape: RandomShape, unlimited: Judge, name: str) -> None:
        self._records: Sequence[Record] = unlimited.rows[name]
        self._unlimited = unlimited
        number = shape.registry.names[name].number
        self._scope = rng.choice((
            Scope.NONE,
            Scope.OWN,
            Scope.TEAM,
            Scope.DEPARTMENT,
            Scope.TREE,
            Scope.ALL,
            Scope.ALL,
        ))
        self._may_delete = rng.random() < 0.6
        questions = Questions(rng, shape.before, unlimited)
        chosen = [questions.filter(name, 1) for _ in range(rng.choice((0, 0, 1, 2)))]
        stored = [(each, rng.choice((Verb.READ, Verb.DELETE)), _stored(shape, name, each)) for each in chosen]
        rules = [rule("r", name, reach, condition) for _, reach, condition in stored]
        # A criterion of a field that is retired by now chooses nobody.
        self._criteria = [(each, reach) for each, reach, _ in stored if not questions.names_retired(shape, name, each)]
        self.values = tuple(each.values for each in numbered(rules, name))
        self._shared = rng.random() < 0.5
        count = min(len(self._records), rng.choice((0, 2, 5)))
        self.shares = (
            [_share(rng, number, each.id) for each in rng.sample(self._records, count)] if self._shared else []
        )
        by_criteria = rights_by_criteria(rules, name)
        self.read = self._arms(Verb.READ, by_criteria.read)
        self.delete = self._arms(Verb.DELETE, by_criteria.delete) if self._may_delete else ()

    def _arms(self, verb: Verb, criteria: Sequence[Arm]) -> tuple[Arm, ...]:
        if self._scope is Scope.ALL:
            return EVERYONE
        owned: tuple[Arm, ...] = () if self._scope is Scope.NONE else (OwnedBy(self._scope),)
        return (*owned, *criteria, *((Shared(verb),) if self._shared else ()))

    def reached(self, verb: Verb) -> frozenset[UUID]:
        if verb is Verb.DELETE and not self._may_delete:
            return frozenset()
        if self._scope is Scope.ALL:
            return frozenset(each.id for each in self._records)
        reaches = {"delete"} if verb is Verb.DELETE else {"read", "update", "delete"}
        shared = {share[1] for share in self.shares if share[4] in reaches and _reaches_alice(share)}
        return frozenset(
            each.id for each in self._records
            if each.values["owner"] in _OWNERS[self._scope]
            or each.id in shared
            or any(self._unlimited.holds(each, given) for given, reach in self._criteria if verb in {Verb.READ, reach})
        )  # fmt: skip


def _stored(shape: RandomShape, name: str, given: Filter) -> dict[str, Any]:
    thing = shape.before.shape.objects[name]
    text = f"query ($filter: {filter_type(name)}) {{ {thing.plural}(filter: $filter) {{ totalCount }} }}"
    plan, values = ask(shape.before, text, {"filter": as_json(given)})
    (root,) = plan.roots
    assert isinstance(root, p.ConnectionRoot)
    assert root.connection.filter is not None
    return encode(root.connection.filter, tuple(as_json(each) for each in values))


def filter_type(name: str) -> str:
    base, ending = (name[:-2], "_c") if name.endswith("_c") else (name, "")
    return f"{base[:1].upper()}{base[1:]}Filter{ending}"


def _share(rng: random.Random, number: int, record_id: UUID) -> Share:
    user, department = rng.choice(((ALICE, None), (BOB, None), (None, OFFICE), (None, REGION), (None, ELSEWHERE)))
    # Shares end by the clock of the database, which is the machine's own.
    days = rng.choice((None, -1, 1))
    ends = None if days is None else datetime.now(UTC) + timedelta(days=days)
    return number, record_id, user, department, rng.choice(("read", "update", "delete")), ends


def _reaches_alice(share: Share) -> bool:
    _, _, user, department, _, ends = share
    is_over = ends is not None and ends < datetime.now(UTC)
    return not is_over and (user == ALICE or department in {OFFICE, REGION})


async def settle(world: World, users: Sequence[Record]) -> None:
    """People and departments; Alice is signed in."""
    for each in users:
        told = [each.values[name] for name in ("id", "email", "name", "title", "createdAt", "updatedAt")]
        await world.execute(
            "INSERT INTO t_query.user (id, email, name, title, created_at, updated_at, name_sort) "
            "VALUES ($1, $2, $3, $4, $5, $6, $7)",
            *told,
            each.companions["name"]["sort"],
        )
    await world.execute("INSERT INTO t_query.session (id, user_id) VALUES ($1, $2)", SESSION_ID, ALICE)
    for department, manager in ((REGION, None), (OFFICE, ALICE), (ELSEWHERE, None)):
        await world.execute(
            "INSERT INTO t_query.department (id, name, manager_id) VALUES ($1, 'd', $2)", department, manager
        )
        await world.execute("INSERT INTO t_query.department_closure VALUES ($1, $1, 0)", department)
    await world.execute("INSERT INTO t_query.department_closure VALUES ($1, $2, 1)", REGION, OFFICE)
    await world.execute("UPDATE t_query.user SET department_id = $1 WHERE id = ANY ($2)", OFFICE, sorted(_TWO))


async def share(world: World, caller: Caller) -> None:
    """The shares of a caller, and no other's."""
    await world.execute("DELETE FROM t_query.record_share")
    for place, each in enumerate(caller.shares):
        await world.execute(
            "INSERT INTO t_query.record_share (id, object_number, record_id, user_id, department_id, reach, expires_at) "
            "VALUES ($1, $2, $3, $4, $5, $6, $7)",
            UUID(int=7000 + place),
            *each,
        )
