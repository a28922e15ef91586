"""SQL as data: made only from literals, checked names and bound values."""

from __future__ import annotations

import pytest

from tenants.sql import EMPTY, SCHEMA, Slot, ident, integer, join, render, sql, value


def test_equal_keys_share_a_parameter() -> None:
    fragment = sql("SELECT {a}, {b}, {again}", a=value("x", "int"), b=value("y", "text"), again=value("x", "int"))

    template = render(fragment)

    assert template.bind("t_a", str) == "SELECT $1::int, $2::text, $1::int"
    assert template.parameters == ("x", "y")


def test_equal_keys_of_different_type_do_not() -> None:
    template = render(join(", ", [value("x", "int"), value("x", "text")]))

    assert (template.bind("t_a", str), template.parameters) == ("$1::int, $2::text", ("x", "x"))


def test_schema_and_physical_names_are_put_in_when_bound() -> None:
    slot = Slot("customer", "name")
    template = render(
        sql("SELECT {column} FROM {schema}.{table}", column=ident(slot), schema=SCHEMA, table=ident("x_1"))
    )

    assert template.bind("t_a", lambda _: "f_7") == 'SELECT "f_7" FROM "t_a"."x_1"'
    assert template.bind("t_b", lambda _: "f_9") == 'SELECT "f_9" FROM "t_b"."x_1"'


@pytest.mark.parametrize("name", ['a"b', "A", "", "a b", "ä"])
def test_name_that_is_not_physical_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="not a physical name"):
        ident(name)
    with pytest.raises(ValueError, match="not a physical name"):
        render(SCHEMA).bind(name, str)


def test_small_pieces() -> None:
    pieces = [integer(20), EMPTY, ident("job")]

    assert render(join(" ", pieces)).bind("t_a", str) == '20  "job"'
