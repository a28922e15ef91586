"""Mutations as a client sends them: one input, one payload."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from schema.metadata.naming import compose_type

if TYPE_CHECKING:
    from tests.clients import Client

ERRORS = "errors { path code }"


async def mutate(client: Client, name: str, members: str = "", /, **given: object) -> Any:  # Any: decoded JSON
    """Its payload: these members beside the errors."""
    kind = compose_type(name, "Input")
    text = f"mutation ($input: {kind}!) {{ done: {name}(input: $input) {{ {members} {ERRORS} }} }}"
    return (await client.data(text, input=given))["done"]


async def refusal(client: Client, name: str, /, **given: object) -> tuple[str, list[str]]:
    """Code and path of the error that stands in the place of a payload."""
    kind = compose_type(name, "Input")
    text = f"mutation ($input: {kind}!) {{ done: {name}(input: $input) {{ {ERRORS} }} }}"
    (error,) = await client.errors(text, input=given)
    return error["extensions"]["code"], error["path"]
