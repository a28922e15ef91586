"""Saved views made and read over HTTP as people do it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.builders.mutations import mutate

if TYPE_CHECKING:
    from tests.clients import Client

MEMBERS = "name objectName kind sharedWith filter orderBy groupBy columns settings"
_BY_NAME = f"query ($name: String!) {{ savedViews(filter: {{name: {{eq: $name}}}}) {{ nodes {{ {MEMBERS} }} }} }}"


async def keep(client: Client, name: str, *, object_name: str = "customer", **given: Any) -> str:  # Any: JSON
    """The id of a new view."""
    made = await mutate(client, "createSavedView", "savedView { id }", object=object_name, name=name, **given)
    assert made["errors"] == []
    return str(made["savedView"]["id"])


async def seen(client: Client, name: str) -> list[dict[str, Any]]:  # Any: as above
    """The views of that name that a caller sees, without what they do not say."""
    nodes = (await client.data(_BY_NAME, name=name))["savedViews"]["nodes"]
    return [{key: value for key, value in node.items() if value not in (None, [])} for node in nodes]
