"""[A2] The type of a field is changed over GraphQL: previewed, converted, refused where something would be lost, undone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.builders.mutations import mutate, refusal

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from tests.clients import Client

    Person = Callable[[str], Awaitable[Client]]

pytestmark = [pytest.mark.anyio, pytest.mark.integration]

PREVIEW = """
query ($input: FieldTypePreviewInput!) { fieldTypePreview(input: $input) {
  fits unfit empty isExact choices droppedOptions examples { recordId value code } usages { kind name breaks }
} }
"""


async def device(admin: Client, name: str, field: dict[str, Any], values: list[object]) -> tuple[str, list[str]]:
    """An object with one field and a record for each value: its plural, and the ids of the records."""
    given = {"label": {"zh": "值"}, "name": "value", **field}
    title = {"label": {"zh": "名称"}, "name": "title", "type": "text"}
    made = await mutate(admin, "createObject", "object", label={"en": name}, name=name, fields=[title, given])
    assert made["errors"] == []
    plural = f"{name}List_c"
    create = f"create{name[0].upper()}{name[1:]}List_c"
    done = await mutate(admin, create, f"{plural} {{ id }}", records=[{"value_c": each} for each in values])
    assert done["errors"] == []
    return plural, [each["id"] for each in done[plural]]


async def values(client: Client, plural: str, selection: str = "value_c") -> list[Any]:
    found = await client.data(
        f"{{ {plural}(orderBy: [{{createdAt: ASC}}, {{id: ASC}}]) {{ nodes {{ {selection} }} }} }}"
    )
    return [each["value_c"] for each in found[plural]["nodes"]]


async def test_text_becomes_a_choice_of_its_values(person: Person) -> None:
    admin = await person("admin")
    plural, _ = await device(admin, "deviceA", {"type": "text"}, ["数控", "车床", "数控 ", None, "ＣＮＣ", "cnc"])
    given = {"object": "deviceA_c", "field": "value_c", "type": "choice"}

    seen = (await admin.data(PREVIEW, input=given))["fieldTypePreview"]
    done = await mutate(admin, "changeFieldType", "object field job cleared", **given)
    chosen = await admin.data(f'{{ {plural}(filter: {{value_c: {{in: ["cnc"]}}}}) {{ nodes {{ valueLabel_c }} }} }}')

    assert seen == {
        "fits": 5, "unfit": 0, "empty": 1, "isExact": True, "choices": ["数控", "CNC", "车床"],
        "droppedOptions": [], "examples": [], "usages": [],
    }  # fmt: skip
    assert done == {"object": "deviceA_c", "field": "value_c", "job": None, "cleared": 0, "errors": []}
    assert await values(admin, plural) == ["shuKong", "cheChuang", "shuKong", None, "cnc", "cnc"]
    assert [each["valueLabel_c"] for each in chosen[plural]["nodes"]] == ["CNC", "CNC"]


async def test_values_that_do_not_fit_are_refused_shown_and_cleared_only_on_demand(person: Person) -> None:
    admin = await person("admin")
    plural, ids = await device(admin, "deviceB", {"type": "text"}, ["1,200.50", "about 5", "", "７"])
    given = {"object": "deviceB_c", "field": "value_c", "type": "decimal"}

    seen = (await admin.data(PREVIEW, input=given))["fieldTypePreview"]
    refused = await mutate(admin, "changeFieldType", "object cleared", **given)
    kept = await values(admin, plural)
    done = await mutate(admin, "changeFieldType", "object cleared", **given, clear=True)

    assert (seen["fits"], seen["unfit"], seen["empty"]) == (2, 1, 1)
    assert seen["examples"] == [{"recordId": ids[1], "value": "about 5", "code": "WRONG_TYPE"}]
    assert refused["errors"] == [{"path": ["type"], "code": "VALUES_NOT_CONVERTIBLE"}]
    assert kept == ["1,200.50", "about 5", None, "7"]
    assert done == {"object": "deviceB_c", "cleared": 1, "errors": []}
    assert await values(admin, plural) == ["1200.5", None, None, "7"]


async def test_undo_brings_back_what_was_cleared_and_keeps_what_was_written_since(person: Person) -> None:
    admin = await person("admin")
    plural, ids = await device(admin, "deviceC", {"type": "text"}, ["1,200.50", "about 5", "3"])
    given = {"object": "deviceC_c", "field": "value_c"}

    await mutate(admin, "changeFieldType", "id", **given, type="decimal", clear=True)
    await mutate(admin, "updateDeviceC_c", "deviceC_c { id }", id=ids[2], set={"value_c": "4.5"})
    undone = await mutate(admin, "undoFieldType", "object field cleared", **given)
    back = await values(admin, plural)
    redone = await mutate(admin, "undoFieldType", "cleared", **given, clear=True)
    told = await admin.data(
        '{ fieldTypeChanges(object: "deviceC_c", field: "value_c") { state fromType toType cleared } }'
    )

    assert undone == {"object": "deviceC_c", "field": "value_c", "cleared": 0, "errors": []}
    assert back == ["1,200.50", "about 5", "4.5"]
    assert redone == {"cleared": 1, "errors": []}
    assert await values(admin, plural) == ["1200.5", None, "4.5"]
    assert [tuple(each.values()) for each in told["fieldTypeChanges"]] == [
        ("done", "text", "decimal", 1), ("undone", "decimal", "text", 0), ("undone", "text", "decimal", 1),
    ]  # fmt: skip


async def test_way_that_is_not_offered_is_refused_with_those_that_are(person: Person) -> None:
    admin = await person("admin")
    await device(admin, "deviceD", {"type": "date"}, ["2026-03-01"])

    refused = await mutate(admin, "changeFieldType", "object", object="deviceD_c", field="value_c", type="phone")
    nothing = await mutate(admin, "changeFieldType", "object", object="deviceD_c", field="value_c", type="__proto__")
    (error,) = await admin.errors(PREVIEW, input={"object": "deviceD_c", "field": "value_c", "type": "x'; DROP"})

    assert refused == {"object": None, "errors": [{"path": ["type"], "code": "CONVERSION_NOT_OFFERED"}]}
    assert nothing == refused
    assert error["extensions"]["code"] == "CONVERSION_NOT_OFFERED"


async def test_sales_may_neither_preview_nor_change(person: Person) -> None:
    sales = await person("sales")
    given = {"object": "customer", "field": "name", "type": "choice"}

    (error,) = await sales.errors(PREVIEW, input=given)

    assert error["extensions"]["code"] == "FORBIDDEN"
    assert await refusal(sales, "changeFieldType", **given) == ("FORBIDDEN", ["done"])
    assert await refusal(sales, "undoFieldType", object="customer", field="name") == ("FORBIDDEN", ["done"])


async def test_field_of_a_pack_keeps_its_type(person: Person) -> None:
    admin = await person("admin")

    refused = await mutate(admin, "changeFieldType", object="customer", field="name", type="choice")

    assert refused["errors"] == [{"path": [], "code": "NOT_CHANGEABLE"}]


async def test_change_that_was_sent_twice_happens_once(person: Person) -> None:
    admin = await person("admin")
    await device(admin, "deviceE", {"type": "integer"}, ["5"])
    given = {"object": "deviceE_c", "field": "value_c", "type": "text", "clientMutationId": "once"}

    first = await mutate(admin, "changeFieldType", "id object field cleared", **given)
    again = await mutate(admin, "changeFieldType", "id object field cleared", **given)

    assert first == again


async def test_condition_that_opens_records_keeps_the_type_of_what_it_looks_at(person: Person) -> None:
    admin, sales = await person("admin"), await person("sales")
    choices = [{"label": {"zh": label}, "key": key} for key, label in (("running", "运行"), ("stopped", "停机"))]
    plural, _ = await device(
        admin, "deviceF", {"type": "choice", "choices": choices}, ["running", "running", "stopped"]
    )
    role = (await admin.data('{ roles(filter: {name: {eq: "sales"}}) { nodes { id } } }'))["roles"]["nodes"][0]["id"]
    whom, given = {"roleId": role, "object": "deviceF_c"}, {"object": "deviceF_c", "field": "value_c"}
    opened = await mutate(admin, "openRecords", "ruleId", **whom, reach="read", expression="value_c != 'running'")
    await mutate(admin, "setFieldPermission", **whom, field="value_c", level="read")

    seen = (await admin.data(PREVIEW, input={**given, "type": "text"}))["fieldTypePreview"]["usages"]
    refused = await mutate(admin, "changeFieldType", "object", **given, type="text", confirm=True)
    shown = await values(sales, plural)
    await mutate(admin, "closeRecords", roleId=role, ruleId=opened["ruleId"])
    changed = await mutate(admin, "changeFieldType", "object", **given, type="text", confirm=True)
    shared = await mutate(admin, "openRecords", **whom, reach="read", expression="value_c == '停机'")
    undone = await mutate(admin, "undoFieldType", "object", **given, confirm=True)

    assert {"kind": "openedRecords", "name": "sales", "breaks": True} in seen
    assert refused["errors"] == [{"path": [], "code": "USED_ELSEWHERE"}]
    assert (shown, changed["errors"], shared["errors"]) == (["stopped"], [], [])
    assert undone["errors"] == [{"path": [], "code": "USED_ELSEWHERE"}]


async def test_undo_asks_for_nothing_that_is_broken_already(person: Person) -> None:
    admin = await person("admin")
    choices = [{"label": {"zh": "运行"}, "key": "running"}]
    await device(admin, "deviceG", {"type": "choice", "choices": choices}, ["running"])
    given = {"object": "deviceG_c", "field": "value_c"}
    board = {"object": "deviceG_c", "name": "看板", "kind": "kanban", "settings": {"columns": "value_c"}}
    assert (await mutate(admin, "createSavedView", **board, sharedWith={"everybody": True}))["errors"] == []

    refused = await mutate(admin, "changeFieldType", **given, type="text")
    await mutate(admin, "changeFieldType", **given, type="text", confirm=True)
    undone = await mutate(admin, "undoFieldType", **given)

    assert refused["errors"] == [{"path": ["confirm"], "code": "IN_USE"}]
    assert undone["errors"] == []
