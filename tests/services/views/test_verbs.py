"""[A6] Views belong to people: no token of the API keeps or shares them, and none that nobody in particular could name."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from services import verbs
from services.verbs import Access

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from tests.clients import Client

    Person = Callable[[str], Awaitable[Client]]


@pytest.mark.parametrize(
    ("name", "access"),
    [
        ("createSavedView", Access.PERSON),
        ("updateSavedView", Access.PERSON),
        ("deleteSavedView", Access.PERSON),
        ("setDefaultView", Access.ADMINISTRATOR),
    ],
)
def test_views_are_kept_by_people(name: str, access: Access) -> None:
    found = verbs.definition(name)

    assert found is not None
    assert found.asks.access is access


async def test_nobody_in_particular_keeps_none(person: Person) -> None:
    nobody = await person("")

    (error,) = await nobody.errors(
        'mutation { createSavedView(input: {object: "customer", name: "x"}) { errors { code } } }'
    )

    assert error["extensions"]["code"] == "UNAUTHENTICATED"
