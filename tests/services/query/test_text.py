"""[H1] Every value as JSON text, written by PostgreSQL: exact, escaped, and never NULL."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from schema.metadata.types import Output
from services.permissions import Mask
from services.query.text import concat, masked_text, money_text, names_text, object_text, value_text
from tenants.sql import Fragment, render, sql, value
from tests.services.query.world import World

ID = UUID("018bcfe5-6801-7064-8000-000000000001")


async def written(world: World, fragment: Fragment, *arguments: object) -> Any:
    text = render(sql("SELECT {text}", text=fragment)).bind("t_query", str)
    answer = await world.connection.fetchval(text, *arguments)
    return json.loads(answer)


@pytest.mark.parametrize(
    ("output", "type_", "stored", "answer"),
    [
        (Output.TEXT, "text", 'a"b\\c\n\t华\U0001f600', 'a"b\\c\n\t华\U0001f600'),
        (Output.ID, "uuid", ID, str(ID)),
        (Output.INT, "integer", -3, -3),
        (Output.LONG, "bigint", 2**62, str(2**62)),
        (Output.DECIMAL, "numeric", Decimal("100.5000"), "100.5"),
        (Output.DECIMAL, "numeric", Decimal("-0.0000000001"), "-0.0000000001"),
        (Output.DECIMAL, "numeric", Decimal(100), "100"),
        (Output.BOOLEAN, "boolean", True, True),
        (Output.BOOLEAN, "boolean", False, False),
        (Output.DATE, "date", date(2026, 3, 1), "2026-03-01"),
        (Output.DATETIME, "timestamptz", datetime(2026, 3, 1, 5, 0, 0, 120, tzinfo=UTC), "2026-03-01T05:00:00.000120Z"),
        (Output.TEXT_LIST, "text[]", ["a", 'b"', "华"], ["a", 'b"', "华"]),
        (Output.TEXT_LIST, "text[]", [], []),
        (Output.JSON, "jsonb", '{"a": [1, null]}', {"a": [1, None]}),
    ],
)
async def test_values(world: World, output: Output, type_: Any, stored: object, answer: object) -> None:
    fragment = value_text(output, value("stored", type_))

    assert await written(world, fragment, stored) == answer
    assert await written(world, fragment, None) is None


@pytest.mark.parametrize(
    "setting", ["timezone = 'America/New_York'", "datestyle = 'German'", "intervalstyle = 'sql_standard'"]
)
async def test_settings_of_the_session_change_nothing(world: World, setting: str) -> None:
    await world.connection.control(f"SET LOCAL {setting}")
    moment = datetime(2026, 3, 1, 5, tzinfo=UTC)

    assert (
        await written(world, value_text(Output.DATETIME, value("x", "timestamptz")), moment)
        == "2026-03-01T05:00:00.000000Z"
    )
    assert await written(world, value_text(Output.DATE, value("x", "date")), moment.date()) == "2026-03-01"


async def test_money_is_an_object_or_null(world: World) -> None:
    fragment = money_text(
        value("amount", "numeric"),
        value("currency", "char(3)"),
        [("c", "currency"), ("amount", "amount"), ("t", "__typename")],
    )

    assert await written(world, fragment, Decimal("12.5000"), "CNY") == {"c": "CNY", "amount": "12.5", "t": "Money"}
    assert await written(world, fragment, None, None) is None


async def test_a_mask_keeps_the_type(world: World) -> None:
    text, number = masked_text(Output.TEXT, value("x", "text")), masked_text(Output.LONG, value("x", "bigint"))

    assert await written(world, text, "张三") == "张***"
    assert await written(world, text, None) is None
    assert await written(world, number) is None


@pytest.mark.parametrize(
    ("mask", "stored", "shown"),
    [
        (Mask.PHONE, "+8613800131234", "138****1234"),
        (Mask.PHONE, "+12025550123", "+12****0123"),
        (Mask.PHONE, "+8612345678", "****"),
        (Mask.MAIL, "zhang.san@example.com", "z***@example.com"),
        (Mask.MAIL, "@example.com", "@***"),
        (Mask.MAIL, "none", "n***"),
        (Mask.ID_NUMBER, "110101199003071234", "110***********1234"),
        (Mask.ID_NUMBER, "110101", "***********"),
        (Mask.NAME, "张三", "张***"),
        (Mask.FULL, "张三", "***"),
        (Mask.FULL, '"', "***"),
        *((each, None, None) for each in Mask),
        (Mask.PHONE, "", "****"),
    ],
)
async def test_a_mask_shows_what_its_kind_leaves(
    world: World, mask: Mask, stored: str | None, shown: str | None
) -> None:
    assert await written(world, masked_text(Output.TEXT, value("x", "text"), mask), stored) == shown


async def test_objects_keep_the_order_of_their_members(world: World) -> None:
    fragment = object_text([
        ("b", "1"),
        ("a", value_text(Output.INT, value("x", "integer"))),
        ("names", names_text(("x", "y"))),
    ])

    text = await world.connection.fetchval(render(sql("SELECT {text}", text=fragment)).bind("t_query", str), 7)
    assert text == '{"b":1,"a":7,"names":["x","y"]}'


def test_neighbouring_constants_are_one_literal() -> None:
    assert render(concat(["{", '"a":', "1", "}"])).parts == ("""('{"a":1}')""",)


def test_an_empty_object_and_an_empty_text() -> None:
    assert render(object_text([])).parts == ("('{}')",)
    assert render(concat([])).parts == ("''",)
