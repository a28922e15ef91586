"""Tokens of the API have the rights of their role as far as their scopes reach, by object, field and verb; never more."""

from __future__ import annotations

import json
import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa

from schema.tables.audit import audit_entry
from schema.tables.oauth import api_token
from tenants.clock import utc_now
from tests.builders import oauth

if TYPE_CHECKING:
    from tests.builders.oauth import Partner
    from tests.builders.tenants import Tenant
    from tests.clients import Client

Call = Callable[..., Awaitable["Client"]]

NAMES = "{ customers { nodes { name } } }"
PHONES = "{ customers { nodes { id phone } } }"
CREATE = 'mutation { createCustomer(input: {record: {name: "新客户"}}) { customer { name } errors { code } } }'
COUNT = "{ customers { totalCount } }"
# What a token's scopes do not reach is answered like a name that never was.
UNKNOWN = ["DOCUMENT_INVALID"]


@pytest.fixture
async def admin(tenant: Tenant, client_as: Call) -> Client:
    client = await client_as("admin")
    await client.data(
        "mutation ($owner: ID!) { createCustomer(input: "
        '{record: {name: "海蓝科技", phone: "13800138000", level: "a", ownerId: $owner}}) { customer { id } } }',
        owner=str(tenant.user_id("sales")),
    )
    return client


def codes(answer: dict[str, Any]) -> list[str]:  # Any: an answer
    return [each["extensions"]["code"] for each in answer.get("errors", ())]


def without_id(answer: dict[str, Any], **renamed: str) -> str:  # Any: an answer
    """Its text, with some words put in the place of others, and without what tells one request from another."""
    text = json.dumps(answer, sort_keys=True)
    for old, new in renamed.items():
        text = text.replace(old, new)
    return re.sub(r'"requestId": "[0-9a-f]+"', "", text)


async def of_client(tenant: Tenant, client_as: Call, scopes: Sequence[str], role: str = "director") -> Client:
    partner = await oauth.partner(tenant, await client_as("admin"), scopes, role=role)
    return await oauth.as_partner(await client_as(), partner)


@pytest.mark.usefixtures("admin")
async def test_right_scope_reads_and_nothing_else(tenant: Tenant, client_as: Call) -> None:
    client = await of_client(tenant, client_as, ["customer:read"])

    assert await client.data(NAMES) == {"customers": {"nodes": [{"name": "海蓝科技"}]}}
    assert codes(await client.ask(CREATE)) == UNKNOWN
    assert codes(await client.ask("{ leads { totalCount } }")) == UNKNOWN
    assert codes(await client.ask("{ users { totalCount } }")) == UNKNOWN
    assert await (await client_as("admin")).data(COUNT) == {"customers": {"totalCount": 1}}


@pytest.mark.usefixtures("admin")
async def test_contact_information_has_a_scope_of_its_own(tenant: Tenant, client_as: Call) -> None:
    without = await of_client(tenant, client_as, ["customer:read"])
    only = await of_client(tenant, client_as, ["customer.contactInfo:read"])
    both = await of_client(tenant, client_as, ["customer:read", "customer.contactInfo:read"])
    one = await of_client(tenant, client_as, ["customer.name:read"])

    assert [codes(await each.ask(PHONES)) for each in (without, one)] == [UNKNOWN] * 2
    assert codes(await only.ask(NAMES)) == UNKNOWN
    assert [len((await each.data(PHONES))["customers"]["nodes"]) for each in (only, both)] == [1, 1]
    assert await one.data(NAMES) == {"customers": {"nodes": [{"name": "海蓝科技"}]}}


