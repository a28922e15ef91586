"""[A11] Change sets over GraphQL: drafted with what is wrong with each step, compared with what is live, published as one."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.builders.mutations import mutate, refusal

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from tests.builders.tenants import Tenant
    from tests.clients import Client

    Person = Callable[[str], Awaitable[Client]]

pytestmark = [pytest.mark.anyio, pytest.mark.integration]

DRAFT = "id version steps { verb object field name } problems { path code }"
PUBLISHED = "number jobs differences { kind action object field name }"
PREVIEW = """
query ($id: ID!) { changeSetPreview(id: $id) {
  version additive errors { path code } steps { verb object field name cleared }
  differences { kind action object field name properties { name before after } }
} }
"""


def field(object_name: str, zh: str, **given: Any) -> dict[str, Any]:
    return {"addField": {"object": object_name, "field": {"label": {"zh": zh}, "type": "text", **given}}}


async def draft(admin: Client, *steps: dict[str, Any], name: str = "设备") -> dict[str, Any]:
    made: dict[str, Any] = await mutate(admin, "createChangeSet", DRAFT, name=name, steps=list(steps))
    return made


async def test_later_step_finds_what_an_earlier_one_makes_and_all_go_live_together(person: Person) -> None:
    admin = await person("admin")
    choices = [{"label": {"zh": "高"}, "key": "high"}]
    made = await draft(
        admin,
        {"createObject": {"label": {"zh": "机台"}, "fields": [{"label": {"zh": "名称"}, "type": "text"}]}},
        field("jiTai_c", "等级", type="choice", choices=choices),
        {"addChoice": {"object": "jiTai_c", "field": "dengJi_c", "choice": {"label": {"zh": "低"}}}},
        field("jiTai_c", "客户", type="relation", target="customer", inverseName="machines"),
        {"createValidationRule": {
            "object": "jiTai_c", "name": "named", "expression": "mingCheng_c != '坏'", "message": {"zh": "不行"},
        }},
    )  # fmt: skip
    before = await admin.data('{ __type(name: "JiTai_c") { name } }')
    done = await mutate(admin, "publishChangeSet", PUBLISHED, id=made["id"], ifVersion=1)
    written = await mutate(
        admin, "createJiTai_c", "jiTai_c { mingCheng_c dengJi_c }", record={"mingCheng_c": "一号", "dengJi_c": "di"}
    )

    assert [tuple(each.values()) for each in made["steps"]] == [
        ("createObject", "jiTai_c", None, None), ("addField", "jiTai_c", "dengJi_c", None),
        ("addChoice", "jiTai_c", "dengJi_c", "di"), ("addField", "jiTai_c", "keHu_c", None),
        ("createValidationRule", "jiTai_c", None, "named"),
    ]  # fmt: skip
    assert made["problems"] == []
    assert before == {"__type": None}
    assert done["errors"] == []
    assert {each["action"] for each in done["differences"]} == {"added"}
    assert written["jiTai_c"] == {"mingCheng_c": "一号", "dengJi_c": "di"}


async def test_what_is_wrong_is_told_of_every_step_and_publishing_changes_nothing(person: Person) -> None:
    admin = await person("admin")
    made = await draft(
        admin,
        field("customer", "好", name="good"),
        field("customer", "坏", type="nonsense", name="bad"),
        {"updateField": {"object": "customer", "field": "bad_c", "required": True}},
        {"retireField": {"object": "customer", "field": "nowhere_c"}},
        field("customer", "好", name="good"),
    )
    refused = await mutate(admin, "publishChangeSet", "number", id=made["id"])
    known = await admin.data('{ __type(name: "Customer") { fields { name } } }')

    wrong = [
        {"path": ["steps", "1", "addField", "field", "type"], "code": "UNKNOWN_TYPE"},
        {"path": ["steps", "3", "retireField"], "code": "UNKNOWN_FIELD"},
        {"path": ["steps", "4", "addField", "field", "name"], "code": "NAME_TAKEN"},
    ]
    assert made["problems"] == wrong
    assert refused == {"number": None, "errors": wrong}
    assert "good_c" not in {each["name"] for each in known["__type"]["fields"]}


async def test_difference_tells_properties_before_and_after(person: Person) -> None:
    admin = await person("admin")
    await mutate(admin, "addField", "id", **field("contact", "爱好", name="hobby")["addField"])
    made = await draft(
        admin,
        {"updateField": {"object": "contact", "field": "hobby_c", "label": {"en": "Hobby"}, "required": True}},
        {"retireField": {"object": "contact", "field": "hobby_c"}},
    )

    seen = (await admin.data(PREVIEW, id=made["id"]))["changeSetPreview"]

    assert (seen["errors"], seen["additive"]) == ([], False)
    (only,) = seen["differences"]
    assert (only["kind"], only["action"], only["object"], only["field"]) == ("field", "retired", "contact", "hobby_c")
    assert {each["name"]: (json.loads(each["before"]), json.loads(each["after"])) for each in only["properties"]} == {
        "labelEn": ("", "Hobby"), "required": (False, True), "state": ("live", "retired"),
    }  # fmt: skip


async def test_draft_is_read_like_a_record_and_its_steps_go_back_as_they_are(person: Person) -> None:
    admin = await person("admin")
    made = await draft(admin, field("lead", "级别", type="choice", choices=[{"label": {"zh": "高"}}]), name="级别")

    (kept,) = (await admin.data('{ changeSets(filter: {name: {eq: "级别"}}) { nodes { id state steps } } }'))[
        "changeSets"
    ]["nodes"]
    again = await mutate(admin, "updateChangeSet", DRAFT, id=made["id"], ifVersion=1, steps=kept["steps"])
    gone = await mutate(admin, "discardChangeSet", "id", id=made["id"], ifVersion=2)

    assert (kept["id"], kept["state"]) == (made["id"], "draft")
    assert kept["steps"][0]["addField"]["field"]["name"] == "jiBie_c"
    assert again == {**made, "version": 2}
    assert gone == {"id": made["id"], "errors": []}
    assert await refusal(admin, "publishChangeSet", id=made["id"]) == ("CHANGE_SET_NOT_FOUND", ["done"])


async def test_sections_too_deep_in_each_other_are_told_of_their_step(person: Person) -> None:
    admin = await person("admin")
    step = {"createLayout": {"object": "customer", "sections": "[" * 1_000 + "]" * 1_000}}

    made = await draft(admin, step)

    path = ["steps", "0", "createLayout", "sections"]
    assert made["problems"] == [{"path": path, "code": "JSON_TOO_DEEP"}]


async def test_few_previews_stand_in_a_query_and_each_is_paid_for(person: Person) -> None:
    admin = await person("admin")
    set_id = (await draft(admin, field("customer", "价", name="priced")))["id"]

    query = (
        "query ($id: ID!) { " + " ".join(f"{each}: changeSetPreview(id: $id) {{ version }}" for each in "abcd") + " }"
    )
    (error,) = await admin.errors(query, id=set_id)
    answer = await admin.ask(PREVIEW, {"id": set_id}, headers={"X-Cost": "1"})

    assert error["extensions"]["code"] == "TOO_MANY_REHEARSALS"
    assert answer["extensions"]["cost"]["requested"] == 100_000


async def test_set_that_is_sent_twice_is_published_once(person: Person) -> None:
    admin = await person("admin")
    made = await draft(admin, field("lead", "一次", name="once"))

    given = {"id": made["id"], "clientMutationId": "publish once"}
    first, second = [await mutate(admin, "publishChangeSet", PUBLISHED, **given) for _ in range(2)]

    assert first == second
    assert first["differences"][0]["field"] == "once_c"


async def test_sales_finds_no_change_set_and_nobody_those_of_another_tenant(
    person: Person, client_as: Callable[..., Awaitable[Client]]
) -> None:
    admin, sales, stranger = await person("admin"), await person("sales"), await client_as("admin")
    made = await draft(admin, field("lead", "我的", name="mine"))

    for name in ("publishChangeSet", "discardChangeSet", "updateChangeSet"):
        assert await refusal(sales, name, id=made["id"]) == ("FORBIDDEN", ["done"])
        assert await refusal(stranger, name, id=made["id"]) == ("CHANGE_SET_NOT_FOUND", ["done"])
    (hidden,) = await sales.errors("{ publications { nodes { differences } } }")
    (preview,) = await stranger.errors(PREVIEW, id=made["id"])

    assert await refusal(sales, "rollBack", to=0) == ("FORBIDDEN", ["done"])
    assert hidden["extensions"]["code"] == "OBJECT_NOT_READABLE"
    assert preview["extensions"]["code"] == "CHANGE_SET_NOT_FOUND"
    assert (await stranger.data("{ changeSets { nodes { id } } }"))["changeSets"]["nodes"] == []


async def test_step_names_one_verb(person: Person) -> None:
    admin = await person("admin")
    step = {"retireField": {"object": "lead", "field": "name"}, "restoreObject": {"object": "lead"}}

    errors = await admin.errors(
        "mutation ($input: CreateChangeSetInput!) { createChangeSet(input: $input) { id } }",
        input={"name": "two", "steps": [step]},
    )

    assert [each["extensions"]["code"] for each in errors] == ["VARIABLES_INVALID"]


async def test_publication_is_read_and_rolled_back(person: Person) -> None:
    admin = await person("admin")
    await mutate(admin, "addField", "id", **field("contact", "前", name="before")["addField"])
    made = await draft(admin, field("contact", "后", name="after"))
    done = await mutate(admin, "publishChangeSet", PUBLISHED, id=made["id"])

    number = done["number"]
    seen = await admin.data(
        "query ($to: Int!) { rollBackPreview(to: $to) { errors { code } differences { action field } } }", to=number - 1
    )
    back = await mutate(admin, "rollBack", PUBLISHED, to=number - 1)
    told = await admin.data(
        "query ($of: [Long!]) { publications(filter: {number: {in: $of}}, orderBy: [{number: ASC}]) {"
        " nodes { number kind rollsBackTo publishedBy { name } changeSet { state } actions } } }",
        of=[str(number - 1), str(number), str(number + 1)],
    )

    assert seen["rollBackPreview"] == {"errors": [], "differences": [{"action": "retired", "field": "after_c"}]}
    assert (back["number"], [(each["action"], each["field"]) for each in back["differences"]]) == (
        number + 1, [("retired", "after_c")],
    )  # fmt: skip
    assert [
        (each["kind"], each["rollsBackTo"], each["changeSet"], [action["action"] for action in each["actions"]])
        for each in told["publications"]["nodes"]
    ] == [
        ("change", None, None, ["field.created"]),
        ("changeSet", None, {"state": "published"}, ["field.created"]),
        ("rollBack", str(number - 1), None, ["field.retired"]),
    ]
    assert {each["publishedBy"]["name"] for each in told["publications"]["nodes"]} == {"admin"}


@pytest.mark.parametrize(
    ("given", "code"), [({"to": 99_999}, "PUBLICATION_NOT_FOUND"), ({"to": -1}, "PUBLICATION_NOT_FOUND")]
)
async def test_number_that_is_none_is_refused(person: Person, given: dict[str, Any], code: str) -> None:
    assert await refusal(await person("admin"), "rollBack", **given) == (code, ["done"])


@pytest.mark.parametrize("verb", ["updateChangeSet", "discardChangeSet", "publishChangeSet"])
async def test_id_that_is_none_is_told_at_its_place(person: Person, verb: str) -> None:
    done = await mutate(await person("admin"), verb, id="x")

    assert done["errors"] == [{"path": ["id"], "code": "NOT_AN_ID"}]


async def test_additions_go_to_a_pilot_group_first(person: Person, company: Tenant) -> None:
    admin, sales, finance = await person("admin"), await person("sales"), await person("finance")
    made = await draft(admin, field("customer", "试点", name="tried"), name="试点")
    group = {"userIds": [str(company.user_id("sales"))]}

    done = await mutate(admin, "publishChangeSet", "pilot", id=made["id"], pilot={"title": "先试", "group": group})

    seen = "{ customers(first: 1) { nodes { tried_c } } }"
    (hidden,) = await finance.errors(seen)
    (kept,) = (await admin.data("{ pilots { nodes { id coordinates } } }"))["pilots"]["nodes"]
    assert (done["errors"], done["pilot"]) == ([], kept["id"])
    assert [(each["object"], each["name"]) for each in kept["coordinates"]] == [("customer", "tried_c")]
    assert (await sales.data(seen))["customers"]["nodes"] == []
    assert hidden["extensions"]["code"] == "FIELD_NOT_READABLE"


async def test_what_is_no_addition_is_not_piloted_and_nothing_is_published(person: Person, company: Tenant) -> None:
    admin = await person("admin")
    change = {"updateField": {"object": "customer", "field": "region", "label": {"en": "Area"}}}
    made = await draft(admin, field("customer", "新", name="fresh"), change)
    group = {"userIds": [str(company.user_id("sales"))]}
    seen = (await admin.data(PREVIEW, id=made["id"]))["changeSetPreview"]

    refused = await mutate(admin, "publishChangeSet", "pilot", id=made["id"], pilot={"title": "先试", "group": group})
    nobody = await draft(admin, field("customer", "新", name="fresh"))
    empty = await mutate(admin, "publishChangeSet", "pilot", id=nobody["id"], pilot={"title": "", "group": {}})

    assert seen["additive"] is False
    assert refused == {"pilot": None, "errors": [{"path": ["pilot"], "code": "PILOT_NOT_ADDITIVE"}]}
    assert empty["errors"] == [
        {"path": ["pilot", "title"], "code": "REQUIRED"}, {"path": ["pilot", "group"], "code": "REQUIRED"},
    ]  # fmt: skip
    assert (await admin.data(PREVIEW, id=nobody["id"]))["changeSetPreview"]["errors"] == []
