"""What a token of the API may do: told by whoever knows scopes, which stands above permissions and registers here.

Where nobody has registered, a token may do nothing.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, TypeAlias

from services.permissions.policy import Policy, freeze

if TYPE_CHECKING:
    from tenants.context import ReadWork

PolicyOfToken: TypeAlias = Callable[["ReadWork"], Awaitable[Policy]]

_registered: list[PolicyOfToken] = []


def narrow_tokens(by: PolicyOfToken) -> None:
    """From now on this tells what a token may do."""
    _registered[:] = [by]


async def policy_of_token(work: ReadWork) -> Policy:
    """What the token that acts may do, as it is stored now."""
    return await _registered[0](work) if _registered else no_policy(work.versions.access)


def no_policy(version: int) -> Policy:
    """The policy of whoever may do nothing."""
    return Policy(freeze({}), version)
