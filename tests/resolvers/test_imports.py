"""[A7] Import templates over GraphQL."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.builders.mutations import mutate
from tests.builders.roles import role_id

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from tests.clients import Client

pytestmark = [pytest.mark.anyio, pytest.mark.integration]

TEMPLATE = """query ($object: String!) { importTemplate(object: $object) {
  object fileName csv columns {
    field type heading labelZh labelEn required unique formatZh formatEn example pattern maxLength target
    choices { key labelZh labelEn }
  } } }"""


async def test_template_tells_what_a_cell_holds(person: Callable[[str], Awaitable[Client]]) -> None:
    sales = await person("sales")

    found = (await sales.data(TEMPLATE, object="customer"))["importTemplate"]

    columns = {each["field"]: each for each in found["columns"]}
    assert columns["name"] == {
        "field": "name",
        "type": "text",
        "heading": columns["name"]["labelEn"],
        "labelZh": "客户名称",
        "labelEn": "Name",
        "required": True,
        "unique": True,
        "formatZh": "文本",
        "formatEn": "text",
        "example": "Example",
        "pattern": None,
        "maxLength": 120,
        "target": None,
        "choices": [],
    }
    assert columns["parent"]["target"] == "customer"
    assert columns["status"]["choices"][0] == {"key": "potential", "labelZh": "潜在", "labelEn": "Potential"}
    assert found["fileName"] == "Customer.csv"


async def test_template_of_what_is_closed_is_null(person: Callable[[str], Awaitable[Client]]) -> None:
    service = await person("service")

    assert await service.data(TEMPLATE, object="customer") == {"importTemplate": None}


async def test_field_that_the_caller_may_not_write_has_no_column(person: Callable[[str], Awaitable[Client]]) -> None:
    admin, manager = await person("admin"), await person("manager")
    closed = {"roleId": await role_id(admin, "manager"), "object": "customer", "field": "creditCode", "level": "read"}
    assert (await mutate(admin, "setFieldPermission", **closed))["errors"] == []

    found = (await manager.data(TEMPLATE, object="customer"))["importTemplate"]

    assert "creditCode" not in {each["field"] for each in found["columns"]}
    assert "信用代码" not in found["csv"]
    assert "name" in {each["field"] for each in found["columns"]}
