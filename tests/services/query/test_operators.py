"""[H1] The operator table covers every type, and agrees with the operators that the schema offers."""

from __future__ import annotations

import pytest

from schema.metadata.types import FIELD_TYPES, FieldType, Operators
from schema.sdl.filters import FAMILIES
from services.query.operators import OFFERED, SQL_LIST_TYPES, SQL_TYPES, Reading
from tenants.sql import ident, render, value


@pytest.mark.parametrize("type_", FIELD_TYPES.values(), ids=lambda type_: type_.name)
def test_every_type_has_its_operators(type_: FieldType) -> None:
    assert type_.operators in OFFERED


@pytest.mark.parametrize("family", FAMILIES)
def test_what_the_schema_offers_the_compiler_can_write(family: Operators) -> None:
    _, offered = FAMILIES[family]

    assert set(offered) <= OFFERED[family].keys()


@pytest.mark.parametrize("family", [family for family in Operators if family is not Operators.NONE])
def test_every_family_knows_its_sql_types(family: Operators) -> None:
    assert SQL_LIST_TYPES[family] == f"{SQL_TYPES[family]}[]"


@pytest.mark.parametrize(
    ("family", "operator", "text"),
    [
        (Operators.TEXT, "eq", '"c" = $1::text'),
        (Operators.TEXT, "ne", '"c" IS DISTINCT FROM $1::text'),
        (Operators.KEY, "in", '"c" = ANY ($1::text[])'),
        (Operators.KEY, "notIn", '("c" = ANY ($1::text[])) IS NOT TRUE'),
        (Operators.LONG, "between", '"c" BETWEEN $1::bigint AND $2::bigint'),
        (Operators.TEXT, "contains", '"c" ILIKE $1::text'),
        (Operators.LIST, "has", '"c" @> ARRAY[$1::text]'),
        (Operators.LIST, "hasAny", '"c" && $1::text[]'),
        (Operators.DATE, "thisMonth", '("c" >= $1::date AND "c" < $2::date)'),
    ],
)
def test_operators_in_sql(family: Operators, operator: str, text: str) -> None:
    offered = OFFERED[family][operator]
    type_ = (SQL_LIST_TYPES if offered.reading is Reading.MANY else SQL_TYPES)[family]
    parameters = [value(place, type_) for place in range(offered.reading.parameters)]

    assert render(offered.write(ident("c"), parameters)).parts == (text,)
