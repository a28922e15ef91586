"""[H1] Generated mutations: input in the caller's spelling, one verb, the payload read in its transaction."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest
import sqlalchemy as sa

from resolvers.records import canonical
from schema.tables.audit import audit_entry
from tests.builders.mutations import mutate, refusal

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from tests.builders.tenants import Tenant
    from tests.clients import Client

pytestmark = pytest.mark.integration


@pytest.fixture
async def sales(person: Callable[[str], Awaitable[Client]]) -> Client:
    return await person("sales")


async def count(client: Client, name: str) -> int:
    text = "query ($name: String) { customers(filter: {name: {eq: $name}}) { totalCount } }"
    found: int = (await client.data(text, name=name))["customers"]["totalCount"]
    return found


async def customer(client: Client, name: str, **more: object) -> str:
    made = await mutate(client, "createCustomer", "customer { id }", record={"name": name, **more})
    found: str = made["customer"]["id"]
    return found


# --- one record -------------------------------------------------------------------------------------------------------


async def test_created_record_is_answered_as_it_is_stored(sales: Client, company: Tenant) -> None:
    done = await mutate(
        sales, "createCustomer",
        "clientMutationId customer { name phone email version ownerId owner { name } opportunities { totalCount } }",
        record={"name": " 浙江一号 ", "phone": "138 0013 8000", "email": "A@B.CN"},
    )  # fmt: skip

    assert done == {
        "clientMutationId": None,
        "customer": {
            "name": "浙江一号", "phone": "+8613800138000", "email": "a@b.cn", "version": 1,
            "ownerId": str(company.user_id("sales")), "owner": {"name": "sales"}, "opportunities": {"totalCount": 0},
        },
        "errors": [],
    }  # fmt: skip


async def test_everything_wrong_with_the_input_is_said_at_once(sales: Client) -> None:
    done = await mutate(
        sales, "createCustomer", "customer { id }",
        record={"email": "nobody", "phone": "12", "level": "zzz", "parentId": str(uuid4()), "note": "a\0b"},
    )  # fmt: skip

    assert done["customer"] is None
    assert sorted((".".join(each["path"]), each["code"]) for each in done["errors"]) == [
        ("record.email", "NOT_AN_EMAIL"),
        ("record.level", "UNKNOWN_CHOICE"),
        ("record.name", "REQUIRED"),
        ("record.note", "BAD_CHARACTERS"),
        ("record.parentId", "WRONG_OBJECT"),
        ("record.phone", "NOT_A_PHONE"),
    ]


async def test_very_long_text_is_refused_and_an_emoji_is_not(sales: Client) -> None:
    long = await mutate(sales, "createCustomer", "customer { id }", record={"name": "长" * 350_000})
    happy = await mutate(sales, "createCustomer", "customer { name }", record={"name": "开心👨‍👩‍👧公司"})

    assert long["errors"] == [{"path": ["record", "name"], "code": "TOO_LONG"}]
    assert happy["customer"] == {"name": "开心👨‍👩‍👧公司"}


async def test_update_leaves_what_is_missing_and_clears_what_is_null(sales: Client) -> None:
    record = await customer(sales, "浙江二号", phone="13800138000", email="a@b.cn")

    done = await mutate(
        sales, "updateCustomer", "customer { name phone email version }", id=record, ifVersion=1, set={"email": None}
    )

    assert done["customer"] == {"name": "浙江二号", "phone": "+8613800138000", "email": None, "version": 2}


async def test_outdated_version_is_a_conflict_and_changes_nothing(sales: Client) -> None:
    record = await customer(sales, "浙江三号")

    done = await mutate(
        sales, "updateCustomer", "customer { id }", id=record, ifVersion=7, set={"phone": "13800138000"}
    )

    found = await sales.data("query ($id: ID!) { customer(id: $id) { phone version } }", id=record)
    assert done == {"customer": None, "errors": [{"path": ["ifVersion"], "code": "VERSION_CONFLICT"}]}
    assert found["customer"] == {"phone": None, "version": 1}


async def test_errors_of_a_change_are_below_set(sales: Client) -> None:
    record = await customer(sales, "浙江四号")

    done = await mutate(sales, "updateCustomer", "customer { id }", id=record, set={"name": None, "phone": "1"})
    nothing = await mutate(sales, "updateCustomer", "customer { id }", id=record, set={})

    assert sorted((each["path"], each["code"]) for each in done["errors"]) == [
        (["set", "name"], "REQUIRED"), (["set", "phone"], "NOT_A_PHONE"),
    ]  # fmt: skip
    assert nothing["errors"] == [{"path": ["set"], "code": "NOTHING_TO_SET"}]


async def test_record_out_of_sight_is_not_found_like_one_that_never_was(
    sales: Client, person: Callable[[str], Awaitable[Client]]
) -> None:
    record = await customer(sales, "浙江五号")
    stranger = await person("stranger")
    text = "mutation ($input: UpdateCustomerInput!) { done: updateCustomer(input: $input) { errors { code } } }"

    hidden = await stranger.errors(text, input={"id": record, "set": {"note": "x"}})
    absent = await stranger.errors(text, input={"id": str(uuid4()), "set": {"note": "x"}})
    malformed = await mutate(stranger, "updateCustomer", "customer { id }", id="nope", set={"note": "x"})

    hidden[0]["extensions"].pop("requestId")
    absent[0]["extensions"].pop("requestId")
    assert hidden == absent
    assert hidden[0]["extensions"] == {"code": "NOT_FOUND", "family": "NOT_FOUND"}
    assert malformed["errors"] == [{"path": ["id"], "code": "NOT_AN_ID"}]


async def test_bin_life_of_a_record(sales: Client, person: Callable[[str], Awaitable[Client]]) -> None:
    admin = await person("admin")
    record = await customer(sales, "浙江六号")

    deleted = await mutate(admin, "deleteCustomer", "customer { id deletedAt }", id=record, ifVersion=1)
    gone = await admin.data("query ($id: ID!) { customer(id: $id) { id } }", id=record)
    restored = await mutate(admin, "restoreCustomer", "customer { name deletedAt }", id=record)
    await mutate(admin, "deleteCustomer", "customer { id }", id=record)
    destroyed = await mutate(admin, "destroyCustomer", "customer { id }", id=record)

    assert deleted["customer"]["deletedAt"] is not None
    assert gone == {"customer": None}
    assert restored["customer"] == {"name": "浙江六号", "deletedAt": None}
    assert destroyed == {"customer": None, "errors": []}
    assert await refusal(admin, "restoreCustomer", id=record) == ("NOT_FOUND", ["done"])


async def test_taken_value_names_the_field_and_the_record_if_it_can_be_seen(
    sales: Client, person: Callable[[str], Awaitable[Client]]
) -> None:
    record = await customer(sales, "浙江七号有限责任公司")
    stranger = await person("stranger")
    members = "customer { id } duplicates { score reasons kind: __typename customer { id name } }"

    mine = await mutate(sales, "createCustomer", members, record={"name": "浙江七号有限公司"})
    theirs = await mutate(stranger, "createCustomer", members, record={"name": "浙江七号有限公司"})

    taken = [{"path": ["record", "name"], "code": "UNIQUE_TAKEN"}]
    assert mine["errors"] == theirs["errors"] == taken
    assert mine["duplicates"] == [{
        "score": 1.0, "reasons": ["name"], "kind": "CustomerDuplicate",
        "customer": {"id": record, "name": "浙江七号有限责任公司"},
    }]  # fmt: skip
    assert theirs["duplicates"] == []


# --- the same mutation sent twice -------------------------------------------------------------------------------------


async def test_mutation_sent_twice_happens_once(sales: Client) -> None:
    given = {"clientMutationId": "create-8", "record": {"name": "浙江八号"}}

    first = await mutate(sales, "createCustomer", "clientMutationId customer { id name }", **given)
    again = await mutate(sales, "createCustomer", "clientMutationId customer { id name }", **given)

    assert first == again
    assert first["clientMutationId"] == "create-8"
    assert await count(sales, "浙江八号") == 1


async def test_other_body_under_the_same_id_is_a_conflict(sales: Client) -> None:
    await mutate(sales, "createCustomer", "customer { id }", clientMutationId="create-9", record={"name": "浙江九号"})

    done = await mutate(
        sales, "createCustomer", "customer { id }", clientMutationId="create-9", record={"name": "浙江九号甲"}
    )

    assert done == {"customer": None, "errors": [{"path": ["clientMutationId"], "code": "CLIENT_MUTATION_ID_REUSED"}]}
    assert await count(sales, "浙江九号甲") == 0


async def test_refused_input_is_corrected_under_the_same_id(sales: Client) -> None:
    key = "create-10"

    first = await mutate(sales, "createCustomer", "customer { id }", clientMutationId=key, record={"phone": "1"})
    corrected = {"clientMutationId": key, "record": {"name": "浙江十号"}}
    second = await mutate(sales, "createCustomer", "customer { id name }", **corrected)
    again = await mutate(sales, "createCustomer", "customer { id name }", **corrected)

    assert {tuple(each["path"]) for each in first["errors"]} == {("record", "name"), ("record", "phone")}
    assert (second["customer"]["name"], second["errors"]) == ("浙江十号", [])
    assert again == second
    assert await count(sales, "浙江十号") == 1


def test_request_is_the_same_text_for_the_same_input() -> None:
    first = canonical({"clientMutationId": "a", "record": {"b": 1, "a": "客"}})

    assert first == canonical({"record": {"a": "客", "b": 1}, "clientMutationId": "b"})
    assert first != canonical({"record": {"a": "客", "b": 2}})


# --- sets -------------------------------------------------------------------------------------------------------------


async def test_set_is_refused_as_a_whole_with_the_rows_at_fault(sales: Client) -> None:
    records = [{"name": "江苏一号"}, {"phone": "1"}, {"name": "江苏一号"}]

    done = await mutate(sales, "createCustomers", "customers { id } count", records=records)

    assert (done["customers"], done["count"]) == (None, 0)
    assert sorted((each["path"], each["code"]) for each in done["errors"]) == [
        (["1", "name"], "REQUIRED"), (["1", "phone"], "NOT_A_PHONE"), (["2", "name"], "UNIQUE_TAKEN"),
    ]  # fmt: skip
    assert await count(sales, "江苏一号") == 0


async def test_set_that_skips_writes_what_is_right(sales: Client) -> None:
    records = [{"name": "江苏二号"}, {"phone": "1"}, {"name": "江苏三号"}]

    done = await mutate(sales, "createCustomers", "customers { name } count", records=records, onError="SKIP")

    assert done["customers"] == [{"name": "江苏二号"}, {"name": "江苏三号"}]
    assert done["count"] == 2
    assert {each["path"][0] for each in done["errors"]} == {"1"}


async def test_upsert_changes_what_is_there_and_makes_what_is_not(sales: Client) -> None:
    known = await customer(sales, "江苏四号")
    records = [{"name": "江苏四号", "phone": "13900139000"}, {"name": "江苏五号"}]

    done = await mutate(sales, "upsertCustomers", "customers { id name version } count", records=records, by="name")

    assert [each["name"] for each in done["customers"]] == ["江苏四号", "江苏五号"]
    assert (done["customers"][0]["id"], done["customers"][0]["version"]) == (known, 2)


async def test_set_is_chosen_by_ids_or_by_a_filter(sales: Client) -> None:
    ids = [await customer(sales, f"安徽{number}号") for number in range(3)]

    named = await mutate(sales, "updateCustomers", "count", ids=ids[:2], set={"level": "a"})
    found = await mutate(
        sales, "updateCustomers", "customers { name level }",
        filter={"name": {"startsWith": "安徽"}, "level": {"isEmpty": True}}, set={"level": "b"},
    )  # fmt: skip
    deleted = await mutate(sales, "deleteCustomers", "customers { name } count", filter={"name": {"eq": "安徽2号"}})
    restored = await mutate(sales, "restoreCustomers", "count", ids=ids[2:])

    assert named["count"] == 2
    assert found["customers"] == [{"name": "安徽2号", "level": "b"}]
    assert deleted == {"customers": [{"name": "安徽2号"}], "count": 1, "errors": []}
    assert restored["count"] == 1


@pytest.mark.parametrize(
    ("given", "code", "path"),
    [
        ({"filter": {}}, "FILTER_EMPTY", ["filter"]),
        ({"filter": {"and": [{}]}}, "FILTER_EMPTY", ["filter"]),
        ({"filter": {"name": {}}}, "FILTER_EMPTY", ["filter"]),
        ({"filter": {"name": {"notIn": []}}}, "FILTER_EMPTY", ["filter"]),
        ({"filter": {"not": {"id": {"in": []}}}}, "FILTER_EMPTY", ["filter"]),
        ({"filter": {"createdAt": {"isEmpty": False}}}, "FILTER_EMPTY", ["filter"]),
        ({}, "FILTER_OR_IDS", []),
        ({"filter": {"name": {"eq": "x"}}, "ids": []}, "FILTER_OR_IDS", []),
        ({"ids": ["x"]}, "NOT_AN_ID", ["ids", "0"]),
        ({"filter": {"name": {"eq": None}}}, "NULL_OPERAND", ["filter", "name", "eq"]),
        ({"filter": {"or": [{"not": {"name": None}}]}}, "NULL_OPERAND", ["filter", "or", "0", "not", "name"]),
        ({"filter": {"name": {"contains": "x" * 2001}}}, "WRONG_OPERAND", ["filter"]),
    ],
)
async def test_set_that_names_nothing_in_particular_is_refused(
    sales: Client, given: dict[str, object], code: str, path: list[str]
) -> None:
    for name, more in (("updateCustomers", {"set": {"level": "a"}}), ("deleteCustomers", {})):
        done = await mutate(sales, name, "count", **given, **more)

        assert done == {"count": 0, "errors": [{"path": path, "code": code}]}


async def test_filter_of_a_set_reaches_the_callers_records_only(
    sales: Client, person: Callable[[str], Awaitable[Client]]
) -> None:
    """[G2]"""
    await customer(sales, "福建一号")
    stranger = await person("stranger")

    done = await mutate(stranger, "updateCustomers", "count", filter={"name": {"eq": "福建一号"}}, set={"level": "d"})

    assert done == {"count": 0, "errors": []}


async def test_a_set_chosen_by_a_marked_field_leaves_an_entry(
    company: Tenant, person: Callable[[str], Awaitable[Client]]
) -> None:
    """[G7] How many records a filter chose tells what stands in the field that it compares."""
    admin = await person("admin")
    await mutate(admin, "updateField", object="contact", field="phone", auditReads=True)
    by_phone, by_name = {"phone": {"eq": "+8613800139999"}}, {"name": {"eq": "无人"}}
    read = sa.select(audit_entry.c.body).where(audit_entry.c.action == "record.read").order_by(audit_entry.c.id)
    before = len(await company.read(lambda work: work.session.rows(read)))

    done = [
        await mutate(admin, "updateContacts", "count", filter=by_name, set={"title": "x"}),
        await mutate(admin, "updateContacts", "count", filter=by_phone, set={"title": "x"}),
        await mutate(admin, "deleteContacts", "count", filter=by_phone),
    ]

    assert done == [{"count": 0, "errors": []}] * 3
    left = (await company.read(lambda work: work.session.rows(read)))[before:]
    assert [json.loads(each["body"])["details"] for each in left] == [{"fields": ["phone"]}] * 2


async def test_more_than_a_thousand_at_once_is_too_much(sales: Client) -> None:
    records = [{"name": f"太多{number}"} for number in range(1001)]

    assert await refusal(sales, "createCustomers", records=records) == ("TOO_MANY_RECORDS", ["done"])


# --- declared verbs ---------------------------------------------------------------------------------------------------


async def test_declared_verb_answers_several_records(sales: Client) -> None:
    """[B4]"""
    lead = await mutate(sales, "createLead", "lead { id }", record={"name": "王五", "company": "广东一号"})

    done = await mutate(
        sales, "convertLead", "lead { status } customer { name } contact { name } opportunity { name }",
        id=lead["lead"]["id"],
    )  # fmt: skip

    assert done["lead"] == {"status": "converted"}
    assert (done["customer"], done["contact"]) == ({"name": "广东一号"}, {"name": "王五"})
    assert done["errors"] == []


async def test_verb_that_defines_runs_as_definition_work(
    sales: Client, person: Callable[[str], Awaitable[Client]]
) -> None:
    admin = await person("admin")

    made = await mutate(admin, "createUser", "user { email name }", email="New@Tenant.example", name="新人")
    again = await mutate(admin, "createUser", "user { id }", email="new@tenant.example", name="新人")

    assert made == {"user": {"email": "new@tenant.example", "name": "新人"}, "errors": []}
    assert again == {"user": None, "errors": [{"path": ["email"], "code": "UNIQUE_TAKEN"}]}
    assert await refusal(sales, "createUser", email="x@y.cn", name="x") == ("FORBIDDEN", ["done"])
