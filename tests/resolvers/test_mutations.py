"""[H1] Each mutation root is a transaction of its own, in order, and fails by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.builders.type_changes import add_value_field

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from tests.builders.tenants import Tenant
    from tests.clients import Client

pytestmark = pytest.mark.integration


async def test_mutations_run_in_order_and_a_later_failure_keeps_the_earlier(
    person: Callable[[str], Awaitable[Client]],
) -> None:
    sales = await person("sales")

    answer = await sales.ask("""mutation {
        first: createCustomer(input: {record: {name: "一"}}) { customer { name } }
        kind: __typename
        second: createUser(input: {email: "x@y.cn", name: "x"}) { user { id } }
        third: createCustomer(input: {record: {name: "一"}}) { customer { name } errors { code } kind: __typename }
        fourth: createCustomer(input: {record: {name: "四"}}) { customer { name } }
    }""")

    assert list(answer["data"]) == ["first", "kind", "second", "third", "fourth"]
    assert answer["data"] == {
        "first": {"customer": {"name": "一"}},
        "kind": "Mutation",
        "second": None,
        "third": {"customer": None, "errors": [{"code": "UNIQUE_TAKEN"}], "kind": "CreateCustomerPayload"},
        "fourth": {"customer": {"name": "四"}},
    }
    assert [(each["path"], each["extensions"]["code"]) for each in answer["errors"]] == [(["second"], "FORBIDDEN")]
    found = await sales.data("{ customers(orderBy: [{createdAt: ASC}]) { nodes { name } } }")
    assert [each["name"] for each in found["customers"]["nodes"]] == ["一", "四"]


@pytest.mark.parametrize(
    ("selection", "code"),
    [("opportunities(first: 100000) { nodes { id } }", "PAGE_TOO_LARGE"), ("createdBy { id }", "")],
)
async def test_payload_that_cannot_be_read_takes_the_write_back(
    person: Callable[[str], Awaitable[Client]], selection: str, code: str
) -> None:
    """What is selected is read before commit: a refusal there leaves nothing behind."""
    sales = await person("sales")
    name = f"公司 {code}"

    answer = await sales.ask(
        f"mutation ($name: String) {{ createCustomer(input: {{record: {{name: $name}}}}) {{ customer {{ {selection} }} }} }}",
        {"name": name},
    )

    found = await sales.data(
        "query ($name: String) { customers(filter: {name: {eq: $name}}) { totalCount } }", name=name
    )
    assert [each["extensions"]["code"] for each in answer.get("errors", [])] == [code] * bool(code)
    assert found["customers"]["totalCount"] == (0 if code else 1)


async def test_eleven_mutations_are_too_many(person: Callable[[str], Awaitable[Client]]) -> None:
    sales = await person("sales")
    roots = " ".join(
        f'm{n}: createCustomer(input: {{record: {{name: "{n}"}}}}) {{ customer {{ id }} }}' for n in range(11)
    )

    (error,) = await sales.errors(f"mutation {{ {roots} }}")

    assert error["extensions"]["code"] == "TOO_MANY_MUTATIONS"
    assert (await sales.data('{ customers(filter: {name: {eq: "0"}}) { totalCount } }'))["customers"]["totalCount"] == 0


async def test_value_that_was_read_for_another_type_is_to_be_sent_again(
    company: Tenant, person: Callable[[str], Awaitable[Client]]
) -> None:
    """The document is read before its first mutation changes what the second one writes to."""
    await add_value_field(company, "pieces", "integer")
    admin = await person("admin")

    answer = await admin.ask("""mutation {
        changeFieldType(input: {object: "customer", field: "pieces_c", type: "text"}) { errors { code } }
        createCustomer(input: {record: {name: "件", pieces_c: "12"}}) { customer { id } errors { code } }
    }""")
    again = await admin.ask(
        'mutation { createCustomer(input: {record: {name: "件", pieces_c: "12"}}) { customer { pieces_c } errors { code } } }'
    )

    assert answer["data"] == {"changeFieldType": {"errors": []}, "createCustomer": None}
    assert [each["extensions"]["code"] for each in answer["errors"]] == ["SHAPE_MOVED"]
    assert again["data"] == {"createCustomer": {"customer": {"pieces_c": "12"}, "errors": []}}
