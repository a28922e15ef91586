"""[H1] [G2] Random questions of random callers over random shapes are answered as Python says, or refused where it says so.

`./kezhi test tests/services/query/test_fuzz.py --operations 10000` asks as many, `--seed` begins with another shape. Every
shape has records, history and callers of its own. Their roles, restrictions, rules, shares, delegations and departments stand in
the tables; the policy is loaded from there, or narrowed to a token's scopes, and Python judges what was stored.
"""

from __future__ import annotations

import json
import random
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from services.permissions import Verb
from services.query.errors import ObjectNotReadable
from tenants.errors import Fault
from tests.services.query import asking
from tests.services.query.fuzz.answers import Answers, Cursor
from tests.services.query.fuzz.changes import change, expected, some_changes
from tests.services.query.fuzz.files import KEYS
from tests.services.query.fuzz.histories import AUDIT, HISTORY, make_histories, question, seen, store_histories
from tests.services.query.fuzz.operations import Operations
from tests.services.query.fuzz.rights import Caller, everything, make_caller
from tests.services.query.fuzz.rows import make_rows, store
from tests.services.query.fuzz.secrets import OneRing
from tests.services.query.fuzz.shapes import make_shape
from tests.services.query.fuzz.staff import settle
from tests.services.query.fuzz.touches import Touches
from tests.services.query.fuzz.writing import Writing
from tests.services.query.world import ALICE, World, person

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from uuid import UUID

    from services.permissions import Policy
    from tests.services.query.fuzz.asked import Root
    from tests.services.query.fuzz.histories import Kept, Trace

OF_A_CALLER = 10
CALLERS_OF_A_SHAPE = 5
WRITES_OF_A_CALLER = 3
A_FEW = 500


@pytest.fixture
def operations(request: pytest.FixtureRequest) -> int:
    return request.config.getoption("--operations") or A_FEW


@pytest.fixture
def first_seed(request: pytest.FixtureRequest) -> int:
    return request.config.getoption("--seed") or 0