@pytest.mark.usefixtures("admin")
@pytest.mark.parametrize(
    "document",
    [
        '{ customers(filter: {phone: {startsWith: "1"}}) { totalCount } }',
        "{ customers(orderBy: [{phone: ASC}]) { nodes { id } } }",
        "{ customers(filter: {contacts: {some: {phone: {isEmpty: false}}}}) { totalCount } }",
        "{ contacts { nodes { customer { phone } } } }",
        '{ contacts(filter: {customer: {phone: {eq: "1"}}}) { totalCount } }',
    ],
)
async def test_field_outside_the_scopes_is_not_learned_on_side_paths(
    tenant: Tenant, client_as: Call, document: str
) -> None:
    client = await of_client(tenant, client_as, ["customer:read", "contact:read"])

    answer = await client.ask(document)
    absent = await client.ask(document.replace("phone", "ghost"))

    assert without_id(answer) == without_id(absent, ghost="phone")
    assert set(codes(answer)) == {*UNKNOWN}


@pytest.mark.usefixtures("admin")
async def test_search_does_not_find_by_a_field_outside_the_scopes(tenant: Tenant, client_as: Call) -> None:
    found = '{ customers(search: "13800138000") { totalCount } }'
    without = await of_client(tenant, client_as, ["customer:read"])
    both = await of_client(tenant, client_as, ["customer:read", "customer.contactInfo:read"])

    assert [await each.data(found) for each in (without, both)] == [
        {"customers": {"totalCount": 0}},
        {"customers": {"totalCount": 1}},
    ]


@pytest.mark.usefixtures("admin")
async def test_writing_has_a_scope_and_its_trace_names_client_and_scopes(tenant: Tenant, client_as: Call) -> None:
    partner = await oauth.partner(tenant, await client_as("admin"), ["customer:write"])
    client = await oauth.as_partner(await client_as(), partner)

    made = await client.data(CREATE)
    phone = await client.ask(
        'mutation { createCustomer(input: {record: {name: "X", phone: "13800138001"}}) { errors { code path } } }'
    )

    assert made == {"createCustomer": {"customer": {"name": "新客户"}, "errors": []}}
    assert codes(phone) == UNKNOWN
    column = audit_entry.c
    by_client = sa.select(column.object_name, column.client_id, column.scope).where(column.principal_kind == "client")
    found = await tenant.read(lambda work: work.session.rows(by_client))
    assert [tuple(row) for row in found] == [("customer", partner.id, "customer:write")]


@pytest.mark.usefixtures("admin")
async def test_scope_that_the_role_does_not_have_gives_nothing(tenant: Tenant, client_as: Call) -> None:
    finance = await of_client(tenant, client_as, ["customer:write", "metadata:admin", "auditEntry:read"], "finance")

    assert await finance.data(NAMES) == {"customers": {"nodes": [{"name": "海蓝科技"}]}}
    assert codes(await finance.ask(CREATE)) == UNKNOWN
    assert codes(await finance.ask("{ auditEntries { nodes { id } } }")) == UNKNOWN
    define = 'mutation { createObject(input: {label: {zh: "设备"}}) { object errors { code } } }'
    assert codes(await finance.ask(define)) == UNKNOWN


async def test_who_defines_and_reads_no_records_counts_none_of_their_values(tenant: Tenant, client_as: Call) -> None:
    """[G1] Neither what a change of type would come to, nor what stands twice."""
    client = await of_client(tenant, client_as, ["metadata:admin"], "admin")
    await client.data(
        'mutation { addField(input: {object: "customer", field: {label: {en: "Room"}, name: "room", type: "text"}}) '
        "{ errors { code } } }"
    )

    asked = [
        '{ fieldTypePreview(input: {object: "customer", field: "room_c", type: "choice"}) { fits unfit empty } }',
        '{ repeatedRecords(object: "customer", fields: ["region", "level"]) { count } }',
    ]

    assert [codes(await client.ask(each)) for each in asked] == [["OBJECT_NOT_READABLE"]] * 2


