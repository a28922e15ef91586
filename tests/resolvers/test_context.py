"""[G1] Host or `X-Tenant` names the tenant, the token is of that tenant, and neither can be half right."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from resolvers import context
from resolvers.context import find_origin, find_placement, find_principal, language_of
from resolvers.refusals import BearerExpected, TenantAmbiguous, TenantMissing, TenantUnknown
from tenants.clock import monotonic
from tenants.context import ANONYMOUS, PrincipalKind
from tenants.errors import Fault
from tenants.keys import ExpiredToken, WrongTenant
from tests.builders.tenants import ORIGIN

if TYPE_CHECKING:
    from tenants.context import Principal
    from tenants.installation import Installation
    from tests.builders.tenants import Tenant


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        ("", "en"),
        ("zh-CN,zh;q=0.9,en;q=0.8", "zh"),
        ("en-GB,zh;q=0.9", "en"),
        ("fr, zh;q=0.3", "zh"),
        ("de", "en"),
        ("en;q=0.1, zh-Hant;q=0.2", "zh"),
        ("zh;q=0", "en"),
        ("zh;q=nonsense", "en"),
    ],
)
def test_language_is_the_preferred_of_two(accept: str, expected: str) -> None:
    assert language_of(accept) == expected


def test_request_id_is_taken_over_if_it_looks_like_one() -> None:
    assert find_origin({"x-request-id": "order-4711.a"}, "192.0.2.1", longest_ms=1000).request_id == "order-4711.a"
    for odd in ("", "short", "a" * 65, "with space here", "<script>alert"):
        assert len(find_origin({"x-request-id": odd}, "", longest_ms=1000).request_id) == 32


def test_origin_keeps_a_bounded_agent() -> None:
    assert find_origin({"user-agent": "x" * 1000}, "192.0.2.1", longest_ms=1000).agent == "x" * 300


@pytest.mark.parametrize(
    ("asked", "least", "most"),
    [("", 59, 60), ("2500", 2, 2.5), ("90000", 59, 60), ("0", 59, 60), ("-1", 59, 60), ("1e9", 59, 60)],
)
def test_caller_may_wait_less_long_than_allowed(asked: str, least: float, most: float) -> None:
    began = monotonic()

    deadline = find_origin({"x-timeout-ms": asked}, "", longest_ms=60_000).deadline

    assert least < deadline - began
    assert deadline <= monotonic() + most


@pytest.mark.integration
@pytest.mark.parametrize(
    "headers",
    [
        {"host": "shared.localhost"},
        {"host": "SHARED.localhost:8000"},
        {"host": "shared.localhost."},
        {"host": "shared.localhost" + "." * 1000},
        {"host": "api.example", "x-tenant": "shared"},
        {"host": "shared.localhost", "x-tenant": " Shared "},
    ],
)
async def test_tenant_is_named_by_host_or_header(
    installation: Installation, shared_tenant: Tenant, headers: dict[str, str]
) -> None:
    found = await find_placement(installation.catalog, headers, "localhost")

    assert found == shared_tenant.placement


@pytest.mark.integration
@pytest.mark.parametrize(
    ("headers", "fault"),
    [
        ({}, TenantMissing),
        ({"host": "localhost:8000"}, TenantMissing),
        ({"host": "shared.elsewhere.example"}, TenantMissing),
        ({"host": "nobody.localhost"}, TenantUnknown),
        ({"x-tenant": "no such'; --"}, TenantUnknown),
        ({"host": "a.b.localhost"}, TenantMissing),
        ({"host": "shared.localhost", "x-tenant": "other"}, TenantAmbiguous),
    ],
)
async def test_anything_else_is_refused(
    installation: Installation, shared_tenant: Tenant, headers: dict[str, str], fault: type[Fault]
) -> None:
    assert shared_tenant.placement.slug == "shared"

    with pytest.raises(fault):
        await find_placement(installation.catalog, headers, "localhost")


async def principal_of(tenant: Tenant, headers: dict[str, str]) -> Principal:
    return await find_principal(tenant.installation, tenant.placement, headers, ORIGIN)


@pytest.mark.integration
async def test_bearer_is_the_user_of_its_session(shared_tenant: Tenant) -> None:
    headers = {"authorization": f"bearer {await shared_tenant.token('sales')}"}

    found = await principal_of(shared_tenant, headers)

    assert (found.kind, found.id) == (PrincipalKind.USER, shared_tenant.user_id("sales"))
    assert await principal_of(shared_tenant, {}) == ANONYMOUS


@pytest.mark.integration
@pytest.mark.parametrize("authorization", ["Basic YTpi", "Bearer", "Bearer  ", "nonsense", "Bearer " + "x" * 5000])
async def test_what_is_no_bearer_is_refused(shared_tenant: Tenant, authorization: str) -> None:
    with pytest.raises(BearerExpected):
        await principal_of(shared_tenant, {"authorization": authorization})


@pytest.mark.integration
async def test_token_of_another_tenant_is_refused(shared_tenant: Tenant, other_tenant: Tenant) -> None:
    headers = {"authorization": f"Bearer {await other_tenant.token('admin')}"}

    with pytest.raises(WrongTenant):
        await principal_of(shared_tenant, headers)


@pytest.mark.integration
async def test_outlived_token_is_refused(installation: Installation, shared_tenant: Tenant) -> None:
    past = int((installation.clock() - timedelta(minutes=1)).timestamp())
    claims: dict[str, str | int] = {
        "sub": str(shared_tenant.user_id("sales")),
        "sid": "x",
        "iat": past - 600,
        "exp": past,
    }
    token = await installation.keys.sign(shared_tenant.placement, claims)

    with pytest.raises(ExpiredToken):
        await principal_of(shared_tenant, {"authorization": f"Bearer {token}"})


def test_a_host_longer_than_a_name_can_be_is_not_kept() -> None:
    assert context._slug_of_host("acme.kezhi.example", "kezhi.example") == "acme"
    kept = context._first_label.cache_info().currsize

    assert context._slug_of_host("acme.kezhi.example:" + "0" * 300, "kezhi.example") == "acme"

    assert context._first_label.cache_info().currsize == kept
