"""Random but repeatable rights of one caller, as a policy for the compiler and once more in Python for the reference."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, TypeAlias
from uuid import UUID

from services.permissions import EVERYONE, Arm, Level, ObjectRights, OwnedBy, Policy, Scope, Shared, Verb
from services.permissions.policy import freeze
from services.permissions.rules import numbered, rights_by_criteria, rule
from services.query import plan as p
from services.query.criteria import encode
from tests.services.query.asking import ask
from tests.services.query.questions import as_input
from tests.services.query.reference import Reference
from tests.services.query.world import ALICE, BOB, COMPANY, DEAL

if TYPE_CHECKING:
    from schema.metadata.registry import Registry
    from tests.services.query.questions import Questions
    from tests.services.query.rows import Record, Rows
    from tests.services.query.world import World

PLURALS = {"company": "companies", "deal": "deals"}
_NUMBERS = {"company": COMPANY, "deal": DEAL}
_FIELDS = {
    "company": ("name", "industry", "score", "staff", "foundedOn", "vip", "tags", "parent", "revenue"),
    "deal": ("title", "stage", "closeOn", "company", "amount"),
}
_INVERSES = {"children": ("company", "parent"), "deals": ("deal", "company")}
_RELATIONS = {"parent", "company"}
# Alice sits in `office` with Bob, below `region`; `elsewhere` is nobody's.
REGION, OFFICE, ELSEWHERE = (UUID(int=number) for number in (6001, 6002, 6003))


# Number of the object, record, user or department, end.
Given: TypeAlias = tuple[int, UUID, UUID | None, UUID | None, datetime | None]


@dataclass(frozen=True)
class Caller:
    """What Alice may do."""

    policy: Policy
    levels: Mapping[tuple[str, str], Level]
    reference: Reference
    shares: Sequence[Given]

    def level(self, object_name: str, field_name: str) -> Level:
        return self.levels.get((object_name, field_name), Level.WRITE)

    def may_compare(self, touched: Iterator[tuple[str, str]]) -> bool:
        return all(self.level(*each) >= Level.READ for each in touched)


async def settle(world: World) -> None:
    """People and departments; every share of an earlier caller is gone."""
    await world.sign_in(ALICE)
    for department in (REGION, OFFICE, ELSEWHERE):
        await world.execute("INSERT INTO t_query.department (id, name) VALUES ($1, 'd')", department)
        await world.execute("INSERT INTO t_query.department_closure VALUES ($1, $1, 0)", department)
    await world.execute("INSERT INTO t_query.department_closure VALUES ($1, $2, 1)", REGION, OFFICE)
    await world.execute("INSERT INTO t_query.user (id, email, name, name_sort) VALUES ($1, 'bob', 'n', 'n')", BOB)
    await world.execute("UPDATE t_query.user SET department_id = $1", OFFICE)


async def share(world: World, caller: Caller) -> None:
    await world.execute("DELETE FROM t_query.record_share")
    for place, each in enumerate(caller.shares):
        await world.execute(
            "INSERT INTO t_query.record_share (id, object_number, record_id, user_id, department_id, reach, expires_at) "
            "VALUES ($1, $2, $3, $4, $5, 'read', $6)",
            UUID(int=7000 + place),
            *each,
        )


def make_caller(seed: int, registry: Registry, rows: Rows, questions: Questions) -> Caller:
    rng = random.Random(seed)  # noqa: S311 - repeatable
    everything, rights, criteria, seen = Reference(rows), {}, {}, {}
    shares: list[Given] = []
    levels: dict[tuple[str, str], Level] = {}
    for name, records in (("company", rows.companies), ("deal", rows.deals)):
        scope = rng.choice((Scope.NONE, Scope.OWN, Scope.DEPARTMENT, Scope.ALL))
        chosen = [questions.filter(name, 1) for _ in range(rng.choice((0, 0, 1, 2)))]
        given = [_share(rng, _NUMBERS[name], each["id"]) for each in rng.sample(records, rng.choice((0, 0, 5)))]
        shared = {each for _, each, user, department, end in given if _reaches_alice(user, department, end)}
        stored = [rule("r", name, Verb.READ, _stored(registry, name, each)) for each in chosen]
        closed = {
            each: rng.choice((Level.NONE, Level.MASKED, Level.READ)) for each in _FIELDS[name] if rng.random() < 0.08
        }
        owned: tuple[Arm, ...] = () if scope is Scope.NONE else (OwnedBy(scope),)
        arms = (*owned, *rights_by_criteria(stored, name).read, Shared(Verb.READ))
        rights[name] = ObjectRights(read=EVERYONE if scope is Scope.ALL else arms, fields=tuple(sorted(closed.items())))
        criteria[name] = tuple(each.values for each in numbered(stored, name))
        owners = {Scope.NONE: set(), Scope.OWN: {ALICE}}.get(scope, {ALICE, BOB})
        seen[name] = {
            each["id"]
            for each in records
            if scope is Scope.ALL
            or each["owner"] in owners
            or each["id"] in shared
            or any(everything.holds(name, each, condition) for condition in chosen)
        }
        shares += given
        levels |= {(name, each): level for each, level in closed.items()}
    policy = Policy(freeze(rights), 1, criteria=criteria)
    return Caller(policy, levels, Reference(rows, seen=seen), shares)


def touched(object_name: str, given: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """The fields that a filter compares."""
    for name, value in given.items():
        if name in {"and", "or"}:
            for each in value:
                yield from touched(object_name, each)
        elif name == "not":
            yield from touched(object_name, value)
        elif name in _INVERSES:
            child, relation = _INVERSES[name]
            yield child, relation
            for inner in value.values():
                yield from touched(child, inner)
        elif name in _RELATIONS:
            yield object_name, name
            yield from touched("company", value)
        else:
            yield object_name, name.removesuffix("Id")


def touched_by_order(object_name: str, keys: list[tuple[tuple[str, ...], str]]) -> Iterator[tuple[str, str]]:
    """The fields that an order compares."""
    for path, _ in keys:
        yield object_name, path[0]


def masked(record: Record, name: str, level: Level) -> Any:
    """What a text shows."""
    value = record[name]
    return f"{value[:1]}***" if level is Level.MASKED and value is not None else value


def _stored(registry: Registry, object_name: str, given: Mapping[str, Any]) -> dict[str, Any]:
    kind = object_name.capitalize()
    text = f"query ($filter: {kind}Filter) {{ {PLURALS[object_name]}(filter: $filter) {{ totalCount }} }}"
    plan, values = ask(registry, text, {"filter": as_input(given)})
    (root,) = plan.roots
    assert isinstance(root, p.ConnectionRoot)
    assert root.connection.filter is not None
    return encode(root.connection.filter, tuple(as_input(each) for each in values))


def _share(rng: random.Random, number: int, record_id: UUID) -> Given:
    user, department = rng.choice(((ALICE, None), (BOB, None), (None, OFFICE), (None, REGION), (None, ELSEWHERE)))
    # Shares end by the clock of the database, which is the machine's own.
    days = rng.choice((None, -1, 1))
    return number, record_id, user, department, None if days is None else datetime.now(UTC) + timedelta(days=days)


def _reaches_alice(user: UUID | None, department: UUID | None, expires_at: datetime | None) -> bool:
    is_over = expires_at is not None and expires_at < datetime.now(UTC)
    return not is_over and (user == ALICE or department in {OFFICE, REGION})
