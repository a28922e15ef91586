"""[G2] Definition work locks its tenant's state, so nobody gets as far as opening it without the right to define."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from tenants.context import DefinitionWork
    from tests.builders.tenants import Tenant
    from tests.clients import Client

pytestmark = pytest.mark.integration

ADD_FIELD = 'addField(input: {object: "customer", field: {label: {zh: "颜色"}, type: "text"}}) { errors { code } }'
NEW_DEPARTMENT = 'createDepartment(input: {name: "新部门", clientMutationId: "once"}) { errors { code } }'


@pytest.mark.parametrize("mutation", [ADD_FIELD, NEW_DEPARTMENT])
@pytest.mark.parametrize(
    ("person", "code"), [("", "UNAUTHENTICATED"), ("sales", "FORBIDDEN"), ("finance", "FORBIDDEN")]
)
async def test_refusal_does_not_wait_for_a_definition_that_is_under_way(
    shared_tenant: Tenant, call: Callable[..., Awaitable[Client]], mutation: str, person: str, code: str
) -> None:
    caller = await call(person)

    async def refused_meanwhile(_: DefinitionWork) -> dict[str, Any]:  # Any: an answer has the shape of its question
        return await caller.ask(f"mutation {{ {mutation} }}")

    answer = await shared_tenant.define(refused_meanwhile)

    assert [each["extensions"]["code"] for each in answer["errors"]] == [code]
