"""[A9] A small company begins with customers and follow-ups, and grows to the whole CRM without losing anything."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from services import packs
from tests.builders.tenants import make_tenant

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from tenants.installation import Installation
    from tenants.provisioning import Provisioner
    from tests.clients import Client

pytestmark = [pytest.mark.anyio, pytest.mark.integration]

_STAFF = {"admin": ("admin", ""), "sales": ("sales", "")}
_CREATE = """mutation {
  createCustomer(input: {record: {name: "海蓝科技有限公司", level: "a", phone: "13800138000"}}) { customer { id } errors { code } }
}"""
_FOLLOW = """mutation ($id: ID!) {
  createActivity(input: {record: {subject: "首次拜访", kind: "visit", customerId: $id}}) { activity { id } errors { code } }
}"""
_OWN = """mutation {
  updateField(input: {object: "customer", field: "level", label: {zh: "重要程度"}}) { errors { code } }
  addField(input: {object: "customer", field: {label: {zh: "楼层"}, type: "integer", name: "floor"}}) { field errors { code } }
  retireField(input: {object: "customer", field: "website"}) { errors { code } }
}"""
_GROW = """mutation {
  upgradePack(input: {name: "crm"}) { pack { name version conflicts { where property tenant pack } } errors { code } }
}"""
_READ = """query ($id: ID!) {
  customer(id: $id) { id name level phone floor_c annualRevenue { amount } activities { nodes { subject contact { name } } } }
}"""


async def test_light_pack_grows_to_the_crm_in_place(
    client_as: Callable[..., Awaitable[Client]], installation: Installation, provisioner: Provisioner
) -> None:
    tenant = await make_tenant(installation, provisioner, pack=packs.load("light"), staff=_STAFF)
    admin, sales = await client_as("admin", of=tenant), await client_as("sales", of=tenant)
    names = (await admin.data("{ __schema { queryType { fields { name } } } }"))["__schema"]["queryType"]["fields"]
    assert {"customers", "activities"} <= {each["name"] for each in names}
    assert {"leads", "contacts", "opportunities"}.isdisjoint(each["name"] for each in names)

    customer_id = (await sales.data(_CREATE))["createCustomer"]["customer"]["id"]
    activity_id = (await sales.data(_FOLLOW, id=customer_id))["createActivity"]["activity"]["id"]
    assert [each["errors"] for each in (await admin.data(_OWN)).values()] == [[], [], []]
    await sales.data(
        f'mutation {{ updateCustomer(input: {{id: "{customer_id}", set: {{floor_c: 7}}}}) {{ errors {{ code }} }} }}'
    )

    grown = (await admin.data(_GROW))["upgradePack"]

    assert grown == {"pack": {"name": "crm", "version": 1, "conflicts": []}, "errors": []}
    read = await sales.data(_READ, id=customer_id)
    assert read["customer"] == {
        "id": customer_id,
        "name": "海蓝科技有限公司",
        "level": "a",
        "phone": "+8613800138000",
        "floor_c": "7",
        "annualRevenue": None,
        "activities": {"nodes": [{"subject": "首次拜访", "contact": None}]},
    }
    installed = await admin.data("{ installedPacks { name version } }")
    assert installed == {"installedPacks": [{"name": "crm", "version": 1}]}
    definitions = await admin.data(
        '{ fieldDefinitions(filter: {name: {in: ["level", "website"]}, object: {name: {eq: "customer"}}}, '
        "orderBy: [{name: ASC}]) { nodes { labelZh state } } }"
    )
    assert definitions["fieldDefinitions"]["nodes"] == [
        {"labelZh": "重要程度", "state": "live"},
        {"labelZh": "网站", "state": "retired"},
    ]
    lead = await sales.data(
        'mutation { createLead(input: {record: {name: "新线索"}}) { lead { id } errors { code } } }'
    )
    assert lead["createLead"]["errors"] == []
    found = await sales.data(
        f'{{ node(id: "{activity_id}") {{ ... on Activity {{ subject opportunity {{ name }} }} }} }}'
    )
    assert found["node"] == {"subject": "首次拜访", "opportunity": None}