async def test_definitions_have_a_scope_and_people_and_clients_none(tenant: Tenant, client_as: Call) -> None:
    client = await of_client(tenant, client_as, ["metadata:admin"], "admin")
    role = str(await oauth.role_id(tenant, "admin"))

    made = await client.data('mutation { createObject(input: {label: {zh: "设备"}}) { object errors { code } } }')

    assert made == {"createObject": {"object": "sheBei_c", "errors": []}}
    refused = [
        'mutation { createUser(input: {email: "a@b.example", name: "A"}) { user { id } } }',
        'mutation { createDepartment(input: {name: "A"}) { department { id } } }',
        f'mutation {{ createClient(input: {{name: "A", roleId: "{role}", scopes: ["user:read"]}}) {{ secret }} }}',
        'mutation { createApiToken(input: {name: "A", scopes: ["user:read"]}) { token } }',
        "mutation { signOut(input: {everywhere: true}) { closed } }",
        'mutation { changePassword(input: {currentPassword: "a", newPassword: "bbbbbbbb"}) { errors { code } } }',
        f'mutation {{ revokeApiToken(input: {{id: "{role}"}}) {{ errors {{ code }} }} }}',
        "mutation { requireTrustedDocuments(input: {only: true}) { errors { code } } }",
        'mutation { addTrustedDocument(input: {text: "{ me { name } }"}) { errors { code } } }',
        'mutation { retireTrustedDocument(input: {id: "x"}) { errors { code } } }',
    ]
    assert [codes(await client.ask(each)) for each in refused] == [UNKNOWN] * len(refused)


@pytest.mark.usefixtures("admin")
@pytest.mark.parametrize(
    ("hidden", "absent"),
    [
        ("{ leads { totalCount } }", "{ loads { totalCount } }"),
        ("query ($f: LeadFilter) { customers { totalCount } }", "query ($f: LoadFilter) { customers { totalCount } }"),
        ("{ node(id: 1) { ... on Lead { name } } }", "{ node(id: 1) { ... on Load { name } } }"),
        ("{ customers(deleted: true) { totalCount } }", "{ customers(deletez: true) { totalCount } }"),
        (
            "mutation { createLead(input: {}) { errors { code } } }",
            "mutation { createLoad(input: {}) { errors { code } } }",
        ),
        ("mutation ($i: CreateLeadInput!) { a }", "mutation ($i: CreateLoadInput!) { a }"),
        ('{ __type(name: "Lead") { name } }', '{ __type(name: "Load") { name } }'),
        ("{ customers { nodes { owner { name } } } }", "{ customers { nodes { ownes { name } } } }"),
        ("{ customers { nodes { phon } } }", "{ customers { nodes { fhon } } }"),
    ],
)
async def test_what_is_out_of_scope_is_told_like_what_never_was(
    tenant: Tenant, client_as: Call, hidden: str, absent: str
) -> None:
    client = await of_client(tenant, client_as, ["customer:read"])

    told, nothing = await client.ask(hidden), await client.ask(absent)

    renamed = {"Load": "Lead", "loads": "leads", "deletez": "deleted", "ownes": "owner", "fhon": "phon"}
    assert without_id(told) == without_id(nothing, **renamed)


@pytest.mark.usefixtures("admin")
async def test_token_of_a_user_sees_what_the_user_sees_within_its_scopes(client_as: Call) -> None:
    sales, stranger = await client_as("sales"), await client_as("stranger")
    tokens = [await oauth.personal_token(each, ["customer:read"]) for each in (sales, stranger)]
    mine, others = (replace(sales, token=each["token"]) for each in tokens)

    assert await mine.data(NAMES) == {"customers": {"nodes": [{"name": "海蓝科技"}]}}
    assert await others.data(NAMES) == {"customers": {"nodes": []}}
    assert codes(await mine.ask(CREATE)) == UNKNOWN
    assert codes(await mine.ask("{ apiTokens { nodes { name } } }")) == UNKNOWN


