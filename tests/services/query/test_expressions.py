"""[G2] An expression in a statement looks at what its reader may see, and finds its values when the statement is bound."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from services import expressions
from services.expressions.tree import Constant
from services.expressions.types import NUMBER
from services.permissions import EVERYONE, Level, ObjectRights, OwnedBy, Policy, Scope
from services.permissions.loading import unrestricted
from services.permissions.policy import freeze
from services.query.arguments import Circumstances
from services.query.binder import Touch, Use
from services.query.compilation import Compilation, Criterion, Variant
from services.query.criteria import criteria_sql
from services.query.errors import ExpressionChoosesNothing, FieldNotReadable, ObjectNotReadable
from services.query.expressions import Settled, TenantZone, circumstance, expression_sql, kept
from services.query.guard import guard_touches
from tenants.context import SYSTEM
from tenants.errors import Refused
from tenants.sql import render
from tests.services.query.world import ALICE, NOW, ZONE, make_registry, person

if TYPE_CHECKING:
    from tests.services.query.world import World

REGISTRY = make_registry()
NAMES = ("company", "deal", "user", "department")


def lifted(text: str) -> tuple[expressions.Node, tuple[object, ...]]:
    tree, values = expressions.lifted(expressions.check(REGISTRY, "company", text))
    return expressions.restored(tree, REGISTRY.shape, "company"), values


def settled(node: expressions.Node, part: str = "", criterion: Criterion | None = None) -> Settled:
    return Settled(node, part, criterion, expressions.closure(node))


def compiled(text: str, policy: Policy) -> str:
    rights = guard_touches({Touch(each, use=Use.LINK) for each in NAMES}, policy)
    c = Compilation(REGISTRY.shape, rights, Variant(), criteria_sql)
    return (
        render(expression_sql(c, lifted(text)[0], "company", c.alias())).bind("t", REGISTRY.physical).replace('"', "")
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("now() - days(7)", "2026-03-24T18:30:15.123456+00:00"),
        ("today()", "2026-04-01"),
        ("[date('9999-12-31')]", ["9999-12-31"]),
        ("1.50 + 1", Decimal("2.5")),
        ("[1, 2]", [Decimal(1), Decimal(2)]),
        ("currentUser()", ALICE),
        ("10 / 0", None),
    ],
)
async def test_what_is_settled_is_found_when_a_statement_is_bound(world: World, text: str, expected: object) -> None:
    node, values = lifted(text)
    around = Circumstances(world.work(person(ALICE)), REGISTRY, values, {})

    assert settled(node).found_in(around) == expected


async def test_money_is_found_in_two_parts(world: World) -> None:
    node, values = lifted("money(5, 'CNY') * 2")
    around = Circumstances(world.work(), REGISTRY, values, {})

    assert [settled(node, part).found_in(around) for part in ("amount", "currency")] == [Decimal(10), "CNY"]


async def test_values_of_a_criterion_are_its_own(world: World) -> None:
    node, values = lifted("1 + 1")
    around = Circumstances(world.work(), REGISTRY, ("9", "9"), {}, {"company": (values,)})

    assert settled(node, criterion=Criterion("company", 0)).found_in(around) == Decimal(2)
    assert settled(node).found_in(around) == Decimal(18)


async def test_the_zone_is_the_tenants_whoever_asks(world: World) -> None:
    around = Circumstances(world.work(), REGISTRY, (), {})

    assert TenantZone().found_in(around) == "Asia/Shanghai"
    assert circumstance(world.work(person(ALICE))).zone == ZONE
    assert circumstance(world.work(person(ALICE))).now == NOW
    assert circumstance(world.work(SYSTEM)).user_id is None


async def test_a_zone_that_this_machine_does_not_know_is_utc(world: World) -> None:
    work = replace(world.work(), settings=replace(world.work().settings, zone="Nowhere/Land"))

    assert circumstance(work).zone.key == "UTC"
    assert TenantZone().found_in(Circumstances(work, REGISTRY, (), {})) == "UTC"


async def test_a_run_does_not_look_its_function_up(world: World) -> None:
    """Hashing a tree of hundreds of nodes for each parameter of each request costs more than answering it."""

    class Unhashed(Constant):
        def __hash__(self) -> int:
            raise NotImplementedError

    node = Unhashed(Decimal(7), NUMBER)

    assert settled(node).found_in(Circumstances(world.work(), REGISTRY, (), {})) == Decimal(7)


def test_relations_are_looked_behind_as_far_as_the_reader_sees() -> None:
    own = freeze({name: ObjectRights(read=(OwnedBy(Scope.OWN),)) for name in NAMES})

    assert compiled("parent.vip", unrestricted(1)) == (
        "(SELECT q1.f_vip FROM t.x_company q1 WHERE q1.id = q0.parent_id AND q1.deleted_at IS NULL)"
    )
    assert compiled("parent.vip", Policy(own, 1)) == (
        "(SELECT q1.f_vip FROM t.x_company q1 WHERE q1.id = q0.parent_id AND q1.deleted_at IS NULL"
        " AND (q1.owner_id = $1::uuid))"
    )


def test_the_department_is_asked_for_by_the_statement() -> None:
    assert compiled("owner.department == currentDepartment()", unrestricted(1)) == (
        "((SELECT q1.department_id FROM t.user q1 WHERE q1.id = q0.owner_id)"
        " = (SELECT m.department_id FROM t.user m WHERE m.id = $1::uuid))"
    )


def test_moments_travel_as_texts() -> None:
    text = compiled("seenAt < now() && foundedOn in [today()]", unrestricted(1))

    assert text == "((q0.f_seenat < $1::text::timestamptz) AND (q0.f_foundedon = ANY ($2::text[]::date[])))"


def test_parameters_hold_nothing_of_a_tenant() -> None:
    node, values = lifted("name == 'Acme' && seenAt > dateTime('2026-01-01T00:00:00Z')")
    c = Compilation(REGISTRY.shape, guard_touches({Touch("company")}, unrestricted(1)), Variant(), criteria_sql)

    keys = render(expression_sql(c, node, "company", c.alias())).parameters

    assert values == ("Acme", datetime(2026, 1, 1, tzinfo=UTC).isoformat())
    assert "Acme" not in repr(keys)
    assert "2026" not in repr(keys)


def test_a_condition_is_kept_with_names_and_without_its_text() -> None:
    kept_form = kept(REGISTRY, unrestricted(1), "company", "staff > 3")

    steps = {"field": {"scope": 0, "steps": [["company", "staff"]]}}
    three = {"constant": {"kind": "number", "operand": "3"}}
    assert kept_form == {"expression": {"call": {"function": ">", "arguments": [steps, three]}}}


@pytest.mark.parametrize("text", ["1 == 2", "true", "today() > date('2026-01-01')", "now() == null"])
def test_what_is_the_same_for_every_record_and_caller_is_not_kept(text: str) -> None:
    with pytest.raises(ExpressionChoosesNothing):
        kept(REGISTRY, unrestricted(1), "company", text)


def test_nobody_keeps_a_condition_on_records_that_he_may_not_read() -> None:
    with pytest.raises(ObjectNotReadable):
        kept(REGISTRY, Policy(freeze({"deal": ObjectRights(read=EVERYONE)}), 1), "company", "currentUser() != null")


def test_a_text_that_does_not_fit_is_refused_as_an_input() -> None:
    with pytest.raises(Refused) as refusal:
        kept(REGISTRY, unrestricted(1), "company", "nmae == 'x' || industry == 'x'")

    assert [(each.path, each.fault.code) for each in refusal.value.violations] == [
        (("expression",), "EXPRESSION_UNKNOWN_NAME"),
        (("expression",), "EXPRESSION_UNKNOWN_CHOICE"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "revenue > money(1, 'CNY')",
        "vip && (score == null || revenue.currency == 'CNY')",
        "parent.revenue == revenue",
        "deals.exists(d, d.company.revenue == null)",
    ],
)
def test_nobody_keeps_a_condition_on_what_he_may_not_read(text: str) -> None:
    """Which records it chooses would tell him what stands there."""
    closed = ObjectRights(read=EVERYONE, fields=(("revenue", Level.MASKED),))
    policy = Policy(freeze({**dict.fromkeys(NAMES, ObjectRights(read=EVERYONE)), "company": closed}), 1)

    with pytest.raises(FieldNotReadable) as refusal:
        kept(REGISTRY, policy, "company", text)

    assert refusal.value.details == {"fields": "company.revenue"}
    assert kept(REGISTRY, policy, "company", "score == null") == kept(
        REGISTRY, unrestricted(1), "company", "score == null"
    )
