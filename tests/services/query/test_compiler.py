"""Golden statements: a selection over the registry of these tests, the SQL it becomes, and what that answers.

A statement that is not there yet is written and the test fails once, so that it is looked at before it is kept.
"""

from __future__ import annotations

import json
import re
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from services.permissions.loading import of_roles, unrestricted
from services.permissions.policy import Scope
from services.permissions.rules import Grant
from services.query import executor
from services.query import plan as p
from services.query.arguments import Circumstances
from services.query.binder import bind
from services.query.compiler import compile_plan
from services.query.cursors import decode
from services.query.guard import guard
from services.query.templates import Statement
from tests.services.query.asking import ask
from tests.services.query.world import ALICE, BOB, COMPANY, DEAL, World, person, record_id

if TYPE_CHECKING:
    from services.permissions import Policy

GOLDEN = Path(__file__).parent / "golden"
CASES = sorted(path.name for path in GOLDEN.iterdir())
OWN = of_roles(["sales"], [Grant("sales", "*", read=Scope.OWN)], is_admin=False, version=1)
# Cases that are asked by a person who sees only what is his.
ASKED_BY_ALICE = frozenset({"own_records"})
_CLAUSE = re.compile(
    r" (?=(?:FROM|WHERE|GROUP BY|ORDER BY|LIMIT|LEFT JOIN|CROSS JOIN|JOIN|UNION ALL)\b)|(?<=\()(?=SELECT\b)"
)


def day(number: int) -> datetime:
    return datetime(2026, 1, number, tzinfo=UTC)


async def fill(world: World) -> None:
    acme, cafe, gone = (record_id(COMPANY, number) for number in (1, 2, 3))
    await world.sign_in(ALICE)
    await world.insert(
        "company",
        [
            {
                **world.searched("company", name='Acme "华"', phone="+8613800000001"),
                "id": acme,
                "created_at": day(1),
                "updated_at": day(1),
                "owner_id": ALICE,
                "f_name": 'Acme "华"',
                "f_name_sort": "acme",
                "f_industry": "software",
                "f_revenue": Decimal("12.50"),
                "f_revenue_currency": "CNY",
                "f_score": Decimal("0.10"),
                "f_staff": 7,
                "f_foundedon": date(2020, 2, 29),
                "f_seenat": day(9),
                "f_vip": True,
                "f_tags": ["a", "b"],
            },
            {
                "id": cafe,
                "created_at": day(2),
                "updated_at": day(2),
                "owner_id": BOB,
                "f_name": "Cafe",
                "f_name_sort": "cafe",
                "f_industry": "food",
                "parent_id": acme,
            },
            {
                "id": gone,
                "created_at": day(3),
                "updated_at": day(3),
                "f_name": "Coal",
                "f_name_sort": "coal",
                "deleted_at": day(4),
            },
        ],
    )
    await world.insert(
        "deal",
        [
            {
                "id": record_id(DEAL, 1),
                "created_at": day(1),
                "owner_id": ALICE,
                "f_title": "one",
                "company_id": acme,
                "f_stage": "won",
                "f_amount": Decimal(10),
                "f_amount_currency": "CNY",
                "f_closeon": date(2026, 4, 1),
            },
            {
                "id": record_id(DEAL, 2),
                "created_at": day(2),
                "owner_id": ALICE,
                **world.searched("deal", title="two"),
                "company_id": cafe,
                "f_stage": "open",
                "f_amount": Decimal("2.5"),
                "f_amount_currency": "USD",
                "f_closeon": date(2026, 5, 2),
            },
            {
                "id": record_id(DEAL, 3),
                "created_at": day(3),
                "owner_id": BOB,
                "f_title": "three",
                "company_id": gone,
                "f_stage": "lost",
                "f_closeon": date(2026, 1, 2),
            },
            {
                "id": record_id(DEAL, 4),
                "created_at": day(4),
                "owner_id": BOB,
                "f_title": "four",
                "company_id": acme,
                "f_stage": "open",
                "f_amount": Decimal("0.5"),
                "f_amount_currency": "CNY",
                "f_closeon": date(2026, 4, 30),
            },
        ],
    )


def rights(case: str) -> Policy:
    return OWN if case in ASKED_BY_ALICE else unrestricted(1)


