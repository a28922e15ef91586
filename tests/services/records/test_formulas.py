"""[A3] Formulas follow every write of what they look at, in its own transaction, and are nobody's deed."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from services import records
from tests.builders.derived import add, change_options, define, field, stored_by_name
from tests.builders.records import create, create_one, events, history, refused, update

if TYPE_CHECKING:
    from uuid import UUID

    from tests.builders.tenants import Tenant

pytestmark = [pytest.mark.anyio, pytest.mark.integration]


async def priced(tenant: Tenant, name: str) -> str:
    """An object whose `twice_c` is what it says of `price_c`, and `label_c` says so."""
    made = await define(tenant, name, field("price", "decimal"), field("code", "text", is_unique=True))
    await add(tenant, made, "twice", "formula", expression="price_c * 2")
    await add(tenant, made, "label", "formula", expression="code_c + ': ' + text(twice_c)")
    return made


async def held(tenant: Tenant, object_name: str, record_id: UUID, *names: str) -> tuple[Any, ...]:  # Any: of any type
    row = await stored_by_name(tenant, object_name, record_id)
    return tuple(row[each] for each in names)


async def test_formula_over_a_formula_is_computed_in_one_write(company: Tenant) -> None:
    thing = await priced(company, "chain")
    made = await create_one(company, thing, price_c="1.5", code_c="A")

    await update(company, thing, made, price_c="4")

    assert await held(company, thing, made, "twice_c", "label_c", "version") == (Decimal(8), "A: 8", 2)


async def test_set_is_computed_record_by_record(company: Tenant) -> None:
    thing = await priced(company, "sets")
    made = await create(
        company, thing, {"price_c": "1", "code_c": "A"}, {"price_c": "2", "code_c": "B"}, {"code_c": "C"}
    )

    await company.write(lambda work: records.update(work, thing, made, {"price_c": "5"}))

    assert [await held(company, thing, each, "label_c") for each in made] == [("A: 10",), ("B: 10",), ("C: 10",)]


async def test_upsert_computes_what_it_makes_and_what_it_changes(company: Tenant) -> None:
    thing = await priced(company, "upserts")
    (first,) = await create(company, thing, {"price_c": "1", "code_c": "A"})

    written = await company.write(
        lambda work: records.upsert(
            work, thing, [{"code_c": "A", "price_c": "3"}, {"code_c": "B", "price_c": "4"}], by="code_c"
        )
    )

    assert [await held(company, thing, each, "label_c") for each in written.ids] == [("A: 6",), ("B: 8",)]
    assert written.ids[0] == first


async def test_nobody_enters_a_formula(company: Tenant) -> None:
    thing = await priced(company, "closed")

    found = await refused(create(company, thing, {"code_c": "A", "twice_c": "7"}))

    assert found == [((0, "twice_c"), "READ_ONLY")]


async def test_history_keeps_what_was_entered_and_followers_learn_what_moved(company: Tenant) -> None:
    thing = await priced(company, "traced")
    made = await create_one(company, thing, price_c="1", code_c="A")

    await update(company, thing, made, price_c="4")

    assert [len(changes) for _, _, changes in await history(company, made)] == [2, 1]
    assert (await events(company))[-1][1]["fields"] == ["label_c", "price_c", "twice_c"]


async def test_write_that_moves_no_formula_leaves_them_out(company: Tenant) -> None:
    thing = await priced(company, "apart")
    made = await create_one(company, thing, price_c="1", code_c="A")

    await update(company, thing, made, code_c="B")

    assert await held(company, thing, made, "twice_c", "label_c") == (Decimal(2), "B: 2")
    assert (await events(company))[-1][1]["fields"] == ["code_c", "label_c"]


async def test_formula_over_a_link_follows_it_when_the_target_goes_and_comes_back(company: Tenant) -> None:
    target = await define(company, "goal", field("name", "text"))
    thing = await define(company, "arrow", field("goal", "relation", target=target))
    await add(company, thing, "isLost", "formula", expression="goal_c == null")
    goal = await create_one(company, target, name_c="G")
    arrow = await create_one(company, thing, goalId_c=goal)
    assert await held(company, thing, arrow, "isLost_c") == (False,)

    await company.write(lambda work: records.delete(work, target, [goal]))
    assert await held(company, thing, arrow, "isLost_c") == (True,)
    await company.write(lambda work: records.restore(work, target, [goal]))
    assert await held(company, thing, arrow, "isLost_c") == (False,)

    await company.write(lambda work: records.delete(work, thing, [arrow]))
    await company.write(lambda work: records.destroy(work, target, [goal]))
    await company.write(lambda work: records.restore(work, thing, [arrow]))
    assert await held(company, thing, arrow, "isLost_c") == (True,)


async def test_when_and_by_whom_a_record_was_made_is_known_to_its_formulas(company: Tenant) -> None:
    thing = await define(company, "dated", field("days", "integer"))
    await add(company, thing, "until", "formula", expression="createdAt + days(days_c)")
    await add(company, thing, "isMine", "formula", expression="owner == createdBy")
    made = await create_one(company, thing, person="sales", days_c=7)

    created, until, is_mine = await held(company, thing, made, "createdAt", "until_c", "isMine_c")
    await update(company, thing, made, ownerId=company.user_id("manager"), days_c=8)
    later, is_still = await held(company, thing, made, "until_c", "isMine_c")

    assert ((until - created).days, (later - created).days, is_mine, is_still) == (7, 8, True, False)


async def test_records_that_are_there_are_filled_and_a_changed_expression_is_computed_anew(company: Tenant) -> None:
    thing = await define(company, "filled", field("price", "decimal"))
    made = await create(company, thing, {"price_c": "1"}, {"price_c": "2"}, {})
    await add(company, thing, "next", "formula", expression="price_c + 1")
    await add(company, thing, "half", "formula", expression="next_c / 2", scale=1)
    before = [await held(company, thing, each, "next_c", "half_c", "version") for each in made]

    await change_options(company, thing, "next_c", expression="coalesce(price_c, 0) + 10")
    after = [await held(company, thing, each, "next_c", "half_c", "version") for each in made]

    assert before == [(2, 1, 1), (3, Decimal("1.5"), 1), (None, None, 1)]
    assert after == [(11, Decimal("5.5"), 1), (12, 6, 1), (10, 5, 1)]
