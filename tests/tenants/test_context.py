"""A principal knows whether a session must be open, and whether a token acts."""

from __future__ import annotations

from uuid import UUID

import pytest

from tenants.context import ANONYMOUS, SYSTEM, Principal, PrincipalKind

SOMEBODY = UUID(int=1)


@pytest.mark.parametrize(
    ("principal", "has_session", "is_token"),
    [
        (ANONYMOUS, False, False),
        (SYSTEM, False, False),
        (Principal(PrincipalKind.USER, SOMEBODY), True, False),
        (Principal(PrincipalKind.USER, SOMEBODY, scopes=("customer:read",)), True, True),
        (Principal(PrincipalKind.CLIENT, SOMEBODY, scopes=("customer:read",)), True, True),
        # Without a scope it may do nothing, but it is a token all the same.
        (Principal(PrincipalKind.CLIENT, SOMEBODY), True, True),
    ],
)
def test_principal_knows_what_it_is(principal: Principal, *, has_session: bool, is_token: bool) -> None:
    assert (principal.has_session, principal.is_token) == (has_session, is_token)