@pytest.mark.usefixtures("admin")
async def test_revoked_token_is_refused_at_the_next_request(tenant: Tenant, client_as: Call) -> None:
    sales = await client_as("sales")
    made = await oauth.personal_token(sales, ["customer:read"])
    program = replace(sales, token=made["token"])
    assert "errors" not in await program.ask(NAMES)

    other = await (await client_as("stranger")).ask(_revoke(made["id"]))
    done = await sales.data(_revoke(made["id"]))

    assert codes(other) == ["API_TOKEN_NOT_FOUND"]
    assert done["revokeApiToken"]["apiToken"]["revokedAt"] is not None
    answers = [await program.ask(each) for each in (NAMES, "{ me { id } }", CREATE, "{ __typename }")]
    assert [codes(each) for each in answers] == [["SESSION_ENDED"]] * 4
    assert await tenant.read(lambda work: work.session.scalar(_count("api_token.revoked"))) == 1


@pytest.mark.usefixtures("admin")
async def test_revoked_client_loses_its_tokens_and_its_secret(tenant: Tenant, client_as: Call, admin: Client) -> None:
    partner = await oauth.partner(tenant, admin, ["customer:read"])
    client = await oauth.as_partner(await client_as(), partner)
    assert "errors" not in await client.ask(NAMES)

    await admin.data(f'mutation {{ revokeClient(input: {{id: "{partner.id}"}}) {{ client {{ state }} }} }}')

    assert codes(await client.ask(NAMES)) == ["SESSION_ENDED"]
    assert (await _exchange(client, partner)).json()["error"] == "invalid_client"


async def test_new_secret_ends_the_one_before_with_its_tokens(tenant: Tenant, client_as: Call, admin: Client) -> None:
    partner = await oauth.partner(tenant, admin, ["customer:read"])
    client = await oauth.as_partner(await client_as(), partner)

    rotate = f'mutation {{ rotateClientSecret(input: {{id: "{partner.id}"}}) {{ secret errors {{ code }} }} }}'
    secret = (await admin.data(rotate))["rotateClientSecret"]["secret"]

    assert codes(await client.ask(NAMES)) == ["SESSION_ENDED"]
    assert (await _exchange(client, partner)).status_code == 401
    assert (await _exchange(client, replace(partner, secret=secret))).status_code == 200


@pytest.mark.usefixtures("admin")
async def test_fewer_scopes_and_another_role_are_felt_by_tokens_that_are_out(
    tenant: Tenant, client_as: Call, admin: Client
) -> None:
    partner = await oauth.partner(tenant, admin, ["customer:read", "lead:read"])
    client = await oauth.as_partner(await client_as(), partner)
    update = "mutation ($id: ID!, $scopes: [String!], $role: ID) { updateClient(input: {id: $id, scopes: $scopes, roleId: $role}) { client { scopes role { name } } errors { code } } }"

    await admin.data(update, id=partner.id, scopes=["lead:read"])
    narrowed = await client.ask(NAMES)
    await admin.data(update, id=partner.id, scopes=["customer:read", "lead:read"])
    widened = await client.ask(NAMES)
    await admin.data(update, id=partner.id, role=str(await oauth.role_id(tenant, "sales")))
    of_other_role = await client.ask(NAMES)

    assert codes(narrowed) == UNKNOWN
    assert len(widened["data"]["customers"]["nodes"]) == 1
    assert of_other_role == {"data": {"customers": {"nodes": []}}}


@pytest.mark.usefixtures("admin")
async def test_expired_token_says_so(tenant: Tenant, client_as: Call) -> None:
    sales = await client_as("sales")
    made = await oauth.personal_token(sales, ["customer:read"])
    past = sa.update(api_token).values(expires_at=utc_now() - timedelta(seconds=1))
    await tenant.write(lambda work: work.session.execute(past))

    assert codes(await replace(sales, token=made["token"]).ask(NAMES)) == ["EXPIRED_TOKEN"]


