"""[G4] The mutations of sharing are nothing for nobody in particular."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from tests.clients import Client

    ClientAs = Callable[..., Awaitable[Client]]


@pytest.mark.parametrize("name", ["shareRecord", "unshareRecord"])
async def test_nobody_in_particular_shares_nothing(client_as: ClientAs, name: str) -> None:
    nobody = await client_as()
    reach = ', reach: "read"' if name == "shareRecord" else ""

    answer = await nobody.ask(f'mutation {{ {name}(input: {{recordId: "x"{reach}}}) {{ errors {{ code }} }} }}')

    assert (answer.get("data"), answer["errors"][0]["extensions"]["code"]) == (None, "UNAUTHENTICATED")
