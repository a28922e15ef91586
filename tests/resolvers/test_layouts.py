"""[A6] Layouts over HTTP: in the language of the request, and for whoever is signed in."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from tests.builders.layouts import arrange

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from tests.clients import Client

    Person = Callable[[str], Awaitable[Client]]

ASKED = '{ layout(object: "campaign") { object sections { label visibleIf { text tree } fields { field type label required } } } }'


async def test_a_form_is_told_in_the_language_of_the_request(person: Person) -> None:
    admin = await person("admin")
    given = {"labelZh": "基本", "labelEn": "Basics", "fields": [{"field": "name"}], "visibleIf": "name != null"}
    await arrange(admin, "campaign", given)
    english = type(admin)(admin.http, admin.token, {"Accept-Language": "en"})

    found = (await english.data(ASKED))["layout"]

    (section,) = found["sections"]
    assert (found["object"], section["label"], section["visibleIf"]["text"]) == ("campaign", "Basics", "name != null")
    assert list(json.loads(section["visibleIf"]["tree"])) == ["call"]
    assert section["fields"] == [{"field": "name", "type": "text", "label": "Name", "required": True}]


async def test_nobody_in_particular_is_told_nothing(person: Person) -> None:
    (error,) = await (await person("")).errors(ASKED)

    assert error["extensions"]["code"] == "UNAUTHENTICATED"


async def test_those_who_may_not_define_do_not_see_all_layouts(person: Person) -> None:
    (error,) = await (await person("sales")).errors('{ layouts(object: "campaign") { id } }')

    assert error["extensions"]["code"] == "FORBIDDEN"
