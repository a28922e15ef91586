"""[A6 A8] An administrator keeps regions once, arranges a form and shares a board; sales people draw both at the next request."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.builders.dictionaries import choose_from, regions
from tests.builders.layouts import arrange, placed, section
from tests.builders.mutations import mutate
from tests.builders.permissions import limit_field
from tests.builders.roles import role_id
from tests.builders.views import keep, seen

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from tests.builders.tenants import Tenant
    from tests.clients import Client

pytestmark = pytest.mark.integration

BOARD = """query ($filter: CustomerFilter, $orderBy: [CustomerOrder!]) {
  customers(filter: $filter, orderBy: $orderBy) { nodes { name %(columns)s } } }"""


async def test_a_board_and_a_form_are_drawn_from_what_was_kept(
    tenant: Tenant, client_as: Callable[..., Awaitable[Client]]
) -> None:
    admin, sales = await client_as("admin"), await client_as("sales")
    await regions(admin, "diqu")
    field = await choose_from(admin, "diqu", "customer")
    board = await keep(
        admin, "地区看板", kind="kanban", settings={"columns": field}, sharedWith={"everybody": True},
        filter={"ownerId": {"eq": "me"}, field: {"isEmpty": False}}, orderBy=[{"name": "ASC"}],
        columns=[{"field": field}, {"field": "level"}],
    )  # fmt: skip
    await mutate(admin, "setDefaultView", object="customer", viewId=board)
    role = await role_id(admin, "sales")
    await arrange(admin, "customer", section("客户", "name", field, "level", columns=2), roleId=role)
    await limit_field(tenant, "sales", "customer", "level", "none")

    form = await placed(sales, "customer")
    assert form == {"客户": ["name", field]}
    for name, region in (("乙", "north"), ("甲", "east")):
        made = await mutate(sales, "createCustomer", record={"name": name, field: region})
        assert made["errors"] == []
    first = (await sales.data('{ defaultView(object: "customer") }'))["defaultView"]
    (view,) = await seen(sales, "地区看板")
    columns = " ".join(each["field"] for each in view["columns"])
    drawn = await sales.data(BOARD % {"columns": columns}, filter=view["filter"], orderBy=view["orderBy"])

    assert (first, view["settings"], columns) == (board, {"columns": field}, field)
    assert drawn["customers"]["nodes"] == [{"name": "甲", field: "east"}, {"name": "乙", field: "north"}]
