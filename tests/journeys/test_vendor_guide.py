"""[A1 A3 A4 A7] The five steps of a vendor's guide: a customer form with its rules, the forms around it, the sheet to fill."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Any

import pytest

from tests.builders.mutations import mutate
from tests.builders.roles import role_id

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from tests.clients import Client

pytestmark = [pytest.mark.anyio, pytest.mark.integration]

FORM = "keHuDangAn_c"
_KINDS = [
    {"label": {"zh": "直销客户", "en": "Direct"}, "key": "direct"},
    {"label": {"zh": "渠道客户", "en": "Channel"}, "key": "channel"},
]
_TEMPLATE = "query ($object: String!) { importTemplate(object: $object) { fileName csv columns { field required unique pattern } } }"


def _field(name: str, label: str, kind: str, **more: Any) -> dict[str, Any]:  # Any: as a client writes it
    return {"name": name, "label": {"zh": label}, "type": kind, **more}


async def _customer_form(admin: Client) -> None:
    """Step 1 to 3: text, choice, person and address; the name unique; the telephone in one form."""
    fields = [
        _field("name", "客户名称", "text", required=True, unique=True),
        _field("kind", "客户类型", "choice", choices=_KINDS, options={"default": "direct"}),
        _field("manager", "客户经理", "person"),
        _field("place", "地址", "address"),
        _field("hotline", "电话", "text", options={"pattern": "1[0-9]{10}"}),
    ]
    made = await mutate(admin, "createObject", "object", label={"zh": "客户档案", "en": "Customer file"}, fields=fields)
    assert made == {"object": FORM, "errors": []}


async def _forms_around_it(admin: Client) -> None:
    """Step 4: the people there, and what was talked about."""
    for label, inverse, fields in (
        ("往来联系人", "people", [_field("name", "姓名", "text", required=True), _field("phone", "手机", "phone")]),
        ("跟进日志", "visits", [_field("said", "内容", "longText", required=True), _field("on", "日期", "date")]),
    ):
        to_customer = _field("customer", "客户档案", "relation", target=FORM, inverseName=inverse, deleteRule="cascade")
        made = await mutate(admin, "createObject", "object", label={"zh": label}, fields=[*fields, to_customer])
        assert made["errors"] == []
    role = await role_id(admin, "sales")
    for name in (FORM, "wangLaiLianXiRen_c", "genJinRiZhi_c"):
        await mutate(admin, "setObjectPermission", roleId=role, object=name, create=True, read="own", update="own")


async def _create(client: Client, **record: Any) -> dict[str, Any]:  # Any: as a client writes it
    document = """mutation ($record: KeHuDangAnCreate_c!) { createKeHuDangAn_c(input: {record: $record}) {
      keHuDangAn_c { id name_c kind_c manager_c { id } place_c { text } hotline_c } errors { path code } } }"""
    done: dict[str, Any] = (await client.data(document, record=record))["createKeHuDangAn_c"]
    return done


async def test_form_is_built_filled_and_offered_as_a_sheet_in_five_steps(
    client_as: Callable[..., Awaitable[Client]],
) -> None:
    admin, sales = await client_as("admin"), await client_as("sales")
    await _customer_form(admin)
    await _forms_around_it(admin)
    me = (await sales.data("{ me { id } }"))["me"]["id"]

    address = {"code": "330106", "street": "文三路 1 号"}
    made = await _create(sales, name_c="海蓝科技", managerId_c=me, place_c=address, hotline_c="13800138000")
    assert made["errors"] == []
    customer = made["keHuDangAn_c"]
    assert customer == {
        "id": customer["id"],
        "name_c": "海蓝科技",
        "kind_c": "direct",
        "manager_c": {"id": me},
        "place_c": {"text": "浙江省杭州市西湖区文三路 1 号"},
        "hotline_c": "13800138000",
    }
    refused = await _create(sales, name_c="海蓝科技", hotline_c="0571-8888")
    assert sorted(each["code"] for each in refused["errors"]) == ["PATTERN_MISMATCH", "UNIQUE_TAKEN"]
    assert (await _create(sales, name_c="海蓝科技"))["errors"] == [
        {"path": ["record", "name_c"], "code": "UNIQUE_TAKEN"}
    ]

    around = """mutation ($id: ID!) {
      createWangLaiLianXiRen_c(input: {record: {name_c: "王芳", phone_c: "１３９００１３９０００", customerId_c: $id}}) { errors { code } }
      createGenJinRiZhi_c(input: {record: {said_c: "初次拜访", on_c: "2026-01-31", customerId_c: $id}}) { errors { code } }
    }"""
    assert [each["errors"] for each in (await sales.data(around, id=customer["id"])).values()] == [[], []]
    read = "query ($id: ID!) { keHuDangAn_c(id: $id) { people_c { nodes { name_c phone_c } } visits_c { nodes { said_c } } } }"
    assert (await sales.data(read, id=customer["id"]))["keHuDangAn_c"] == {
        "people_c": {"nodes": [{"name_c": "王芳", "phone_c": "+8613900139000"}]},
        "visits_c": {"nodes": [{"said_c": "初次拜访"}]},
    }

    sheet = (await sales.data(_TEMPLATE, object=FORM))["importTemplate"]
    heading, example = csv.reader(io.StringIO(sheet["csv"].removeprefix("\ufeff")))
    assert [each["field"] for each in sheet["columns"]] == [
        "name_c",
        "kind_c",
        "manager_c",
        "place_c",
        "hotline_c",
        "owner",
    ]
    assert sheet["columns"][0] == {"field": "name_c", "required": True, "unique": True, "pattern": None}
    assert sheet["columns"][4]["pattern"] == "1[0-9]{10}"
    assert (len(heading), len(example)) == (6, 6)
    finance = await client_as("finance")
    assert (await finance.data(_TEMPLATE, object=FORM))["importTemplate"] is None
