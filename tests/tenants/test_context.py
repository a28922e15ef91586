"""A principal knows whether a session must be open, whether a token acts, and whose name stands on what is done."""

from __future__ import annotations

from uuid import UUID

import pytest

from tenants.context import ANONYMOUS, SYSTEM, Principal, PrincipalKind

SOMEBODY = UUID(int=1)


@pytest.mark.parametrize(
    ("principal", "has_session", "is_token", "user_id"),
    [
        (ANONYMOUS, False, False, None),
        (SYSTEM, False, False, None),
        (Principal(PrincipalKind.USER, SOMEBODY), True, False, SOMEBODY),
        (Principal(PrincipalKind.USER, SOMEBODY, scopes=("customer:read",)), True, True, SOMEBODY),
        (Principal(PrincipalKind.CLIENT, SOMEBODY, scopes=("customer:read",)), True, True, None),
        # Without a scope it may do nothing, but it is a token all the same.
        (Principal(PrincipalKind.CLIENT, SOMEBODY), True, True, None),
    ],
)
def test_principal_knows_what_it_is(
    principal: Principal, *, has_session: bool, is_token: bool, user_id: UUID | None
) -> None:
    assert (principal.has_session, principal.is_token, principal.user_id) == (has_session, is_token, user_id)
