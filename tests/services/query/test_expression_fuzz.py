"""[H1] Random expressions over random records answer in PostgreSQL what they answer in Python, empty values included.

Each is made as a tree, printed, parsed and checked again, stored and restored on its way there.
`./kezhi test tests/services/query/test_expression_fuzz.py --operations 100000` makes as many, `--seed` begins with another.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest

from schema.metadata.values import Money
from services import expressions
from services.expressions import Circumstance, Node
from services.expressions.functions import FUNCTIONS, Overload
from services.expressions.limits import MOST_COST, MOST_NODES, cost
from services.expressions.tree import Call, Quantified, walk
from services.permissions.loading import unrestricted
from services.query.arguments import Circumstances, found
from services.query.binder import Touch
from services.query.compilation import Compilation, Variant
from services.query.criteria import criteria_sql
from services.query.expressions import expression_sql
from services.query.guard import guard_touches
from tenants.sql import ident, join, render, sql
from tests.services.query.rows import make_rows, store
from tests.services.query.sentences import ROWS, Sentences
from tests.services.query.world import ALICE, BOB, CAROL, NOW, SCHEMA, ZONE, World, person

if TYPE_CHECKING:
    from schema.metadata.registry import Registry

A_FEW = 1200
OF_A_STATEMENT = 40
REGION, OFFICE = UUID(int=6001), UUID(int=6002)
OBJECTS = ("company", "deal", "user", "department")


@pytest.fixture
def operations(request: pytest.FixtureRequest) -> int:
    return request.config.getoption("--operations") or A_FEW


@pytest.fixture
def first_seed(request: pytest.FixtureRequest) -> int:
    return request.config.getoption("--seed") or 0


async def test_postgres_answers_what_python_answers(world: World, operations: int, first_seed: int) -> None:
    await settle(world)
    await store(world, make_rows(3, companies=12, deals=16))
    records = await read_records(world)
    rng = random.Random(first_seed)  # noqa: S311 - repeatable
    met: Counter[str] = Counter()
    rows: set[int] = set()

    for number in range(operations // OF_A_STATEMENT):
        name = ("company", "deal")[number % 2]
        nodes = [allowed(world.registry, rng, name) for _ in range(OF_A_STATEMENT)]
        answers = await asked_in_sql(world, name, nodes)
        for place, node in enumerate(nodes):
            answer = expressions.closure(node)
            for record_id, record in records[name].items():
                expected = in_one_column(answer(record, Circumstance(NOW, ZONE, ALICE, OFFICE)))
                assert answers[record_id][place] == expected, (expressions.printed(node), record_id)
                met["empty" if expected is None else "filled"] += 1
            rows |= {id(_row(each)) for each in walk(node) if isinstance(each, Call)}
            met.update(each.quantifier for each in walk(node) if isinstance(each, Quantified))

    assert met["empty"] > operations < met["filled"]
    assert min(met["exists"], met["all"]) > 0
    unmet = [(name, row.takes) for name, row in ROWS if id(row) not in rows]
    assert unmet == []


async def settle(world: World) -> None:
    """Two departments, one below the other; two people in the lower one, and one in none."""
    departments: Mapping[UUID, UUID | None] = {REGION: None, OFFICE: REGION}
    for each, parent in departments.items():
        await world.execute("INSERT INTO t_query.department (id, name, parent_id) VALUES ($1, 'd', $2)", each, parent)
    people: Mapping[UUID, UUID | None] = {ALICE: OFFICE, BOB: OFFICE, CAROL: None}
    for user, department in people.items():
        await world.execute(
            "INSERT INTO t_query.user (id, email, name, name_sort, department_id) VALUES ($1, $2, 'Zeta', 'z', $3)",
            user,
            str(user),
            department,
        )


def allowed(registry: Registry, rng: random.Random, name: str) -> Node:
    """A random expression within the limits."""
    while True:
        node = Sentences(registry, rng, name).any(rng.randint(1, 5))
        if cost(node) <= MOST_COST and sum(1 for _ in walk(node)) <= MOST_NODES / 2:
            return through_its_forms(registry, name, node)


def through_its_forms(registry: Registry, object_name: str, node: Node) -> Node:
    """The same tree again from its text, and from what is stored of it."""
    text = expressions.printed(node)
    assert expressions.check(registry, object_name, text) == node, text
    assert expressions.restored(expressions.stored(node), registry.shape, object_name) == node
    return node


async def asked_in_sql(world: World, name: str, nodes: Sequence[Node]) -> Mapping[UUID, Sequence[object]]:
    """The answers of one statement, for each record."""
    touches = {Touch(each) for each in OBJECTS}
    c = Compilation(world.registry.shape, guard_touches(touches, unrestricted(1)), Variant(), criteria_sql)
    values: list[object] = []
    columns = []
    alias = c.alias()
    for place, node in enumerate(nodes):
        lifted, own = expressions.lifted(node)
        tree = expressions.restored(_shifted(lifted, len(values)), world.registry.shape, name)
        values += own
        columns.append(sql("{e} AS {c}", e=expression_sql(c, tree, name, alias), c=ident(f"c{place}")))
    template = render(
        sql(
            "SELECT {a}.id, {columns} FROM {schema}.{table} {a}",
            a=ident(alias),
            columns=join(", ", columns),
            schema=ident(SCHEMA),
            table=ident(f"x_{name}"),
        )
    )
    around = Circumstances(world.work(person(ALICE)), world.registry, tuple(values), {})
    given = {key: found(key, around) for key in template.parameters}
    rows = await world.work().session.fetch(template.bound(SCHEMA, given, world.registry.physical))
    return {row["id"]: list(row.values())[1:] for row in rows}


async def read_records(world: World) -> Mapping[str, Mapping[UUID, dict[str, Any]]]:
    """Every record with those behind its relations and those that point at it, as far as they are there."""
    registry = world.registry
    found_records: dict[str, dict[UUID, dict[str, Any]]] = {}
    for name in OBJECTS:
        table = registry.names[name].table
        rows = await world.connection.fetch(f'SELECT * FROM t_query."{table}"')  # noqa: S608 - a fixed name
        found_records[name] = {row["id"]: _record(registry, name, dict(row)) for row in rows}
    for name, records in found_records.items():
        for inverse in registry.shape.objects[name].inverses:
            if inverse.object_name in OBJECTS:
                _collect(records, inverse.name, found_records[inverse.object_name].values(), inverse.field_name)
    for name, records in found_records.items():
        for field in registry.shape.objects[name].fields:
            if field.relation is not None and field.relation.target in OBJECTS:
                _link(records.values(), field.name, found_records[field.relation.target])
    return found_records


def _record(registry: Registry, name: str, row: Mapping[str, Any]) -> dict[str, Any]:
    record = {}
    for field in registry.shape.objects[name].fields:
        column = registry.names[name].fields[field.name].column
        value = row[column]
        if field.type_name == "currency" and value is not None:
            value = Money(value, row[f"{column}_currency"])
        record[field.name] = value
    return record


def _link(records: Any, field_name: str, targets: Mapping[UUID, dict[str, Any]]) -> None:
    for record in records:
        reference = record[field_name]
        target = targets.get(reference, {"id": reference})
        record[field_name] = None if reference is None or target.get("deletedAt") else target


def _collect(records: Mapping[UUID, dict[str, Any]], name: str, many: Any, field_name: str) -> None:
    for record in records.values():
        record[name] = []
    for each in many:
        if each[field_name] in records and not each.get("deletedAt"):
            records[each[field_name]][name].append(each)


def in_one_column(answer: Any) -> Any:
    return answer.amount if isinstance(answer, Money) else answer


def _shifted(stored: Any, by: int) -> Any:
    """Positions of one expression behind those of the expressions before it."""
    match stored:
        case {"operand": position, **others}:
            return {**{key: _shifted(each, by) for key, each in others.items()}, "operand": position + by}
        case dict():
            return {key: each if key == "steps" else _shifted(each, by) for key, each in stored.items()}
        case list():
            return [_shifted(each, by) for each in stored]
        case _:
            return stored


def _row(call: Call) -> Overload | None:
    """The row of the table that a call is."""
    return FUNCTIONS[call.function].overload([each.type for each in call.arguments])