async def test_token_is_unknown_to_another_tenant(tenant: Tenant, other_tenant: Tenant, client_as: Call) -> None:
    made = await oauth.personal_token(await client_as("sales"), ["customer:read"])
    elsewhere = replace(await client_as(of=other_tenant), token=made["token"])

    response = await elsewhere.post({"query": NAMES})

    assert (response.status_code, codes(response.json())) == (401, ["INVALID_TOKEN"])
    assert tenant.placement.slug not in response.text


async def test_deactivated_user_loses_its_tokens(tenant: Tenant, client_as: Call) -> None:
    sales, admin = await client_as("sales"), await client_as("admin")
    made = await oauth.personal_token(sales, ["customer:read"])

    sales_id = tenant.user_id("sales")
    await admin.data(f'mutation {{ deactivateUser(input: {{id: "{sales_id}"}}) {{ user {{ state }} }} }}')

    assert codes(await replace(sales, token=made["token"]).ask(NAMES)) == ["SESSION_ENDED"]


@pytest.mark.usefixtures("admin")
async def test_a_token_enters_records_of_its_user_without_reading_users(tenant: Tenant, client_as: Call) -> None:
    sales = await client_as("sales")
    program = replace(sales, token=(await oauth.personal_token(sales, ["customer:write", "lead:write"]))["token"])
    create = "mutation ($r: CustomerCreate!) { createCustomer(input: {record: $r}) { errors { path code } } }"

    made = await program.data(create, r={"name": "新客户"})
    own = await program.data(create, r={"name": "又一客户", "ownerId": str(tenant.user_id("sales"))})
    others = await program.data(create, r={"name": "别人的", "ownerId": str(tenant.user_id("colleague"))})
    seen = await sales.data('{ customers(filter: {name: {eq: "新客户"}}) { nodes { owner { name } } } }')

    assert (made["createCustomer"]["errors"], own["createCustomer"]["errors"]) == ([], [])
    assert others["createCustomer"]["errors"] == [{"path": ["record", "ownerId"], "code": "RELATION_NOT_FOUND"}]
    assert seen == {"customers": {"nodes": [{"owner": {"name": "sales"}}]}}


@pytest.mark.usefixtures("admin")
@pytest.mark.parametrize(
    ("scopes", "names"),
    [
        (["customer:read", "lead:read", "quote:read"], []),
        (["metadata:read"], []),
        (["lead:write"], ["convertLead"]),
        (["notification:read"], ["markNotificationRead"]),
        (["metadata:admin"], ["validateExpression"]),
        (["quote:share"], ["recordShares", "shareRecord", "unshareRecord"]),
        (["customer.name:write"], []),
    ],
)
async def test_the_schema_of_a_token_names_nothing_that_it_may_not_use(
    client_as: Call, scopes: list[str], names: list[str]
) -> None:
    admin = await client_as("admin")
    program = replace(admin, token=(await oauth.personal_token(admin, scopes))["token"])
    asked = (
        "convertLead", "approveQuote", "closeOpportunityWon", "handOverCustomer", "markNotificationRead", "recordShares",
        "requireTrustedDocuments", "revokeApiToken", "shareRecord", "unshareRecord", "validateExpression",
    )  # fmt: skip

    schema = (await program.data("{ __schema { queryType { fields { name } } mutationType { fields { name } } } }"))[
        "__schema"
    ]
    found = {each["name"] for root in schema.values() if root is not None for each in root["fields"]}

    assert sorted(found & set(asked)) == names


async def _exchange(nobody: Client, partner: Partner) -> Any:  # Any: a response
    form = {"grant_type": "client_credentials", "client_id": partner.id, "client_secret": partner.secret}
    return await oauth.ask_token(nobody, form)


def _revoke(token_id: str) -> str:
    return f'mutation {{ revokeApiToken(input: {{id: "{token_id}"}}) {{ apiToken {{ revokedAt }} }} }}'


def _count(action: str) -> sa.Select[int]:
    return sa.select(sa.func.count()).select_from(audit_entry).where(audit_entry.c.action == action)
