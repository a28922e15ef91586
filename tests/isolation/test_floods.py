"""[G1] One caller's request must not take the others' time: what is cheap to send is cheap to refuse."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from tests.clients import Client

pytestmark = pytest.mark.integration

FILTERED = "query ($filter: CustomerFilter) { customers(filter: $filter) { totalCount } }"
SIGN_IN = "mutation ($text: String!) { signIn(input: {email: $text, password: $text}) { accessToken } }"
# Spread side by side, each fragment is compared with every other.
SPREAD = " ".join(f"...f{n}" for n in range(500))
FRAGMENTS = " ".join(f"fragment f{n} on Me {{ name }}" for n in range(500))


def codes(answer: dict[str, list[dict[str, dict[str, str]]]]) -> list[str]:
    return [each["extensions"]["code"] for each in answer["errors"]]


async def test_filter_of_a_hundred_thousand_conditions_is_refused_before_it_is_read(
    call: Callable[..., Awaitable[Client]],
) -> None:
    sales = await call("sales")

    answer = await sales.ask(FILTERED, {"filter": {"or": [{"name": {"eq": "x"}}] * 100_000}})

    assert codes(answer) == ["TOO_MANY_INPUT_OBJECTS"]


async def test_list_of_a_million_values_is_refused_before_it_is_read(call: Callable[..., Awaitable[Client]]) -> None:
    sales = await call("sales")

    answer = await sales.ask(FILTERED, {"filter": {"id": {"in": ["x"] * 1_000_000}}})

    assert codes(answer) == ["TOO_MANY_INPUT_VALUES"]


async def test_fragments_that_are_all_compared_are_given_up_on(call: Callable[..., Awaitable[Client]]) -> None:
    nobody = await call()

    answer = await nobody.ask(f"{{ me {{ {SPREAD} }} }} {FRAGMENTS}")

    assert [each["message"] for each in answer["errors"]] == ["Validation aborted."]
    assert codes(answer) == ["DOCUMENT_INVALID"]


async def test_fragments_of_a_large_client_are_answered(call: Callable[..., Awaitable[Client]]) -> None:
    sales = await call("sales")
    spread = " ".join(f"...f{n}" for n in range(60))
    fragments = " ".join(f"fragment f{n} on Customer {{ id name owner {{ id name }} }}" for n in range(60))

    answer = await sales.data(f"{{ customers(first: 0) {{ nodes {{ {spread} }} }} }} {fragments}")

    assert answer == {"customers": {"nodes": []}}


async def test_sign_in_with_a_million_combining_marks_is_refused_like_any(
    call: Callable[..., Awaitable[Client]],
) -> None:
    """Sorted by insertion they would keep the process for hours."""
    nobody = await call()

    answer = await nobody.ask(SIGN_IN, {"text": "a" + "\u0301" * 500_000 + "\u0316" * 500_000})

    assert codes(answer) == ["SIGN_IN_REFUSED"]


@pytest.mark.parametrize("number", ["1e999999999", "-1e-999999999"])
async def test_number_that_would_fill_the_memory_is_not_written_out(
    call: Callable[..., Awaitable[Client]], number: str
) -> None:
    sales = await call("sales")

    answer = await sales.ask(f"{{ opportunities(filter: {{amount: {{amount: {{gt: {number}}}}}}}) {{ totalCount }} }}")

    assert codes(answer) == ["DOCUMENT_INVALID"]
