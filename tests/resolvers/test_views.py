"""[A6] Which view comes first is asked over HTTP by whoever is signed in, and by nobody else."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from tests.clients import Client

    Person = Callable[[str], Awaitable[Client]]

ASKED = '{ defaultView(object: "customer") }'


async def test_where_no_view_was_named_none_comes_first(person: Person) -> None:
    assert await (await person("sales")).data(ASKED) == {"defaultView": None}


async def test_nobody_in_particular_is_refused(person: Person) -> None:
    (error,) = await (await person("")).errors(ASKED)

    assert error["extensions"]["code"] == "UNAUTHENTICATED"
