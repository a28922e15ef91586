"""Who knows scopes tells what a token may do; without that, nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from services.permissions import tokens
from services.permissions.policy import NO_RIGHTS

if TYPE_CHECKING:
    from services.permissions import Policy
    from tenants.context import ReadWork
    from tests.builders.tenants import Tenant


def test_nobody_may_do_nothing() -> None:
    found = tokens.no_policy(3)

    assert (found.on("customer"), found.may_define, found.version) == (NO_RIGHTS, False, 3)


async def test_last_who_registered_tells(shared_tenant: Tenant) -> None:
    known = list(tokens._registered)

    async def seven(_: ReadWork) -> Policy:
        return tokens.no_policy(7)

    tokens.narrow_tokens(seven)
    try:
        found = await shared_tenant.read(tokens.policy_of_token)
    finally:
        tokens._registered[:] = known

    assert found.version == 7
