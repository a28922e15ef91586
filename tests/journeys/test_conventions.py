"""[H1] The conventions that are costly to change, one test for each, over HTTP, as the page on the API states them.

The finer cases are proven beside the modules that decide them; `tests/architecture/test_conventions.py` says where.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

import pytest
from graphql import GraphQLInterfaceType, GraphQLNonNull, GraphQLObjectType, build_schema

from schema.metadata.naming import compose, compose_type
from tenants.ids import object_number
from tests.builders.mutations import mutate

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable

    from tests.builders.tenants import Tenant
    from tests.clients import Client

pytestmark = pytest.mark.integration


@pytest.fixture
async def admin(person: Callable[[str], Awaitable[Client]]) -> Client:
    return await person("admin")


@pytest.fixture
async def sales(person: Callable[[str], Awaitable[Client]]) -> Client:
    return await person("sales")


async def define(client: Client, name: str, /, **given: object) -> Any:  # Any: decoded JSON
    """A mutation of definitions; these answer fewer members than those of records."""
    kind = compose_type(name, "Input")
    text = f"mutation ($input: {kind}!) {{ done: {name}(input: $input) {{ errors {{ path code }} }} }}"
    return (await client.data(text, input=given))["done"]


async def made(client: Client, object_name: str, /, **record: object) -> str:
    done = await mutate(client, compose("create", object_name), f"{object_name} {{ id }}", record=record)
    assert done["errors"] == []
    found: str = done[object_name]["id"]
    return found


async def names(client: Client, arguments: str, **variables: object) -> list[str]:
    """The names of the customers that this finds."""
    declared = "".join(f"${name}: String" for name in variables)
    head = f"query ({declared}) " if declared else ""
    found = await client.data(f"{head}{{ customers({arguments}) {{ nodes {{ name }} }} }}", **variables)
    return [each["name"] for each in found["customers"]["nodes"]]


async def test_ids_are_of_version_7_and_carry_their_object(sales: Client) -> None:
    record = UUID(await made(sales, "customer", name="编号公司"))
    numbers = await sales.data('{ objectDefinitions(filter: {name: {eq: "customer"}}) { nodes { number } } }')

    found = await sales.data(
        "query ($id: ID!) { node(id: $id) { __typename } contact(id: $id) { id } }", id=str(record)
    )
    wrong = await mutate(sales, "createTask", "task { id }", record={"subject": "回访", "opportunityId": str(record)})

    assert record.version == 7
    assert object_number(record) == numbers["objectDefinitions"]["nodes"][0]["number"]
    assert found == {"node": {"__typename": "Customer"}, "contact": None}
    assert wrong["errors"] == [{"path": ["record", "opportunityId"], "code": "WRONG_OBJECT"}]


async def test_names_of_a_tenant_are_pinyin_and_end_in_c(admin: Client) -> None:
    for _ in range(2):
        await define(admin, "createObject", label={"zh": "单位"})
    await define(admin, "createObject", label={"zh": "车辆"}, name="vehicle", pluralName="vehicles")
    await define(admin, "updateObject", object="danWei_c", label={"zh": "机构"})

    found = await admin.data("{ __schema { queryType { fields { name } } mutationType { fields { name } } } }")

    roots = {each["name"] for part in found["__schema"].values() for each in part["fields"]}
    assert {name for name in roots if name.endswith("_c") and "anWei" in name and "2" not in name} == {
        "danWei_c", "danWeiList_c", "danWeiListAggregate_c",
        "createDanWei_c", "updateDanWei_c", "deleteDanWei_c", "restoreDanWei_c", "destroyDanWei_c",
        "createDanWeiList_c", "updateDanWeiList_c", "deleteDanWeiList_c", "restoreDanWeiList_c",
    }  # fmt: skip
    assert {"danWei2_c", "danWei2List_c", "vehicle_c", "vehicles_c", "vehiclesAggregate_c", "createVehicles_c"} <= roots


async def test_choices_are_keys_whose_words_stand_beside_them(admin: Client) -> None:
    await define(admin, "addChoice", object="customer", field="scale", choice={"key": "vip", "label": {"zh": "贵宾"}})
    record = await made(admin, "customer", name="选项公司", scale="vip")
    await define(admin, "retireChoice", object="customer", field="scale", key="vip")

    members = (
        'scale scaleLabel zh: scaleLabel(locale: "zh-CN") en: scaleLabel(locale: "en") fr: scaleLabel(locale: "fr")'
    )
    read = await admin.data(f"query ($id: ID!) {{ customer(id: $id) {{ {members} }} }}", id=record)
    again = await mutate(admin, "createCustomer", record={"name": "选项二公司", "scale": "vip"})

    assert read["customer"] == {"scale": "vip", "scaleLabel": "贵宾", "zh": "贵宾", "en": "贵宾", "fr": "贵宾"}
    assert again["errors"] == [{"path": ["record", "scale"], "code": "UNKNOWN_CHOICE"}]


async def test_mutations_of_a_document_are_transactions_of_their_own_in_order(sales: Client) -> None:
    one = '(input: {record: {name: "顺序公司"}}) { customer { name version } errors { code } }'
    done = await sales.data(f"mutation {{ a: createCustomer{one} b: createCustomer{one} c: createTask"
                            '(input: {record: {subject: "其后"}}) { task { subject } } }')  # fmt: skip

    assert done == {
        "a": {"customer": {"name": "顺序公司", "version": 1}, "errors": []},
        "b": {"customer": None, "errors": [{"code": "UNIQUE_TAKEN"}]},
        "c": {"task": {"subject": "其后"}},
    }


async def test_errors_of_the_input_are_in_the_payload_and_all_others_beside_it(sales: Client) -> None:
    create = (
        "mutation ($i: CreateCustomerInput!) { createCustomer(input: $i) { customer { id } errors { path message } } }"
    )
    change = "mutation ($i: UpdateCustomerInput!) { updateCustomer(input: $i) { errors { path } } }"
    absent = str(uuid4())

    wrong = await sales.ask(create, {"i": {"record": {"phone": "1"}}}, headers={"Accept-Language": "zh"})
    missing = await sales.ask(change, {"i": {"id": absent, "set": {"note": "x"}}})
    read = await sales.ask("query ($id: ID!) { customer(id: $id) { id } }", {"id": absent})

    errors = wrong["data"]["createCustomer"].pop("errors")
    assert wrong == {"data": {"createCustomer": {"customer": None}}}
    assert sorted(each["path"] for each in errors) == [["record", "name"], ["record", "phone"]]
    assert all(re.search("[一-鿿]", each["message"]) for each in errors)
    (error,) = missing["errors"]
    assert (error["path"], error["extensions"].pop("requestId") != "") == (["updateCustomer"], True)
    assert error["extensions"] == {"code": "NOT_FOUND", "family": "NOT_FOUND"}
    assert read == {"data": {"customer": None}}


async def test_missing_is_the_default_and_null_is_empty(sales: Client) -> None:
    given = await mutate(sales, "createCustomer", "customer { status }", record={"name": "默认公司"})
    empty = await mutate(sales, "createCustomer", "customer { status }", record={"name": "无状态公司", "status": None})
    record = await made(sales, "customer", name="空值公司", phone="13800138000", email="a@b.cn")

    changed = await mutate(sales, "updateCustomer", "customer { phone email }", id=record, set={"phone": None})
    nothing = await sales.errors("{ customers(filter: {name: {eq: null}}) { totalCount } }")
    everything = await mutate(sales, "deleteCustomers", "count", filter={})
    left_out = await sales.data(
        "mutation ($name: String) { deleteCustomers(input: {filter: {name: {eq: $name}}}) { count errors { code } } }"
    )

    assert (given["customer"], empty["customer"]) == ({"status": "potential"}, {"status": None})
    assert changed["customer"] == {"phone": None, "email": "a@b.cn"}
    assert [each["extensions"]["code"] for each in nothing] == ["NULL_OPERAND"]
    assert everything == {"count": 0, "errors": [{"path": ["filter"], "code": "FILTER_EMPTY"}]}
    assert left_out["deleteCustomers"] == {"count": 0, "errors": [{"code": "FILTER_EMPTY"}]}


async def test_negative_filters_include_what_is_empty(sales: Client) -> None:
    level_a = await made(sales, "customer", name="三值甲", level="a")
    await made(sales, "customer", name="三值乙", level="b")
    await made(sales, "customer", name="三值丙")
    await made(sales, "contact", name="张三", customerId=level_a, title="总监")
    await made(sales, "contact", name="李四", customerId=level_a)

    async def found(condition: str) -> list[str]:
        return sorted(await names(sales, f'filter: {{name: {{startsWith: "三值"}}, {condition}}}'))

    assert await found('level: {ne: "a"}') == ["三值丙", "三值乙"]
    assert await found('level: {notIn: ["a"]}') == ["三值丙", "三值乙"]
    assert await found('not: {level: {eq: "a"}}') == ["三值丙", "三值乙"]
    assert await found('contacts: {every: {title: {eq: "总监"}}}') == ["三值丙", "三值乙"]
    assert await found('contacts: {some: {title: {eq: "总监"}}}') == ["三值甲"]
    assert await found("contacts: {none: {}}") == ["三值丙", "三值乙"]


async def test_mutation_sent_again_is_read_again_with_present_rights(
    sales: Client, person: Callable[[str], Awaitable[Client]], company: Tenant
) -> None:
    given = {"clientMutationId": "again-1", "record": {"name": "重发公司"}}
    stranger = await person("stranger")

    first = await mutate(sales, "createCustomer", "customer { id note }", **given)
    await mutate(sales, "updateCustomer", id=first["customer"]["id"], set={"note": "后来"})
    again = await mutate(sales, "createCustomer", "customer { id note }", **given)
    await mutate(
        await person("admin"),
        "updateCustomer",
        id=first["customer"]["id"],
        set={"ownerId": str(company.user_id("colleague"))},
    )
    gone = await mutate(sales, "createCustomer", "customer { id note }", **given)
    other_body = await mutate(sales, "createCustomer", **{**given, "record": {"name": "重发二公司"}})
    other_person = await mutate(
        stranger, "createCustomer", "customer { name }", **{**given, "record": {"name": "重发三公司"}}
    )

    assert again["customer"] == {"id": first["customer"]["id"], "note": "后来"}
    assert (gone["customer"], gone["errors"]) == (None, [])
    assert other_body["errors"] == [{"path": ["clientMutationId"], "code": "CLIENT_MUTATION_ID_REUSED"}]
    assert other_person["customer"] == {"name": "重发三公司"}


async def test_generated_outputs_may_be_null_but_for_what_is_always_there(sales: Client) -> None:
    schema = build_schema((await sales.get("/schema.graphql")).text)
    node = schema.type_map["Node"]
    assert isinstance(node, GraphQLInterfaceType)
    records = {each.name for each in schema.get_possible_types(node)}
    ends = ("Connection", "Edge", "Aggregate", "Group", "Sum", "Avg", "Min", "Max", "CountDistinct")
    generated = records | {name + end for name in records for end in ends}

    assert _always_there(schema.type_map[name] for name in generated if name in schema.type_map) == {
        "id", "version", "createdAt", "updatedAt", "edges", "nodes", "pageInfo",
    }  # fmt: skip


def _always_there(types: Iterable[object]) -> set[str]:
    return {
        name
        for type_ in types
        if isinstance(type_, GraphQLObjectType)
        for name, field in type_.fields.items()
        if isinstance(field.type, GraphQLNonNull)
    }


async def test_empty_values_are_last_in_both_directions_and_cursors_belong_to_an_order(sales: Client) -> None:
    for name, region in (("次序一", "b"), ("次序二", None), ("次序三", "a")):
        await made(sales, "customer", name=name, region=region)
    chosen = 'filter: {name: {startsWith: "次序"}}'
    page = await sales.data(
        f"{{ customers({chosen}, first: 2, orderBy: [{{region: ASC}}]) {{ pageInfo {{ endCursor }} }} }}"
    )
    cursor = page["customers"]["pageInfo"]["endCursor"]

    rest = await names(sales, f"{chosen}, after: $after, orderBy: [{{region: ASC}}]", after=cursor)
    other = await sales.errors(
        f"query ($after: String) {{ customers({chosen}, after: $after, orderBy: [{{region: DESC}}]) {{ totalCount }} }}",
        after=cursor,
    )

    assert await names(sales, f"{chosen}, orderBy: [{{region: ASC}}]") == ["次序三", "次序一", "次序二"]
    assert await names(sales, f"{chosen}, orderBy: [{{region: DESC}}]") == ["次序一", "次序三", "次序二"]
    assert rest == ["次序二"]
    assert [each["extensions"]["code"] for each in other] == ["CURSOR_MISMATCH"]


async def test_names_sort_by_sound_and_text_compares_by_code_point(sales: Client) -> None:
    # By code point 丁 (ding) comes before 安 (an); by sound it is the other way round.
    for name in ("音丁公司", "音安公司", "音波公司"):
        await made(sales, "customer", name=name, region="Zone" if "丁" in name else "alpha")
    chosen = 'name: {startsWith: "音"}'

    assert await names(sales, f"filter: {{{chosen}}}, orderBy: [{{name: ASC}}]") == ["音安公司", "音波公司", "音丁公司"]
    assert await names(sales, f'filter: {{{chosen}, region: {{lt: "a"}}}}') == ["音丁公司"]


async def test_numbers_and_moments_are_text(sales: Client) -> None:
    done = await mutate(
        sales, "createActivity", "activity { durationMinutes occurredAt }",
        record={"subject": "文本", "durationMinutes": 90, "occurredAt": "2026-03-31T09:30:00.5+08:00"},
    )  # fmt: skip
    share = await mutate(
        sales,
        "createOpportunity",
        "opportunity { probability version }",
        record={"name": "文本", "probability": "12.50"},
    )

    assert done["activity"] == {"durationMinutes": "90", "occurredAt": "2026-03-31T01:30:00.500000Z"}
    assert share["opportunity"] == {"probability": "12.5", "version": 1}


async def test_money_has_a_currency_and_is_summed_by_it(sales: Client) -> None:
    for amount in ({"amount": "0.1"}, {"amount": "0.2", "currency": "CNY"}, {"amount": "7.0001", "currency": "usd"}):
        await made(sales, "opportunity", name="金额", amount=amount)
    too_fine = await mutate(sales, "createOpportunity", record={"name": "金额", "amount": {"amount": "0.00001"}})

    found = await sales.data(
        'query { opportunitiesAggregate(filter: {name: {eq: "金额"}}) { count sum { amount { amount currency } } } }'
    )

    sums = [{"amount": "0.3", "currency": "CNY"}, {"amount": "7.0001", "currency": "USD"}]
    assert found["opportunitiesAggregate"] == [{"count": 3, "sum": {"amount": sums}}]
    assert too_fine["errors"] == [{"path": ["record", "amount"], "code": "TOO_PRECISE"}]


async def test_days_are_those_of_the_zone_and_weeks_begin_on_monday(
    sales: Client, person: Callable[[str], Awaitable[Client]]
) -> None:
    # Sunday evening in UTC is Monday morning in China.
    await made(sales, "activity", subject="时区", occurredAt="2026-03-29T22:00:00Z")
    colleague = await person("colleague")
    me = (await colleague.data("{ me { id } }"))["me"]["id"]
    await mutate(await person("admin"), "updateUser", id=me, zone="America/New_York")

    async def weeks(zone: str) -> list[str]:
        found = await sales.data(
            'query ($zone: String) { activitiesAggregate(filter: {subject: {eq: "时区"}}, '
            "groupBy: [{occurredAt: WEEK}], zone: $zone) { group { occurredAt } } }", zone=zone or None,
        )  # fmt: skip
        return [each["group"]["occurredAt"] for each in found["activitiesAggregate"]]

    assert (await sales.data("{ me { zone } }"))["me"]["zone"] == "Asia/Shanghai"
    assert (await colleague.data("{ me { zone } }"))["me"]["zone"] == "America/New_York"
    assert await weeks("") == ["2026-03-30"]
    assert await weeks("UTC") == ["2026-03-23"]


async def test_other_side_of_a_relation_is_named_after_the_many(admin: Client) -> None:
    relation = {"label": {"zh": "客户"}, "type": "relation", "target": "customer"}
    await define(admin, "createObject", label={"zh": "备件"}, fields=[relation])
    customer = await made(admin, "customer", name="关系公司")
    spare = await made(admin, "beiJian_c", keHuId_c=customer)

    stored = await admin.data(
        '{ fieldDefinitions(filter: {name: {eq: "keHu_c"}, object: {name: {eq: "beiJian_c"}}}) '
        "{ nodes { inverseName targetObject } } }"
    )

    children = await admin.data(f'{{ customer(id: "{customer}") {{ beiJianList_c {{ nodes {{ id }} }} }} }}')

    assert stored["fieldDefinitions"]["nodes"] == [{"inverseName": "beiJianList_c", "targetObject": "customer"}]
    assert children["customer"]["beiJianList_c"]["nodes"] == [{"id": spare}]


async def test_several_choices_are_a_list_and_history_is_kept_by_field(
    sales: Client, person: Callable[[str], Awaitable[Client]]
) -> None:
    record = await made(sales, "customer", name="历史公司", tags=["重点", "华东"])
    await mutate(sales, "updateCustomer", id=record, set={"tags": ["重点"]})
    history = """query ($id: ID!) {
        recordHistories(filter: {recordId: {eq: $id}}, orderBy: [{version: ASC}]) { nodes { version verb changes } }
        fieldDefinitions(filter: {name: {eq: "tags"}, object: {name: {eq: "customer"}}}) { nodes { number } } }"""

    found = await (await person("admin")).data(history, id=record)
    elsewhere = await (await person("colleague")).data(history, id=record)

    number = str(found["fieldDefinitions"]["nodes"][0]["number"])
    changes = [each["changes"].get(number) for each in found["recordHistories"]["nodes"]]
    assert await names(sales, 'filter: {tags: {hasAll: ["重点"]}, name: {eq: "历史公司"}}') == ["历史公司"]
    assert await names(sales, 'filter: {tags: {hasAny: ["华东"]}, name: {eq: "历史公司"}}') == []
    assert changes == [[None, ["重点", "华东"]], [["重点", "华东"], ["重点"]]]
    # History is seen by whom the record is seen by.
    assert (await sales.data(history, id=record))["recordHistories"] == found["recordHistories"]
    assert elsewhere["recordHistories"] == {"nodes": []}


async def test_deletion_takes_children_along_and_restoring_brings_back_exactly_those(sales: Client) -> None:
    record = await made(sales, "customer", name="回收公司")
    kept = await made(sales, "contact", name="留下", customerId=record)
    gone = await made(sales, "contact", name="先走", customerId=record)
    call = await made(sales, "activity", subject="跟进", occurredAt="2026-03-31T01:00:00Z", contactId=kept)
    await mutate(sales, "deleteContact", id=gone)

    await mutate(sales, "deleteCustomer", id=record)
    without = await sales.data(
        f'{{ activity(id: "{call}") {{ contact {{ name }} contactId }} contact(id: "{kept}") {{ id }} }}'
    )
    twin = await made(sales, "customer", name="回收公司")
    await mutate(sales, "deleteCustomer", id=twin)
    await mutate(sales, "restoreCustomer", id=record)
    back = await sales.data(f'{{ customer(id: "{record}") {{ contacts {{ nodes {{ name }} }} }} }}')

    assert without == {"activity": {"contact": None, "contactId": None}, "contact": None}
    assert back == {"customer": {"contacts": {"nodes": [{"name": "留下"}]}}}


async def test_value_taken_by_a_record_out_of_sight_is_refused_and_never_updated(
    sales: Client, person: Callable[[str], Awaitable[Client]]
) -> None:
    record = await made(sales, "customer", name="隐形公司")
    stranger = await person("stranger")
    members = "customers { id } duplicates { customer { id } }"

    done = await mutate(stranger, "upsertCustomers", members, by="name", records=[{"name": "隐形公司", "note": "改"}])

    read = await sales.data(f'{{ customer(id: "{record}") {{ note version }} }}')
    assert done == {
        "customers": None, "duplicates": [], "errors": [{"path": ["0", "name"], "code": "UNIQUE_TAKEN"}],
    }  # fmt: skip
    assert read["customer"] == {"note": None, "version": 1}


async def test_numbers_are_given_in_order_and_by_nobody_else(sales: Client) -> None:
    customer = await made(sales, "customer", name="编号客户")
    quotes = [{"name": "报价", "customerId": customer}] * 2
    done = await mutate(sales, "createQuotes", "quotes { number }", records=quotes)

    first, second = (int(each["number"].removeprefix("BJ-")) for each in done["quotes"])
    assert second == first + 1
    document = 'mutation { createQuote(input: {record: {name: "x", number: "BJ-1"}}) { errors { code } } }'
    assert [each["extensions"]["code"] for each in await sales.errors(document)] == ["DOCUMENT_INVALID"]


async def test_labels_fall_back_to_the_other_language_and_the_name(admin: Client) -> None:
    await define(admin, "createObject", label={"zh": "仓库", "en": "Warehouse"})
    await define(admin, "createObject", label={"en": "Truck"})
    query = '{ a: __type(name: "CangKu_c") { description } b: __type(name: "Truck_c") { description } }'

    english = (await admin.ask(query, headers={"Accept-Language": "en"}))["data"]
    chinese = (await admin.ask(query, headers={"Accept-Language": "zh"}))["data"]

    assert english == {"a": {"description": "Warehouse"}, "b": {"description": "Truck"}}
    assert chinese == {"a": {"description": "仓库"}, "b": {"description": "Truck"}}
