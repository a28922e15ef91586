"""[A1 A3 A5 A6] An administrator builds the form 设备 over the API alone; it is filled at the next request and changed while it is used."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from httpx2 import AsyncClient

from tests.builders.mutations import mutate
from tests.builders.processes import api
from tests.builders.roles import customer, role_id
from tests.clients import Client

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from tenants.settings import Settings
    from tests.builders.tenants import Tenant

pytestmark = pytest.mark.integration

THING, LIST = "sheBei_c", "sheBeiList_c"
MANY, SET, MODELS = 10_000, 1_000, 40
# What a sales user enters: field, type, what else its definition says, value, answer.
ENTERED: tuple[tuple[str, str, Mapping[str, Any], Any, Any], ...] = (
    ("model", "text", {"options": {"search": True}}, "KZ-100", "KZ-100"),
    ("remark", "longText", {}, "二楼\n东侧", "二楼\n东侧"),
    ("manual", "richText", {}, "<p>先断电<script>x()</script></p>", "<p>先断电</p>"),
    ("count", "integer", {"options": {"min": "0"}}, 3, "3"),
    ("power", "decimal", {"options": {"scale": 2}}, "7.50", "7.5"),
    ("wear", "percent", {}, "12.5", "12.5"),
    ("price", "currency", {}, {"amount": "98000"}, {"amount": "98000", "currency": "CNY"}),
    ("leased", "boolean", {}, False, False),
    ("boughtOn", "date", {"required": True}, "2025-01-31", "2025-01-31"),
    ("startedAt", "dateTime", {}, "2025-02-01T08:00:00+08:00", "2025-02-01T00:00:00.000000Z"),
    ("kind", "choice", {"choices": [{"label": {"zh": "车床"}, "key": "lathe"}, {"label": {"zh": "铣床"}, "key": "mill"}]},
     "lathe", "lathe"),
    ("uses", "multiChoice", {"choices": [{"label": {"zh": "粗加工"}, "key": "rough"}, {"label": {"zh": "精加工"}, "key": "fine"}]},
     ["fine"], ["fine"]),
    ("marks", "tags", {}, ["进口"], ["进口"]),
    ("hotline", "phone", {}, "１３８ 0013 8000", "+8613800138000"),
    ("contactMail", "email", {}, "Service@Kezhi.Example", "service@kezhi.example"),
    ("site", "url", {}, "https://kezhi.example/kz-100", "https://kezhi.example/kz-100"),
    ("stars", "rating", {}, 4, 4),
    ("cycle", "duration", {}, "PT90M", "PT1H30M"),
    ("opens", "time", {}, "08:30", "08:30:00"),
)  # fmt: skip
VALUES = " ".join(
    f"{name}_c {{ amount currency }}" if kind == "currency" else f"{name}_c" for name, kind, *_ in ENTERED
)
SERVICED = "weiBaoList_c { nodes { xuHao_c work_c cost_c { amount } } } serviceCost_c { amount } warrantyEnd_c"


def field(name: str, kind: str, /, **said: Any) -> dict[str, Any]:  # Any: as a client writes it
    return {"label": {"en": name}, "name": name, "type": kind, **said}


async def add(admin: Client, name: str, kind: str, /, **said: Any) -> None:  # Any: as a client writes it
    done = await mutate(admin, "addField", "field", object=THING, field=field(name, kind, **said))
    assert done == {"field": f"{name}_c", "errors": []}


async def build(admin: Client) -> None:
    """The form with its lines, what is summed and computed, and who may use it."""
    entered = [field(name, kind, **said) for name, kind, said, *_ in ENTERED]
    made = await mutate(admin, "createObject", "object", label={"zh": "设备", "en": "Equipment"}, fields=entered)
    assert made == {"object": THING, "errors": []}
    await add(admin, "customer", "relation", target="customer", inverseName="equipment")
    lines = {"label": {"zh": "维保"}, "type": "lineTable"}
    columns = [field("work", "text", required=True), field("cost", "currency")]
    added = await mutate(admin, "addField", "object", object=THING, field={**lines, "fields": columns})
    assert added == {"object": "weiBao_c", "errors": []}
    roll_up = {"relation": "weiBaoList_c", "function": "sum", "field": "cost_c"}
    await add(admin, "serviceCost", "rollUp", options=roll_up)
    await add(admin, "warrantyEnd", "formula", options={"expression": "boughtOn_c.addMonths(36)"})
    role = await role_id(admin, "sales")
    for name in (THING, "weiBao_c"):
        await mutate(admin, "setObjectPermission", roleId=role, object=name, create=True, read="all", update="own")


async def filled(admin: Client) -> None:
    """Ten thousand more, set by set."""
    for first in range(0, MANY, SET):
        records = [
            {
                "model_c": f"KZ-{number % MODELS}",
                "power_c": f"{number}.25",
                "boughtOn_c": "2025-01-31",
                "kind_c": "mill",
            }
            for number in range(first, first + SET)
        ]
        done = await mutate(admin, "createSheBeiList_c", "count", records=records)
        assert done == {"count": SET, "errors": []}


async def test_a_form_is_built_filled_and_changed_without_code(
    tenant: Tenant, settings: Settings, tmp_path: Path
) -> None:
    headers = {"X-Tenant": tenant.placement.slug}
    async with (
        api(settings, tmp_path, 1) as (_, one_url),
        api(settings, tmp_path, 2) as (_, other_url),
        AsyncClient(base_url=one_url, headers=headers, timeout=60) as one,
        AsyncClient(base_url=other_url, headers=headers, timeout=60) as other,
    ):
        admin, sales = Client(one, await tenant.token("admin")), Client(other, await tenant.token("sales"))
        owner = await customer(sales, name="苏州启元精密机械有限公司")
        await build(admin)

        entered = {f"{name}_c": value for name, _, _, value, _ in ENTERED}
        lines = [{"work_c": "换油", "cost_c": {"amount": "300"}}, {"work_c": "校准", "cost_c": {"amount": "1200.50"}}]
        made = await mutate(
            sales,
            "createSheBei_c",
            f"{THING} {{ {VALUES} {SERVICED} customer_c {{ name }} }}",
            record={**entered, "customerId_c": owner, "weiBaoList_c": lines},
        )
        refused = await mutate(
            sales,
            "createSheBei_c",
            record={"count_c": -1, "hotline_c": "12", "weiBaoList_c": [{"cost_c": {"amount": "1.00001"}}]},
        )
        await filled(admin)
        grouped = await sales.data(
            f"{{ {LIST[:-2]}Aggregate_c(groupBy: [{{kind_c: true}}]) {{ group {{ kind_c }} count }} }}"
        )
        board = await mutate(
            sales, "createSavedView", "savedView { kind }", object=THING, name="看板", kind="kanban",
            settings={"columns": "kind_c"}, columns=[{"field": "model_c"}],
        )  # fmt: skip

        change = {"object": THING, "field": "model_c"}
        seen = await admin.data(
            "query ($input: FieldTypePreviewInput!) { fieldTypePreview(input: $input) { fits unfit empty } }",
            input={**change, "type": "choice"},
        )
        chosen = await mutate(admin, "changeFieldType", "field", **change, type="choice", confirm=True)
        priced = await mutate(
            admin, "changeFieldType", "field", object=THING, field="power_c", type="currency", confirm=True
        )
        after = [
            await client.data(
                f"{{ models: {LIST[:-2]}Aggregate_c(groupBy: [{{model_c: true}}]) {{ count }}"
                f" all: {LIST[:-2]}Aggregate_c {{ count sum {{ power_c {{ amount }} }} }} }}"
            )
            for client in (Client(one, sales.token), sales)
        ]

    record = made[THING]
    assert {name: record[f"{name}_c"] for name, *_ in ENTERED} == {name: answer for name, *_, answer in ENTERED}
    assert record["weiBaoList_c"]["nodes"] == [
        {"xuHao_c": "1", "work_c": "换油", "cost_c": {"amount": "300"}},
        {"xuHao_c": "2", "work_c": "校准", "cost_c": {"amount": "1200.5"}},
    ]
    assert record["serviceCost_c"] == {"amount": "1500.5"}
    assert (record["warrantyEnd_c"], record["customer_c"]) == ("2028-01-31", {"name": "苏州启元精密机械有限公司"})
    assert [(each["path"], each["code"]) for each in refused["errors"]] == [
        (["record", "count_c"], "OUT_OF_RANGE"),
        (["record", "hotline_c"], "NOT_A_PHONE"),
        (["record", "boughtOn_c"], "REQUIRED"),
        (["record", "weiBaoList_c", "0", "cost_c"], "TOO_PRECISE"),
        (["record", "weiBaoList_c", "0", "work_c"], "REQUIRED"),
    ]
    assert grouped == {
        "sheBeiListAggregate_c": [
            {"group": {"kind_c": "lathe"}, "count": 1},
            {"group": {"kind_c": "mill"}, "count": MANY},
        ]
    }
    assert board == {"savedView": {"kind": "kanban"}, "errors": []}
    assert seen == {"fieldTypePreview": {"fits": MANY + 1, "unfit": 0, "empty": 0}}
    assert (chosen, priced) == ({"field": "model_c", "errors": []}, {"field": "power_c", "errors": []})
    assert after[0] == after[1]
    assert sorted(each["count"] for each in after[0]["models"]) == [1, *[MANY // MODELS] * MODELS]
    # Each number with a quarter, and the first one's 7.5.
    total = sum(range(MANY)) + MANY // 4 + 7.5
    assert after[0]["all"] == [{"count": MANY + 1, "sum": {"power_c": [{"amount": f"{total}"}]}}]
