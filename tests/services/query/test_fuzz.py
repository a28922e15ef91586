"""[H1] [G2] Random questions of random callers are answered as Python says, or refused where it says so.

`./kezhi test tests/services/query/test_fuzz.py --operations 10000` asks as many; every caller has rights, shares and criteria of its own over records of its own.
"""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any

import pytest

from services.permissions import Level
from services.query.errors import FieldNotReadable
from tests.services.query import rights
from tests.services.query.questions import Questions, as_input, order_input
from tests.services.query.rights import PLURALS, Caller
from tests.services.query.rows import make_rows, store
from tests.services.query.world import ALICE, World, make_registry, person

if TYPE_CHECKING:
    from tests.services.query.rows import Record

QUESTIONS_OF_A_CALLER = 40
A_FEW = 320
TEXT = {"company": "name", "deal": "title"}
INDEXED = ("name", "score", "staff", "foundedOn", "title", "amount", "revenue", "closeOn")


@pytest.fixture
def operations(request: pytest.FixtureRequest) -> int:
    return request.config.getoption("--operations", default=None) or A_FEW


async def test_answers_equal_an_evaluation_in_python(world: World, operations: int) -> None:
    await rights.settle(world)
    counts = {"answered": 0, "refused": 0}

    for seed in range(operations // QUESTIONS_OF_A_CALLER):
        rng = random.Random(seed)  # noqa: S311 - repeatable
        registry = make_registry(frozenset(each for each in INDEXED if rng.random() < 0.6))
        rows = make_rows(seed)
        await world.execute("TRUNCATE t_query.x_company, t_query.x_deal")
        of_seed = World(world.connection, registry)
        await store(of_seed, rows)
        questions = Questions(seed, rows)
        caller = rights.make_caller(seed, registry, rows, questions)
        await rights.share(of_seed, caller)
        for _ in range(QUESTIONS_OF_A_CALLER):
            counts["answered" if await _asked(of_seed, caller, questions, rng) else "refused"] += 1

    assert sum(counts.values()) == operations // QUESTIONS_OF_A_CALLER * QUESTIONS_OF_A_CALLER
    assert counts["answered"] > counts["refused"] > 0


async def _asked(world: World, caller: Caller, questions: Questions, rng: random.Random) -> bool:
    name = rng.choice(("company", "deal"))
    given = questions.filter(name, 2) if rng.random() < 0.7 else {}
    keys = questions.order(name)[: rng.choice((1, 1, 3))]
    size, text = rng.randint(1, 9), TEXT[name]
    compared = [*rights.touched(name, given), *rights.touched_by_order(name, keys)]
    is_open = caller.may_compare(iter(compared)) and caller.level(name, text) > Level.NONE
    query = f"""query ($filter: {name.capitalize()}Filter, $order: [{name.capitalize()}Order!], $size: Int, $at: String) {{
      {PLURALS[name]}(filter: $filter, orderBy: $order, first: $size, after: $at) {{
        nodes {{ id {text} maskedFields }} totalCount pageInfo {{ hasNextPage endCursor }} }}
      {PLURALS[name]}Aggregate(filter: $filter) {{ count }} }}"""
    variables = {"filter": as_input(given), "order": order_input(keys), "size": size}
    if not is_open:
        with pytest.raises(FieldNotReadable):
            await world.ask(query, variables, policy=caller.policy, principal=person(ALICE))
        return False
    found = caller.reference.matching(name, given)
    expected = caller.reference.ordered(found, keys or [(("createdAt",), "DESC")])
    by_id = {each["id"]: each for each in found}
    pages = [[by_id[each] for each in expected[at : at + size]] for at in range(0, max(len(expected), 1), size)]
    cursor = None
    for page in pages[:2]:
        answer = await world.ask(query, {**variables, "at": cursor}, policy=caller.policy, principal=person(ALICE))
        assert answer[PLURALS[name]] == _answer(caller, name, page, answer, len(expected), is_last=page is pages[-1]), (
            given
        )
        assert answer[f"{PLURALS[name]}Aggregate"] == [{"count": len(expected)}], given
        cursor = answer[PLURALS[name]]["pageInfo"]["endCursor"]
    return True


def _answer(caller: Caller, name: str, page: list[Record], answer: Any, total: int, *, is_last: bool) -> dict[str, Any]:
    hidden = sorted(field for (of, field), level in caller.levels.items() if of == name and level is Level.MASKED)
    level, text = caller.level(name, TEXT[name]), TEXT[name]
    for each in answer[PLURALS[name]]["nodes"]:
        each["maskedFields"].sort()
    nodes = [{"id": str(each["id"]), text: rights.masked(each, text, level), "maskedFields": hidden} for each in page]
    info = {"hasNextPage": not is_last, "endCursor": answer[PLURALS[name]]["pageInfo"]["endCursor"]}
    return {"nodes": nodes, "totalCount": total, "pageInfo": info}
