"""[G2] Delegations are nothing for nobody in particular."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from tests.clients import Client


async def test_nobody_in_particular_delegates_nothing(client_as: Callable[..., Awaitable[Client]]) -> None:
    nobody = await client_as()

    answer = await nobody.ask('mutation { endDelegation(input: {id: "x"}) { errors { code } } }')

    assert (answer.get("data"), answer["errors"][0]["extensions"]["code"]) == (None, "UNAUTHENTICATED")
