"""[H1] The ids of a set verb: seen, allowed, chosen, in order, and never more than the limit."""

from __future__ import annotations

from uuid import UUID

import pytest

from services.permissions import EVERYONE, Level, ObjectRights, OwnedBy, Policy, Scope, Verb
from services.permissions.loading import unrestricted
from services.permissions.policy import freeze
from services.query import plan as p
from services.query.errors import FieldNotReadable, ObjectNotReadable, OperatorNotOffered, UnknownName
from services.query.matching import Wanted, chooses_everything, matching
from services.query.scopes import Life
from tests.services.query.reference import Reference
from tests.services.query.rows import Rows, make_rows, store
from tests.services.query.world import ALICE, World, person

FOOD = p.Compare("industry", "eq", p.Parameter(0))


def ids(rows: Rows, **given: object) -> list[UUID]:
    return sorted(each["id"] for each in Reference(rows).matching("company", given))


async def found(
    world: World,
    condition: p.Condition | None,
    policy: Policy | None = None,
    *,
    verb: Verb = Verb.UPDATE,
    limit: int = 1000,
    life: Life = Life.LIVE,
) -> list[UUID]:
    wanted = Wanted("company", condition, verb, limit, life)
    return await matching(world.work(person(ALICE)), world.registry, policy or unrestricted(1), wanted, ("food",))


async def test_the_filter_chooses(world: World) -> None:
    rows = make_rows(1)
    await store(world, rows)

    assert await found(world, FOOD) == ids(rows, industry={"eq": "food"})


async def test_the_limit_holds(world: World) -> None:
    rows = make_rows(1)
    await store(world, rows)

    assert await found(world, None, limit=3) == ids(rows)[:3]


async def test_only_records_within_the_scope_of_the_verb(world: World) -> None:
    rows = make_rows(1)
    await store(world, rows)
    rights = ObjectRights(read=EVERYONE, update=(OwnedBy(Scope.OWN),))
    mine = sorted(each["id"] for each in rows.companies if each["owner"] == ALICE and each["deletedAt"] is None)

    assert await found(world, None, Policy(freeze({"company": rights}), 1)) == mine
    assert await found(world, None, Policy(freeze({"company": rights}), 1), verb=Verb.DELETE) == []


async def test_the_bin_is_searched_on_request(world: World) -> None:
    rows = make_rows(1)
    await store(world, rows)
    deleted = sorted(each["id"] for each in rows.companies if each["deletedAt"] is not None)

    assert await found(world, None, verb=Verb.DELETE, life=Life.DELETED) == deleted


@pytest.mark.parametrize(
    ("condition", "refusal"),
    [
        (p.Compare("ghost", "eq", p.Parameter(0)), UnknownName),
        (p.Compare("industry", "contains", p.Parameter(0)), OperatorNotOffered),
    ],
)
async def test_wrong_filters_are_refused(world: World, condition: p.Condition, refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        await found(world, condition)


async def test_the_guard_looks_at_the_filter(world: World) -> None:
    closed = ObjectRights(read=EVERYONE, update=EVERYONE, fields=(("industry", Level.NONE),))

    with pytest.raises(FieldNotReadable):
        await found(world, FOOD, Policy(freeze({"company": closed}), 1))
    with pytest.raises(ObjectNotReadable):
        await found(world, None, Policy(freeze({}), 1))


EVERYTHING = p.And(())
NOTHING = p.Or(())


@pytest.mark.parametrize(
    ("condition", "everything"),
    [
        (EVERYTHING, True),
        (NOTHING, False),
        (FOOD, False),
        (p.And((EVERYTHING, FOOD)), False),
        (p.And((EVERYTHING, p.Not(NOTHING))), True),
        (p.And((NOTHING, FOOD)), False),
        (p.Or((EVERYTHING, FOOD)), True),
        (p.Or((NOTHING, FOOD)), False),
        (p.Not(EVERYTHING), False),
        (p.Not(FOOD), False),
        (p.Follows("owner", EVERYTHING), False),
        (p.Quantified("contacts", "every", EVERYTHING), True),
        (p.Quantified("contacts", "none", NOTHING), True),
        (p.Quantified("contacts", "some", NOTHING), False),
        (p.Quantified("contacts", "none", EVERYTHING), False),
        (p.Quantified("contacts", "some", EVERYTHING), False),
    ],
)
def test_filter_that_says_nothing_is_told_from_one_that_does(condition: p.Condition, everything: bool) -> None:
    assert chooses_everything(condition) is everything


def compared(operator: str) -> p.Condition:
    return p.Compare("name", operator, p.Parameter(0))


@pytest.mark.parametrize(
    ("condition", "value", "everything"),
    [
        (compared("notIn"), [], True),
        (p.Not(compared("in")), [], True),
        (p.Quantified("contacts", "none", compared("in")), [], True),
        (compared("contains"), "", True),
        (compared("startsWith"), "", True),
        (p.Not(p.IsEmpty("id")), None, True),
        (p.Not(p.IsEmpty("createdAt")), None, True),
        (compared("notIn"), ["x"], False),
        (compared("in"), [], False),
        (compared("contains"), "x", False),
        (compared("eq"), "", False),
        (p.Not(compared("contains")), "", False),
        (p.Not(p.IsEmpty("name")), None, False),
        (p.IsEmpty("id"), None, False),
        (p.And((compared("notIn"), FOOD)), [], False),
    ],
)
def test_filter_that_its_operand_empties_says_nothing_either(
    condition: p.Condition, value: object, everything: bool
) -> None:
    assert chooses_everything(condition, (value,)) is everything
