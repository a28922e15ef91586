"""[A11] An administrator drafts a form with everything around it, corrects what is wrong, lets it go live at once, goes back and forward.

A sales user works with it on his next request; what he entered is there when the form comes back.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.builders.mutations import mutate
from tests.builders.roles import role_id

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from tests.clients import Client

    ClientAs = Callable[..., Awaitable[Client]]

pytestmark = [pytest.mark.anyio, pytest.mark.integration]

DRAFT = "id version problems { path code } steps { object field name }"
PREVIEW = """
query ($id: ID!) { changeSetPreview(id: $id) {
  errors { path code } differences { kind action object field name properties { name before after } }
} }
"""
NUMBER = "number jobs differences { kind action object field name }"
RECORDS = "{ sheBeiList_c { nodes { mingCheng_c jiBie_c keHu_c { name } } } }"


def steps() -> list[dict[str, Any]]:  # Any: as the API takes it
    """A form with a level, a relation, rules and a layout; and two changes of the customer that fit no more in the end."""
    sections = [{"labelZh": "基本", "columns": 2, "fields": [{"field": "mingCheng_c"}, {"field": "jiBie_c"}]}]
    levels = [{"label": {"zh": "高"}, "key": "high"}, {"label": {"zh": "低"}, "key": "low"}]
    name = {"label": {"zh": "名称"}, "type": "text", "required": True}
    level = {"label": {"zh": "级别"}, "type": "choice", "choices": levels}
    relation = {"label": {"zh": "客户"}, "type": "relation", "target": "customer", "inverseName": "equipment"}
    count = {
        "label": {"zh": "设备数"}, "name": "machines", "type": "rollUp",
        "options": {"relation": "equipment_c", "function": "count"},
    }  # fmt: skip
    rule = {"name": "named", "expression": "mingCheng_c != '-'", "message": {"zh": "请填写名称"}}
    return [
        {"createObject": {"label": {"zh": "设备", "en": "Equipment"}, "fields": [name]}},
        {"addField": {"object": "sheBei_c", "field": level}},
        {"addField": {"object": "sheBei_c", "field": relation}},
        {"addField": {"object": "customer", "field": count}},
        {"setFieldRules": {"object": "sheBei_c", "field": "keHu_c", "requiredIf": "jiBie_c == 'high'"}},
        {"createValidationRule": {"object": "sheBei_c", **rule}},
        {"createUniqueRule": {"object": "sheBei_c", "fields": ["mingCheng_c", "keHu_c"]}},
        {"createLayout": {"object": "sheBei_c", "sections": json.dumps(sections)}},
        {"updateField": {"object": "customer", "field": "region", "label": {"zh": "大区"}}},
    ]


async def enter(sales: Client) -> str:
    """A customer with a machine, by somebody who sells."""
    customer = await mutate(sales, "createCustomer", "customer { id }", record={"name": "海蓝"})
    record = {"mingCheng_c": "一号", "jiBie_c": "high", "keHuId_c": customer["customer"]["id"]}
    made = await mutate(sales, "createSheBei_c", "sheBei_c { id keHu_c { machines_c } }", record=record)
    assert made["sheBei_c"]["keHu_c"] == {"machines_c": "1"}
    return str(made["sheBei_c"]["id"])


async def corrected(admin: Client) -> str:
    """The draft, first with two mistakes in it, then without."""
    wrong = steps()
    wrong[1] = {"addField": {"object": "sheBei_c", "field": {"label": {"zh": "级别"}, "type": "choice"}}}
    wrong[8] = {"updateField": {"object": "customer", "field": "regionn", "label": {"zh": "大区"}}}
    made = await mutate(admin, "createChangeSet", DRAFT, name="设备", steps=wrong)
    assert made["problems"] == [
        {"path": ["steps", "1", "addField", "field", "choices"], "code": "CHOICES_MISSING"},
        {"path": ["steps", "8", "updateField"], "code": "UNKNOWN_FIELD"},
    ]
    mended = await mutate(admin, "updateChangeSet", DRAFT, id=made["id"], ifVersion=1, steps=steps())
    assert (mended["problems"], mended["version"]) == ([], 2)
    return str(made["id"])


async def shown_to(client: Client) -> str:
    """What the field of the region is called, and whether there is the form."""
    (region,) = (await client.data('{ layout(object: "customer") { sections { fields { field label } } } }'))["layout"][
        "sections"
    ][:1]
    labels = {each["field"]: each["label"] for each in region["fields"]}
    form = await client.data('{ __type(name: "SheBei_c") { name } }')
    return f"{labels['region']} {form['__type'] is not None}"


async def test_form_is_drafted_published_used_taken_back_and_brought_forward(client_as: ClientAs) -> None:
    admin, sales = await client_as("admin"), await client_as("sales")
    before = await shown_to(admin)
    draft = await corrected(admin)

    seen = (await admin.data(PREVIEW, id=draft))["changeSetPreview"]
    changed = [each for each in seen["differences"] if each["action"] == "changed"]
    published = await mutate(admin, "publishChangeSet", NUMBER, id=draft, ifVersion=2)
    role = await role_id(admin, "sales")
    rights = {"create": True, "read": "all", "update": "own"}
    await mutate(admin, "setObjectPermission", roleId=role, object="sheBei_c", **rights)
    record = await enter(sales)
    live = await shown_to(admin)

    back = await mutate(admin, "rollBack", NUMBER, to=published["number"] - 1)
    without = await shown_to(admin)
    gone = await sales.errors(RECORDS)
    forward = await mutate(admin, "rollBack", NUMBER, to=published["number"])
    again = await sales.data(f'{{ sheBei_c(id: "{record}") {{ mingCheng_c jiBie_c keHu_c {{ name machines_c }} }} }}')

    assert seen["errors"] == []
    assert changed == [{
        "kind": "field", "action": "changed", "object": "customer", "field": "region", "name": None,
        "properties": [{"name": "labelZh", "before": '"地区"', "after": '"大区"'}],
    }]  # fmt: skip
    assert (published["errors"], published["jobs"], back["errors"], forward["errors"]) == ([], [], [], [])
    assert without == before
    assert live != before
    assert gone[0]["extensions"]["code"] == "DOCUMENT_INVALID"
    assert again["sheBei_c"] == {
        "mingCheng_c": "一号",
        "jiBie_c": "high",
        "keHu_c": {"name": "海蓝", "machines_c": "1"},
    }
    assert await shown_to(admin) == live