def spread(text: str) -> str:
    """One clause a line, indented by depth, so that a reviewer reads it."""
    lines, depth = [], 0
    for piece in _CLAUSE.split(text):
        lines.append("  " * depth + piece)
        bare = re.sub(r"'[^']*'", "", piece)
        depth += bare.count("(") - bare.count(")")
    return "\n".join(lines) + "\n"


def statement(world: World, case: str, text: str) -> str:
    plan, values = ask(world.registry, text)
    bound = bind(world.registry.shape, plan)
    work = world.work(person() if case in ASKED_BY_ALICE else world.system)
    given = {use: decode(values[use.position], use) for use in bound.cursors}
    variant = executor.variant_of(work, bound, values, given)
    compiled = Statement.of(compile_plan(guard(bound, rights(case)), variant))
    return executor.bound_sql(work, world.registry, compiled, Circumstances(work, world.registry, values, given)).text


def kept(path: Path, content: str) -> str:
    if not path.exists():
        path.write_text(content)
        pytest.fail(f"{path.name} is new: look at it and run again")
    return path.read_text()


@pytest.mark.parametrize("case", CASES)
async def test_statement(world: World, case: str) -> None:
    folder = GOLDEN / case

    text = spread(statement(world, case, (folder / "selection.graphql").read_text()))

    assert text == kept(folder / "statement.sql", text)


@pytest.mark.parametrize("case", CASES)
async def test_result(world: World, case: str) -> None:
    await fill(world)
    folder = GOLDEN / case
    principal = person() if case in ASKED_BY_ALICE else world.system

    answer = await world.ask((folder / "selection.graphql").read_text(), policy=rights(case), principal=principal)

    text = json.dumps(answer, indent=2, ensure_ascii=False) + "\n"
    assert text == kept(folder / "result.json", text)


def names(*roots: p.Root) -> p.Plan:
    return p.Plan(roots)


SELECTED = p.Selection("company", (p.Leaf("name", "name"), p.Leaf("deletedAt", "deletedAt")))


async def answer(world: World, root: p.Root, value: object, policy: Policy | None = None) -> Any:
    body = await executor.answer(world.work(), world.registry, policy or unrestricted(1), names(root), (value,))
    return json.loads(body)["r"]


async def test_written_records_stand_in_the_order_of_their_ids_even_in_the_bin(world: World) -> None:
    await fill(world)
    ids = [record_id(COMPANY, number) for number in (3, 1, 8)]

    many = await answer(world, p.WrittenRoot("r", SELECTED, p.Parameter(0), many=True), ids)

    assert many == [
        {"name": "Coal", "deletedAt": "2026-01-04T00:00:00.000000Z"},
        {"name": 'Acme "华"', "deletedAt": None},
    ]


@pytest.mark.parametrize(
    ("ids", "expected"), [([], None), ([record_id(COMPANY, 8)], None), (record_id(COMPANY, 2), "Cafe")]
)
async def test_one_written_record_is_an_object_or_null(world: World, ids: object, expected: str | None) -> None:
    await fill(world)

    one = await answer(world, p.WrittenRoot("r", SELECTED, p.Parameter(0)), ids)

    assert (one and one["name"]) == expected


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (str(record_id(COMPANY, 2)), "Cafe"),
        (str(record_id(COMPANY, 3)), None),
        (str(record_id(DEAL, 1)), None),
        ("no id", None),
        (None, None),
        (7, None),
    ],
)
async def test_node_goes_by_the_number_inside_the_id(world: World, given: object, expected: str | None) -> None:
    await fill(world)

    found = await answer(world, p.NodeRoot("r", p.Parameter(0), (SELECTED,)), given)

    assert (found and found["name"]) == expected


async def test_node_of_an_object_that_may_not_be_read_is_null(world: World) -> None:
    await fill(world)
    blind = of_roles([], [], is_admin=False, version=1)

    assert await answer(world, p.NodeRoot("r", p.Parameter(0), (SELECTED,)), record_id(COMPANY, 2), blind) is None


async def test_a_record_in_the_bin_or_with_an_id_of_another_object_is_null(world: World) -> None:
    await fill(world)

    for given in (record_id(COMPANY, 3), record_id(DEAL, 1)):
        assert await answer(world, p.RecordRoot("r", SELECTED, p.Parameter(0)), given) is None
