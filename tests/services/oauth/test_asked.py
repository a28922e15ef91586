"""Scopes that are asked for: each once, in order, and everything unknown named."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from services.identity import inputs
from services.oauth import asked

if TYPE_CHECKING:
    from tests.builders.tenants import Tenant


async def test_scopes_are_kept_once_and_in_order(shared_tenant: Tenant) -> None:
    draft = inputs.Draft({}, [])

    found = await shared_tenant.read(
        lambda work: asked.scopes(work, draft, ["lead:read", "customer:read", "lead:read"])
    )

    assert (found, draft.violations) == (["customer:read", "lead:read"], [])


@pytest.mark.parametrize(
    ("given", "refused"),
    [
        (["customer:read", "x:read", "y"], [(("scopes", 1), "UNKNOWN_SCOPE"), (("scopes", 2), "UNKNOWN_SCOPE")]),
        ([], [(("scopes",), "REQUIRED")]),
        (None, [(("scopes",), "REQUIRED")]),
    ],
)
async def test_what_is_no_scope_is_named(shared_tenant: Tenant, given: object, refused: list[object]) -> None:
    draft = inputs.Draft({}, [])

    await shared_tenant.read(lambda work: asked.scopes(work, draft, given))

    assert [(each.path, each.fault.code) for each in draft.violations] == refused
