"""[A11] A designer asks for its palette over HTTP, and what the schema of a type allows is taken."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from tests.builders.mutations import mutate

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from tests.clients import Client

    Person = Callable[[str], Awaitable[Client]]

ASKED = "{ palette { types { name label output filter functions unique schema } limits { name max code } } }"


async def test_types_and_limits_are_told(person: Person) -> None:
    admin = await person("admin")

    found = (await admin.data(ASKED))["palette"]

    types = {each["name"]: each for each in found["types"]}
    rating = types["rating"]
    assert {**rating, "schema": None} == {
        "name": "rating", "label": "Rating", "output": "Int", "filter": "IntFilter",
        "functions": ["sum", "avg", "min", "max"], "unique": False, "schema": None,
    }  # fmt: skip
    stars = json.loads(rating["schema"])["properties"]["options"]["properties"]["stars"]
    assert stars == {"type": "integer", "minimum": 1, "maximum": 10}
    assert {"name": "fields", "max": 300, "code": "TOO_MANY_FIELDS"} in found["limits"]
    made = await mutate(
        admin, "addField", "field", object="customer",
        field={"type": "rating", "label": {"zh": "星级"}, "name": "stars", "options": {"stars": stars["maximum"]}},
    )  # fmt: skip
    assert made == {"field": "stars_c", "errors": []}


async def test_others_are_refused(person: Person) -> None:
    (error,) = await (await person("sales")).errors(ASKED)

    assert error["extensions"]["code"] == "FORBIDDEN"