async def test_answers_equal_an_evaluation_in_python(world: World, operations: int, first_seed: int) -> None:
    counts = {"answered": 0, "refused": 0, "written": 0}

    for seed in range(first_seed, first_seed + max(1, operations // (OF_A_CALLER * CALLERS_OF_A_SHAPE))):
        await world.connection.control("SAVEPOINT one_shape")
        await _ask_of_shape(world, seed, counts)
        await world.connection.control("ROLLBACK TO SAVEPOINT one_shape")
        asking.schema_of.cache_clear()

    assert sum(counts.values()) >= operations
    assert counts["answered"] > counts["refused"] > counts["written"] > 0


async def _ask_of_shape(world: World, seed: int, counts: dict[str, int]) -> None:
    shape = make_shape(seed)
    rows = make_rows(seed, shape.before)
    await settle(World(world.connection, shape.before), rows["user"])
    await store(World(world.connection, shape.before), rows)
    traces = make_histories(seed, shape.before, rows)
    await store_histories(World(world.connection, shape.before), traces)
    of_shape = World(world.connection, shape.registry, secrets=OneRing(), file_keys=KEYS)
    for caller_seed in range(seed * CALLERS_OF_A_SHAPE, (seed + 1) * CALLERS_OF_A_SHAPE):
        caller = make_caller(caller_seed, shape, rows)
        policy = await caller.policy(of_shape)
        rng = random.Random(f"operations {caller_seed}")  # noqa: S311 - repeatable
        asks = _Asking(of_shape, caller, policy, rng, counts, caller_seed)
        asked = await asks.ask_kept(traces, HISTORY) + await asks.ask_kept(traces, AUDIT) + await asks.change()
        operations = Operations(rng, shape.registry, everything(shape.before.shape, rows))
        while asked < OF_A_CALLER:
            asked += await asks.ask(operations, operations.operation())


@dataclass
class _Asking:
    """One operation, and the pages before and after what it answered."""

    world: World
    caller: Caller
    policy: Policy
    rng: random.Random
    counts: dict[str, int]
    seed: int

    async def change(self) -> int:
        """Writes, each by itself, and what came of it taken back; by tokens like by people."""
        chosen = some_changes(self.rng, self.caller, WRITES_OF_A_CALLER)
        for each in chosen:
            refused, is_different = await change(self.world, self.policy, each)
            assert refused is expected(self.caller, each), (self.seed, each, refused)
            assert refused is None or not is_different, (self.seed, each)
            self.counts["refused" if refused else "written" if is_different else "answered"] += 1
        return len(chosen)

    async def ask_kept(self, traces: Sequence[Trace], kept: Kept) -> int:
        """History, or the audit."""
        text, meant = question(self.rng, traces, kept)
        answer = await self._answer(text, {})
        if not self.caller.may(kept.name, Verb.READ):
            assert (type(answer), answer.details) == (ObjectNotReadable, {"object": kept.name}), self.seed
            self.counts["refused"] += 1
            return 1
        nodes = seen(self.caller, meant, self.world.registry, kept)
        expected = {
            kept.plural: {"totalCount": len(nodes), "nodes": nodes},
            f"{kept.plural}Aggregate": [{"count": len(nodes)}],
        }
        assert answer == expected, f"seed {self.seed}\n{text}"
        self.counts["answered"] += 1
        return 1

    async def ask(self, operations: Operations, roots: list[Root], *, follows: bool = True) -> int:
        answers = self._answers()
        numbers = self.world.registry.by_number
        refusal = Touches(self.caller, numbers).refusal(roots)
        text, variables = Writing(self.rng, asking.schema_of(self.world.registry.shape)).operation(roots)
        said = f"seed {self.seed}\n{text}\n{json.dumps(variables, ensure_ascii=False)}"
        answer = await self._answer(text, variables)
        if isinstance(answer, Fault):
            assert (type(answer), answer.details) == (type(refusal), getattr(refusal, "details", None)), said
            self.counts["refused"] += 1
            return 1
        assert refusal is None, said
        expected = answers.of(roots)
        cursors: dict[tuple[int, UUID], str] = {}
        told = _with_cursors_known(answer, expected, cursors)
        differences = _differences(told, expected, "data")
        assert differences == [], "\n".join([said, *differences[:5]])
        self.counts["answered"] += 1
        return 1 + (await self._follow(operations, answers, cursors) if follows else 0)

    async def _answer(self, text: str, variables: dict[str, Any]) -> Any:
        """The answer, or why there is none."""
        try:
            return await self.world.ask(text, variables, policy=self.policy, principal=person(ALICE))
        except Fault as fault:
            return fault

    def _answers(self) -> Answers:
        names = self.world.registry.names
        labels = {
            (name, field): own.choice_labels for name, thing in names.items() for field, own in thing.fields.items()
        }
        return Answers(self.caller.judge, labels, self.world.registry.by_number)

    async def _follow(self, operations: Operations, answers: Answers, cursors: Mapping[tuple[int, UUID], str]) -> int:
        """From one of the records of a page on, or back."""
        asked = 0
        for page, found in answers.pages:
            if found:
                stop = self.rng.choice(found)
                backward = self.rng.random() < 0.5
                again = operations.again(page, stop, cursors[id(page), stop.id], backward=backward)
                asked += await self.ask(operations, again, follows=False)
        return asked


def _with_cursors_known(answer: Any, expected: Any, cursors: dict[tuple[int, UUID], str]) -> Any:
    """The answer with its cursors said in words, where each stands for the record that it must."""
    match answer, expected:
        case str(), Cursor():
            is_same = cursors.setdefault((expected.page, expected.record.id), answer) == answer
            return expected if is_same else answer
        case dict(), dict():
            return {name: _with_cursors_known(each, expected.get(name), cursors) for name, each in answer.items()}
        case list(), list() if len(answer) == len(expected):
            return [_with_cursors_known(*each, cursors) for each in zip(answer, expected, strict=True)]
        case _:
            return answer


def _differences(told: Any, expected: Any, path: str) -> list[str]:
    """Where two answers part, the order of members included."""
    match told, expected:
        case dict(), dict() if list(told) == list(expected):
            return [each for name in told for each in _differences(told[name], expected[name], f"{path}.{name}")]
        case list(), list() if len(told) == len(expected):
            pairs = enumerate(zip(told, expected, strict=True))
            return [each for place, pair in pairs for each in _differences(*pair, f"{path}.{place}")]
        case _:
            return [] if told == expected else [f"{path}: {told!r}, not {expected!r}"]
