"""A principal knows whether a session must be open, whether a token acts, and whose name stands on what is done."""

from __future__ import annotations

from uuid import UUID

import pytest

from tenants.context import ANONYMOUS, SYSTEM, Principal, PrincipalKind

SOMEBODY = UUID(int=1)


@pytest.mark.parametrize(
    ("principal", "is_anonymous", "has_session", "is_token", "user_id"),
    [
        (ANONYMOUS, True, False, False, None),
        (SYSTEM, False, False, False, None),
        (Principal(PrincipalKind.USER, SOMEBODY), False, True, False, SOMEBODY),
        (Principal(PrincipalKind.USER, SOMEBODY, scopes=("customer:read",)), False, True, True, SOMEBODY),
        (Principal(PrincipalKind.CLIENT, SOMEBODY, scopes=("customer:read",)), False, True, True, None),
        # Without a scope it may do nothing, but it is a token all the same.
        (Principal(PrincipalKind.CLIENT, SOMEBODY), False, True, True, None),
    ],
)
def test_principal_knows_what_it_is(
    principal: Principal, *, is_anonymous: bool, has_session: bool, is_token: bool, user_id: UUID | None
) -> None:
    assert principal.is_anonymous == is_anonymous
    assert (principal.has_session, principal.is_token, principal.user_id) == (has_session, is_token, user_id)
