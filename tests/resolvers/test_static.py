"""Static fields beside the generated ones: faults, refusals and plain answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from resolvers.static import RefusedPayload

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from tests.clients import Client

pytestmark = pytest.mark.integration


async def test_refusal_of_a_static_mutation_is_its_payload(person: Callable[[str], Awaitable[Client]]) -> None:
    admin = await person("admin")

    done = await admin.data(
        "mutation ($input: CreateObjectInput!) { kept: createObject(input: $input) { object errors { path code } } }",
        input={"label": {}, "fields": []},
    )

    assert done["kept"]["object"] is None
    assert [each["code"] for each in done["kept"]["errors"]] == ["LABEL_MISSING"]


async def test_other_faults_of_a_static_mutation_are_errors_with_its_path(
    person: Callable[[str], Awaitable[Client]],
) -> None:
    sales = await person("sales")

    answer = await sales.ask(
        "mutation ($input: CreateObjectInput!) { mine: createObject(input: $input) { object } __typename }",
        {"input": {"label": {"en": "Machine"}}},
    )

    (error,) = answer["errors"]
    assert answer["data"] == {"mine": None, "__typename": "Mutation"}
    assert (error["path"], error["extensions"]["family"]) == (["mine"], "FORBIDDEN")


async def test_static_fields_take_variables_and_fragments(person: Callable[[str], Awaitable[Client]]) -> None:
    sales = await person("sales")

    found = await sales.data(
        "query ($yes: Boolean!) { me { ...M } } fragment M on Me { name roles email @skip(if: $yes) }", yes=True
    )

    assert found == {"me": {"name": "sales", "roles": ["sales"]}}


async def test_wrong_password_answers_no_payload(person: Callable[[str], Awaitable[Client]]) -> None:
    nobody = await person("")

    (error,) = await nobody.errors(
        'mutation { signIn(input: {email: "sales@tenant.example", password: "wrong"}) { accessToken } }'
    )

    assert (error["path"], error["extensions"]["family"]) == (["signIn"], "UNAUTHENTICATED")


def test_refused_payload_has_nothing_but_errors() -> None:
    payload = RefusedPayload([])

    assert payload.errors == []
    assert payload.anything is None
