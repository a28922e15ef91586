"""[H1] Operands of filters: read by type, normalised for equality as values are, refused by name where they do not fit."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING
from uuid import UUID

import pytest

from schema.metadata.errors import NotAnId, UnknownChoice
from schema.metadata.fields import Choice, Field
from schema.metadata.types import Operators
from services.query.binder import family_of
from services.query.errors import WrongOperand
from services.query.names import field_of
from services.query.operands import read_operand
from tests.services.query.world import NOW, ZONE

if TYPE_CHECKING:
    from schema.metadata.registry import Registry

ID = UUID("018bcfe5-6801-7064-8000-000000000001")
MOMENT = datetime(2026, 3, 31, 18, 0, tzinfo=UTC)


def read(registry: Registry, name: str, operator: str, raw: object) -> tuple[object, ...]:
    field = field_of(registry.shape, "company", name)
    return read_operand(raw, field, family=family_of(field, ""), operator=operator, zone=ZONE, now=NOW)


@pytest.mark.parametrize(
    ("name", "operator", "raw", "parameters"),
    [
        ("name", "eq", "  Ａcme\t", ("Acme",)),
        ("name", "eq", "", ("",)),
        ("name", "in", ["Ａ", "b"], (["A", "b"],)),
        ("name", "contains", "5%_\\", (r"%5\%\_\\%",)),
        ("name", "startsWith", "Ａ", ("A%",)),
        ("name", "endsWith", "z", ("%z",)),
        ("name", "between", ["a", "b"], ("a", "b")),
        ("phone", "eq", "138 0013 8000", ("+8613800138000",)),
        ("phone", "eq", "nobody", ("nobody",)),
        ("industry", "eq", "retail", ("retail",)),
        ("parentId", "eq", str(ID), (ID,)),
        ("parentId", "in", [ID], ([ID],)),
        ("staff", "lt", "12", (12,)),
        ("version", "eq", 3, (3,)),
        ("score", "gte", "0.10", (Decimal("0.10"),)),
        ("revenue", "lt", 5, (Decimal(5),)),
        ("vip", "eq", False, (False,)),
        ("foundedOn", "gt", "2026-03-31", (date(2026, 3, 31),)),
        ("foundedOn", "today", True, (date(2026, 4, 1), date(2026, 4, 2))),
        ("seenAt", "eq", MOMENT, (MOMENT,)),
        ("seenAt", "today", True, (datetime(2026, 3, 31, 16, tzinfo=UTC), datetime(2026, 4, 1, 16, tzinfo=UTC))),
        ("tags", "hasAny", ["华"], (["华"],)),
    ],
)
def test_operands_become_parameters(
    world_registry: Registry, name: str, operator: str, raw: object, parameters: tuple[object, ...]
) -> None:
    assert read(world_registry, name, operator, raw) == parameters


@pytest.mark.parametrize(
    ("name", "operator", "raw"),
    [
        ("name", "eq", 5),
        ("name", "eq", "a\0"),
        ("name", "contains", "\ud800"),
        ("name", "eq", "x" * 2001),
        ("name", "in", "abc"),
        ("name", "in", ["x"] * 1001),
        ("name", "in", [None]),
        ("name", "between", ["a"]),
        ("industry", "eq", "a\0"),
        ("industry", "eq", 1),
        ("staff", "eq", 2**63),
        ("staff", "eq", True),
        ("staff", "eq", "1.5"),
        ("score", "eq", "NaN"),
        ("score", "eq", "1e5000"),
        ("score", "eq", "x"),
        ("score", "eq", 1.5),
        ("vip", "eq", "true"),
        ("foundedOn", "eq", MOMENT),
        ("foundedOn", "eq", "31.3.2026"),
        ("seenAt", "eq", datetime(2026, 1, 1)),  # noqa: DTZ001
        ("seenAt", "eq", date(2026, 1, 1)),
        ("foundedOn", "today", False),
        ("foundedOn", "within", {"unit": "HOUR"}),
        ("seenAt", "within", {"unit": "YEAR", "from": -2026}),
    ],
)
def test_what_does_not_fit_is_refused_by_field_and_operator(
    world_registry: Registry, name: str, operator: str, raw: object
) -> None:
    with pytest.raises(WrongOperand) as refused:
        read(world_registry, name, operator, raw)

    assert refused.value.details == {"field": name.removesuffix("Id"), "operator": operator}


@pytest.mark.parametrize("raw", ["not an id", "42", 5, ID.hex, ["x"]])
def test_what_is_no_id_is_said_to_be_none(world_registry: Registry, raw: object) -> None:
    with pytest.raises(NotAnId) as refused:
        read(world_registry, "parentId", "eq", raw)

    assert (refused.value.code, refused.value.place) == ("NOT_AN_ID", ("filter",))


KINDS = Field("kind", "multiChoice", choices=(Choice("steel"), Choice("wood", retired=True)))


@pytest.mark.parametrize(("operator", "raw"), [("has", "stel"), ("hasAny", ["steel", "stel"])])
def test_choice_that_there_is_not_is_refused_with_near_ones(operator: str, raw: object) -> None:
    with pytest.raises(UnknownChoice) as refused:
        read_operand(raw, KINDS, family=Operators.LIST, operator=operator, zone=ZONE, now=NOW)

    assert (refused.value.code, refused.value.place, refused.value.message("en")) == (
        "UNKNOWN_CHOICE",
        ("filter",),
        "“kind” has no choice “stel”. Did you mean “steel”?",
    )


def test_retired_choice_and_kept_condition_are_let_through() -> None:
    def parameters(raw: str, *, is_kept: bool = False) -> tuple[object, ...]:
        return read_operand(raw, KINDS, family=Operators.LIST, operator="has", zone=ZONE, now=NOW, is_kept=is_kept)

    assert parameters("wood") == ("wood",)
    assert parameters("stone", is_kept=True) == ("stone",)


def test_a_part_of_money_has_operators_of_its_own(world_registry: Registry) -> None:
    money = field_of(world_registry.shape, "company", "revenue")

    assert (family_of(money, "amount"), family_of(money, "currency")) == (Operators.MONEY, Operators.KEY)


@pytest.mark.parametrize(("raw", "code"), [(" cny", "CNY"), ("Usd ", "USD"), ("nowhere", "NOWHERE")])
def test_currency_is_folded_as_it_is_when_written(world_registry: Registry, raw: str, code: str) -> None:
    field = field_of(world_registry.shape, "company", "revenue")

    def parameters(operator: str, operand: object) -> tuple[object, ...]:
        family = family_of(field, "currency")
        return read_operand(operand, field, family=family, operator=operator, zone=ZONE, now=NOW)

    assert (parameters("eq", raw), parameters("ne", raw)) == ((code,), (code,))
    assert (parameters("in", ["EUR", raw]), parameters("notIn", [raw])) == ((["EUR", code],), ([code],))


@pytest.mark.parametrize(
    ("operator", "raw", "parameters"),
    [
        ("eq", " 华夏（中国） ", ("华夏（中国）",)),
        ("in", ["Ａcme"], (["Ａcme"],)),
        ("lt", "Ａ", ("Ａ",)),
        ("contains", "（中国）", ("%（中国）%",)),
    ],
)
def test_a_name_that_is_kept_as_written_is_asked_for_as_written(
    operator: str, raw: object, parameters: tuple[object, ...]
) -> None:
    name = Field("name", "text", options=(("normalForm", "company"),))

    assert read_operand(raw, name, family=Operators.TEXT, operator=operator, zone=ZONE, now=NOW) == parameters


@pytest.mark.parametrize("raw", [-1, "-1", True, "x"])
def test_no_record_has_fewer_files_than_none(raw: object) -> None:
    papers = Field("papers", "attachment")

    with pytest.raises(WrongOperand):
        read_operand(raw, papers, family=Operators.FILES, operator="countAtLeast", zone=ZONE, now=NOW)
    assert read_operand(0, papers, family=Operators.FILES, operator="countAtLeast", zone=ZONE, now=NOW) == (0,)
