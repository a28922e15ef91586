"""[A6] Parts are checked one by one; each refusal names its place, and nobody keeps what he may not read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.builders.mutations import mutate, refusal

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from tests.clients import Client

    Person = Callable[[str], Awaitable[Client]]

DEEP: dict[str, Any] = {"name": "ASC"}
for _ in range(20):
    DEEP = {"owner": DEEP}
VERY_DEEP: dict[str, Any] = {"name": {"eq": "x"}}
for _ in range(450):
    VERY_DEEP = {"and": [VERY_DEEP]}
WRONG = [
    ({"filter": {"name": {"like": "x"}}}, ["filter"], "OPERATOR_NOT_OFFERED"),
    ({"filter": {"level": {"eq": "z"}}}, ["filter"], "UNKNOWN_CHOICE"),
    ({"filter": {"ownerId": {"eq": "you"}}}, ["filter"], "NOT_AN_ID"),
    ({"filter": [1]}, ["filter"], "WRONG_OPERAND"),
    ({"orderBy": "name"}, ["orderBy"], "PART_MALFORMED"),
    ({"orderBy": [{"name": "ASC", "level": "ASC"}]}, ["orderBy", "0"], "PART_MALFORMED"),
    ({"orderBy": [{"name": ["ASC"]}]}, ["orderBy", "0"], "PART_MALFORMED"),
    ({"orderBy": [{"name": {}}]}, ["orderBy", "0"], "PART_MALFORMED"),
    ({"groupBy": [{"level": ["a"]}]}, ["groupBy", "0"], "PART_MALFORMED"),
    ({"filter": VERY_DEEP}, ["filter"], "JSON_TOO_DEEP"),
    ({"orderBy": [VERY_DEEP]}, ["orderBy"], "JSON_TOO_DEEP"),
    ({"orderBy": [{"owner": "ASC"}]}, ["orderBy", "0"], "NOT_SORTABLE"),
    ({"orderBy": [DEEP]}, ["orderBy", "0"], "PART_MALFORMED"),
    ({"groupBy": [{"createdAt": "EON"}]}, ["groupBy", "0"], "NOT_GROUPABLE"),
    ({"groupBy": [{"level": None}]}, ["groupBy", "0"], "PART_MALFORMED"),
    ({"columns": [{"field": "name", "width": 0}]}, ["columns", "0"], "PART_MALFORMED"),
    ({"columns": [{"field": "name", "colour": "red"}]}, ["columns", "0"], "PART_MALFORMED"),
    ({"columns": [{"field": "name"}] * 101}, ["columns"], "TOO_MANY_PARTS"),
    ({"settings": {"columns": "level"}}, ["settings", "columns"], "UNKNOWN_SETTING"),
    ({"settings": 7}, ["settings"], "PART_MALFORMED"),
    ({"sharedWith": {"everybody": False}}, ["sharedWith"], "PART_MALFORMED"),
]


@pytest.mark.parametrize(("given", "path", "code"), WRONG)
async def test_a_part_that_does_not_fit_is_refused_at_its_place(
    person: Person, given: dict[str, Any], path: list[str], code: str
) -> None:
    answer = await mutate(await person("sales"), "createSavedView", object="customer", name="错", **given)

    assert answer == {"errors": [{"path": path, "code": code}]}


async def test_numbers_and_days_come_back_as_they_were_said(person: Person) -> None:
    given = {"amount": {"amount": {"gte": "100.5", "lt": 20000000}}, "closeOn": {"within": {"to": 30, "unit": "DAY"}}}
    kept = await mutate(
        await person("sales"), "createSavedView", "savedView { filter }", object="opportunity", name="数", filter=given
    )

    assert kept == {"savedView": {"filter": given}, "errors": []}


@pytest.mark.parametrize(
    "given",
    [
        {"filter": {"changes": {"isEmpty": False}}, "object": "auditEntry"},
        {"columns": [{"field": "details"}], "object": "auditEntry"},
    ],
)
async def test_nobody_keeps_a_view_of_what_he_may_not_read(person: Person, given: dict[str, Any]) -> None:
    assert await refusal(await person("sales"), "createSavedView", name="窥视", **given) == (
        "OBJECT_NOT_READABLE",
        ["done"],
    )


async def test_form_of_settings_is_told_for_the_kind(person: Person) -> None:
    document = """mutation ($i: CreateSavedViewInput!) { createSavedView(input: $i) { errors { path message } } }"""
    given = {"object": "customer", "name": "错", "kind": "kanban", "settings": ["level"]}

    done = (await (await person("sales")).data(document, i=given))["createSavedView"]

    assert [each["message"] for each in done["errors"]] == ['This does not have the form {"columns": "fieldName"}.']
