"""Core statements as text and arguments: the schema is a place, values are parameters, compiled forms are shared."""

from __future__ import annotations

from uuid import UUID

import pytest
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from tenants import statements
from tenants.cells import outbox
from tenants.sql import BoundSql

metadata = sa.MetaData()
thing = sa.Table(
    "thing",
    metadata,
    sa.Column("id", pg.UUID(as_uuid=True), primary_key=True),
    sa.Column("name", sa.Text),
    sa.Column("amount", sa.Numeric(20, 4)),
    sa.Column("details", pg.JSONB),
)
ID = UUID("01900000-0000-7000-8000-000000000001")


def test_table_stands_in_the_schema_that_is_given() -> None:
    query = sa.select(thing.c.name).where(thing.c.id == ID)

    assert statements.bind(query, "t_a") == BoundSql(
        'SELECT "t_a".thing.name \nFROM "t_a".thing \nWHERE "t_a".thing.id = $1::UUID', (ID,)
    )


def test_second_tenant_shares_the_compiled_form_and_not_the_values() -> None:
    first = statements.bind(sa.select(thing.c.id).where(thing.c.name == "one"), "t_a")
    second = statements.bind(sa.select(thing.c.id).where(thing.c.name == "two"), "t_b")

    assert (first.arguments, second.arguments) == (("one",), ("two",))
    assert second.text == first.text.replace("t_a", "t_b")


def test_list_is_as_long_as_it_is_each_time() -> None:
    long = statements.bind(sa.select(thing.c.id).where(thing.c.name.in_(["a", "b"])), "t_a")
    short = statements.bind(sa.select(thing.c.id).where(thing.c.name.in_(["c"])), "t_a")

    assert (long.arguments, short.arguments) == (("a", "b"), ("c",))
    assert long.text.endswith("IN ($1::VARCHAR, $2::VARCHAR)")
    assert short.text.endswith("IN ($1::VARCHAR)")


def test_json_goes_in_as_text() -> None:
    bound = statements.bind(sa.insert(thing).values(id=ID, details={"a": 1}), "t_a")

    assert bound.arguments == (ID, '{"a": 1}')


def test_cell_tables_keep_their_own_schema() -> None:
    bound = statements.bind(sa.select(outbox.c.id), "t_a")

    assert bound.text == 'SELECT "kezhi".outbox.id \nFROM "kezhi".outbox'


def test_without_a_schema_the_table_stands_alone() -> None:
    assert statements.bind(sa.select(thing.c.id)).text == "SELECT thing.id \nFROM thing"


def test_value_is_never_text() -> None:
    hostile = "'; RESET ROLE; --"

    bound = statements.bind(sa.select(thing.c.id).where(thing.c.name == hostile), "t_a")

    assert hostile not in bound.text
    assert bound.arguments == (hostile,)


@pytest.mark.parametrize("schema", ['t_a"."x', "T", "a b"])
def test_schema_is_a_name_of_ours(schema: str) -> None:
    with pytest.raises(ValueError, match="not a schema name"):
        statements.bind(sa.select(thing.c.id), schema)
