"""[H1] Record roots are one statement, static roots stand beside them, and one at fault leaves the others alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa

from schema.tables.audit import audit_entry
from tests.builders.selections import compiled

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from tests.builders.tenants import Tenant
    from tests.clients import Client

pytestmark = pytest.mark.integration

CREATE = "mutation ($i: CreateCustomersInput!) { createCustomers(input: $i) { customers { id } errors { code } } }"
# Well-formed, and of no record.
NO_RECORD = "01890000-0000-7000-8000-000000000001"


@pytest.fixture
async def sales(person: Callable[[str], Awaitable[Client]]) -> Client:
    """Owns three customers, one with an opportunity."""
    client = await person("sales")
    if (await client.data("{ customers { totalCount } }"))["customers"]["totalCount"]:
        return client
    made = await client.data(CREATE, i={"records": [{"name": name} for name in ("甲公司", "乙公司", "丙公司")]})
    await client.data(
        "mutation ($i: CreateOpportunityInput!) { createOpportunity(input: $i) { opportunity { id } } }",
        i={"record": {
            "name": "首单", "customerId": made["createCustomers"]["customers"][0]["id"],
            "amount": {"amount": "1200.50"}, "stage": "needs",
        }},
    )  # fmt: skip
    return client


async def test_roots_of_all_kinds_are_answered_in_the_order_asked(sales: Client) -> None:
    response = await sales.post({
        "query": """query ($none: ID!) { b: customers(first: 1) { totalCount } __typename me { name }
                      a: customersAggregate { count } customer(id: $none) { id } c: __typename }""",
        "variables": {"none": NO_RECORD},
    })

    assert response.text == (
        '{"data":{"b":{"totalCount":3},"__typename":"Query","me":{"name":"sales"},'
        '"a":[{"count":3}],"customer":null,"c":"Query"}}'
    )


async def test_one_document_serves_other_values_and_other_shapes_of_its_variables(sales: Client) -> None:
    query = "query ($f: CustomerFilter, $o: [CustomerOrder!]) { customers(filter: $f, orderBy: $o) { nodes { name } } }"

    async def names(**variables: object) -> list[str]:
        found = await sales.data(query, **variables)
        return [each["name"] for each in found["customers"]["nodes"]]

    assert await names(f={"name": {"eq": "甲公司"}}) == ["甲公司"]
    assert await names(f={"name": {"eq": "乙公司"}}) == ["乙公司"]
    assert await names(f={"name": {"in": ["甲公司", "丙公司"]}}, o=[{"name": "ASC"}]) == ["丙公司", "甲公司"]
    assert await names(f={"opportunities": {"some": {}}}) == ["甲公司"]
    assert await names(f={"phone": {"isEmpty": False}}) == []
    assert len(await names(f=None)) == 3


async def test_customer_360_in_one_operation(sales: Client) -> None:
    """[B3] A record with what hangs on it, through relations in both directions."""
    found = await sales.data(
        """
        query ($name: String!) {
          customers(filter: {name: {eq: $name}}) {
            nodes {
              name owner { name }
              opportunities(orderBy: [{amount: DESC}]) { edges { node { name stageLabel amount { amount currency } } } }
              opportunitiesAggregate(groupBy: [{stage: true}]) { group { stage } count sum { amount { amount } } }
              contacts { totalCount nodes { name } }
            }
          }
        }""",
        name="甲公司",
    )

    (customer,) = found["customers"]["nodes"]
    assert customer == {
        "name": "甲公司",
        "owner": {"name": "sales"},
        "opportunities": {"edges": [{"node": {
            "name": "首单", "stageLabel": "Needs", "amount": {"amount": "1200.5", "currency": "CNY"},
        }}]},
        "opportunitiesAggregate": [{"group": {"stage": "needs"}, "count": 1, "sum": {"amount": [{"amount": "1200.5"}]}}],
        "contacts": {"totalCount": 0, "nodes": []},
    }  # fmt: skip


async def test_skip_and_include_shape_the_answer(sales: Client) -> None:
    query = """query ($deep: Boolean!) {
        customers(first: 1) { nodes { ...F } } customersAggregate @skip(if: $deep) { count }
    } fragment F on Customer { name opportunities @include(if: $deep) { totalCount } }"""

    shallow = await sales.data(query, deep=False)
    deep = await sales.data(query, deep=True)

    assert set(shallow) == {"customers", "customersAggregate"}
    assert set(shallow["customers"]["nodes"][0]) == {"name"}
    assert set(deep) == {"customers"}
    assert set(deep["customers"]["nodes"][0]) == {"name", "opportunities"}


async def test_node_finds_any_record_by_its_id(sales: Client) -> None:
    record = (await sales.data("{ opportunities { nodes { id } } }"))["opportunities"]["nodes"][0]

    found = await sales.data(
        "query ($id: ID!, $none: ID!) { node(id: $id) { __typename id ... on Opportunity { name } } no: node(id: $none) { id } }",
        id=record["id"],
        none=NO_RECORD,
    )

    assert found == {"node": {"__typename": "Opportunity", "id": record["id"], "name": "首单"}, "no": None}


async def test_malformed_ids_and_unknown_choices_are_said_wherever_they_stand(sales: Client) -> None:
    answer = await sales.ask("""{
        one: customer(id: "42") { id }
        any: node(id: "42") { id }
        list: customers(filter: {id: {in: ["42"]}}) { totalCount }
        far: opportunities(filter: {customer: {id: {eq: "42"}}}) { totalCount }
        choice: customers(filter: {level: {in: ["a", "aa"]}}) { totalCount }
        deep: customersAggregate(filter: {opportunities: {some: {stage: {ne: "wonn"}}}}) { count }
        kept: customers(filter: {level: {eq: "a"}}) { totalCount }
    }""")

    assert {name: found for name, found in answer["data"].items() if found is not None} == {"kept": {"totalCount": 0}}
    said = {each["path"][0]: (each["extensions"]["code"], each["message"]) for each in answer["errors"]}
    in_filter = ("NOT_AN_ID", "The filter compares an id with what is not an id.")
    assert said == {
        "one": ("NOT_AN_ID", "This is not an id."),
        "any": ("NOT_AN_ID", "This is not an id."),
        "list": in_filter,
        "far": in_filter,
        "choice": ("UNKNOWN_CHOICE", "“level” has no choice “aa”. Did you mean “a”?"),
        "deep": ("UNKNOWN_CHOICE", "“stage” has no choice “wonn”. Did you mean “won”?"),
    }


async def test_root_at_fault_is_null_and_the_others_are_answered(sales: Client) -> None:
    answer = await sales.ask("""{
        customers(first: 1) { totalCount }
        closed: auditEntries { nodes { id } }
        nulls: customers(filter: {name: {eq: null}}) { totalCount }
        pages: customers(first: 100000) { nodes { id } }
        totals: customers(first: 100000) { totalCount }
        mixed: customers(first: 1, last: 1) { totalCount }
        foreign: customers(after: "bm9uZQ") { nodes { id } }
    }""")

    assert answer["data"] == {
        "customers": {"totalCount": 3},
        "closed": None,
        "nulls": None,
        "pages": None,
        "totals": None,
        "mixed": None,
        "foreign": None,
    }
    found: dict[str, Any] = {each["path"][0]: each["extensions"]["code"] for each in answer["errors"]}
    assert found == {
        "closed": "OBJECT_NOT_READABLE",
        "nulls": "NULL_OPERAND",
        "pages": "PAGE_TOO_LARGE",
        "totals": "PAGE_TOO_LARGE",
        "mixed": "PAGING_MIXED",
        "foreign": "CURSOR_MALFORMED",
    }


async def test_record_out_of_sight_is_null_like_one_that_never_was(
    sales: Client, person: Callable[[str], Awaitable[Client]]
) -> None:
    stranger = await person("stranger")
    record = (await sales.data("{ customers { nodes { id } } }"))["customers"]["nodes"][0]

    found = await stranger.data(
        "query ($id: ID!) { customer(id: $id) { id } node(id: $id) { id } customers { totalCount } }", id=record["id"]
    )

    assert found == {"customer": None, "node": None, "customers": {"totalCount": 0}}


async def test_pages_follow_their_cursors(sales: Client) -> None:
    query = """query ($after: String) { customers(first: 2, after: $after, orderBy: [{name: ASC}]) {
        nodes { name } pageInfo { hasNextPage endCursor } } }"""

    first = (await sales.data(query))["customers"]
    second = (await sales.data(query, after=first["pageInfo"]["endCursor"]))["customers"]

    assert (len(first["nodes"]), first["pageInfo"]["hasNextPage"]) == (2, True)
    assert (len(second["nodes"]), second["pageInfo"]["hasNextPage"]) == (1, False)
    assert {each["name"] for each in first["nodes"] + second["nodes"]} == {"甲公司", "乙公司", "丙公司"}


def test_static_and_constant_roots_are_no_part_of_the_plan() -> None:
    found = compiled("{ hello __typename customers { totalCount } }")

    assert found.keys == ("hello", "__typename", "customers")
    assert [root.key for root in found.plan.roots] == ["customers"]
    assert found.constants == {"__typename": b'"Query"'}
    assert len(found.static) == 1
    assert not found.is_whole


async def test_what_is_read_under_audit_leaves_an_entry(
    company: Tenant, person: Callable[[str], Awaitable[Client]]
) -> None:
    """[G7] No entry, no answer: also where a mutation's payload shows the field."""
    admin = await person("admin")
    await admin.data(
        "mutation ($input: UpdateFieldInput!) { updateField(input: $input) { errors { code } } }",
        input={"object": "contact", "field": "phone", "auditReads": True},
    )
    create = "mutation ($i: CreateContactInput!) { createContact(input: $i) { contact { phone } errors { code } } }"

    await admin.data("{ contacts { nodes { name } } }")
    read = await admin.data("{ contacts { nodes { phone } } }")
    await admin.data(create, i={"record": {"name": "张三", "phone": "13800138000"}})

    of_reads = sa.select(sa.func.count()).where(audit_entry.c.action == "record.read")
    assert read == {"contacts": {"nodes": []}}
    assert await company.read(lambda work: work.session.scalar(of_reads)) == 2


@pytest.mark.parametrize(("currency", "count"), [({"eq": "cny"}, 1), ({"in": ["usd", " Cny"]}, 1), ({"ne": "cny"}, 0)])
async def test_currency_of_a_filter_is_folded_as_it_is_when_written(
    sales: Client, currency: dict[str, object], count: int
) -> None:
    text = "query ($f: OpportunityFilter) { opportunities(filter: $f) { totalCount } }"

    found = await sales.data(text, f={"amount": {"currency": currency}})

    assert found["opportunities"]["totalCount"] == count
