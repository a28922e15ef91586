"""[A10] Definitions that a pilot withholds are not there for whoever does not define, in whatever way they are asked for."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from services import field_rules, pilots
from tests.builders import pilots as building
from tests.builders.derived import define, field
from tests.builders.field_rules import choices, require
from tests.builders.oauth import personal_token

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from tests.builders.tenants import Tenant
    from tests.clients import Client

pytestmark = [pytest.mark.anyio, pytest.mark.integration]

ASKED = """query ($objects: [String!]) {
  objectDefinitions(filter: {name: {in: $objects}}, orderBy: {name: ASC}) { totalCount nodes { name
    fields(orderBy: {name: ASC}) { nodes { name choices { nodes { key } } } } validationRules { nodes { name } } indexes { nodes { name } } } }
  fieldDefinitions(filter: {object: {name: {in: $objects}}}, orderBy: {name: ASC}) { nodes { name } }
  choiceOptions(filter: {field: {object: {name: {in: $objects}}}}) { totalCount }
  validationRules(filter: {object: {name: {in: $objects}}}) { nodes { name object { name } } }
  indexDefinitionsAggregate(filter: {object: {name: {in: $objects}}}) { count }
}"""


def names(found: dict[str, Any]) -> list[str]:
    return sorted(each["name"] for each in found["nodes"])


async def test_forms_are_drawn_of_what_is_there_for_their_reader(
    company: Tenant, person: Callable[[str], Awaitable[Client]]
) -> None:
    base = await define(company, "stock", field("code", "text"), field("rank", "choice", choices=choices("a", "b")))
    whole = await define(company, "stocked", field("kind", "choice", choices=choices("x")))
    kept, hidden = [(await require(company, base, text, name=text)).id for text in ("code_c != 'x'", "code_c != 'y'")]
    unique = await company.define(
        lambda work: field_rules.create_unique_rule(work, base, ["code_c", "rank_c"]), person="admin"
    )
    started = await building.start(
        company, whole, f"{base}.rank_c", rules=[hidden, unique.id], people=["director"], is_new=True
    )

    async def told(who: str) -> tuple[Any, ...]:  # Any: counts and names
        found = await (await person(who)).data(ASKED, objects=[base, whole])
        (first, *_) = found["objectDefinitions"]["nodes"]
        return (
            names(found["objectDefinitions"]),
            found["objectDefinitions"]["totalCount"],
            names(first["fields"]),
            names(first["validationRules"]),
            len(first["indexes"]["nodes"]),
            names(found["fieldDefinitions"]),
            found["choiceOptions"]["totalCount"],
            names(found["validationRules"]),
            found["indexDefinitionsAggregate"][0]["count"],
        )

    everything = (
        [base, whole],
        2,
        ["code_c", "rank_c"],
        ["code_c != 'x'", "code_c != 'y'"],
        1,
        ["code_c", "kind_c", "rank_c"],
        3,
        ["code_c != 'x'", "code_c != 'y'"],
        1,
    )
    outside = ([base], 1, ["code_c"], ["code_c != 'x'"], 0, ["code_c"], 0, ["code_c != 'x'"], 0)
    assert [await told(each) for each in ("director", "admin")] == [everything, everything]
    assert [await told(each) for each in ("sales", "manager")] == [outside, outside]
    token = (await personal_token(await person("sales"), ["metadata:read"]))["token"]
    shown = await replace(await person("sales"), token=token).data(
        "query ($o: [String!]) { fieldDefinitions(filter: {object: {name: {in: $o}}}) { nodes { name } } }",
        o=[base, whole],
    )
    assert names(shown["fieldDefinitions"]) == ["code_c"]
    assert kept != hidden
    await company.define(lambda work: pilots.release_pilot(work, started.id), person="admin")
    assert await told("sales") == everything
