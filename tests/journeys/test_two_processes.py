"""[A1] A field that an administrator adds is there for everybody at the next request, whichever process answers it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from httpx2 import AsyncClient

from tests.builders.processes import api
from tests.clients import Client

if TYPE_CHECKING:
    from pathlib import Path

    from tenants.settings import Settings
    from tests.builders.tenants import Tenant

pytestmark = pytest.mark.integration

CREATE = "mutation ($name: String!) { createCustomer(input: {record: {name: $name}}) { customer { id } } }"
ADD = """mutation {
  addField(input: {object: "customer", field: {label: {zh: "设备型号", en: "Equipment model"}, type: "text"}}) {
    field errors { code }
  }
}"""
FILL = """mutation ($id: ID!) {
  updateCustomer(input: {id: $id, set: {sheBeiXingHao_c: "KZ-100"}}) {
    customer { sheBeiXingHao_c version } errors { code }
  }
}"""
FIND = """{
  customers(filter: {sheBeiXingHao_c: {eq: "KZ-100"}}, orderBy: [{sheBeiXingHao_c: ASC}]) {
    totalCount nodes { name sheBeiXingHao_c }
  }
}"""
RETIRE = 'mutation { retireField(input: {object: "customer", field: "sheBeiXingHao_c"}) { errors { code } } }'


async def test_field_is_used_in_another_process_three_requests_later(
    tenant: Tenant, settings: Settings, tmp_path: Path
) -> None:
    headers = {"X-Tenant": tenant.placement.slug}
    async with (
        api(settings, tmp_path, 1) as (_, one_url),
        api(settings, tmp_path, 2) as (_, other_url),
        AsyncClient(base_url=one_url, headers=headers) as one,
        AsyncClient(base_url=other_url, headers=headers) as other,
    ):
        admin, sales = Client(one, await tenant.token("admin")), Client(other, await tenant.token("sales"))
        # Both know the tenant as it was.
        made = await sales.data(CREATE, name="苏州启元精密机械有限公司")
        await sales.data(CREATE, name="无锡远景科技有限公司")
        known = await admin.data("{ customers { totalCount } }")
        unknown = await sales.errors(FIND)

        added = await admin.data(ADD)
        filled = await sales.data(FILL, id=made["createCustomer"]["customer"]["id"])
        found = await sales.data(FIND)

        retired = await Client(other, admin.token).data(RETIRE)
        gone = await Client(one, sales.token).errors(FIND)

    assert known == {"customers": {"totalCount": 2}}
    assert {each["extensions"]["code"] for each in unknown} == {"DOCUMENT_INVALID"}
    assert added == {"addField": {"field": "sheBeiXingHao_c", "errors": []}}
    assert filled["updateCustomer"] == {"customer": {"sheBeiXingHao_c": "KZ-100", "version": 2}, "errors": []}
    assert found["customers"] == {
        "totalCount": 1, "nodes": [{"name": "苏州启元精密机械有限公司", "sheBeiXingHao_c": "KZ-100"}],
    }  # fmt: skip
    assert retired == {"retireField": {"errors": []}}
    assert {each["extensions"]["code"] for each in gone} == {"DOCUMENT_INVALID"}
