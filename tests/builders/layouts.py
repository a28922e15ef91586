"""Layouts made and asked over HTTP as people do it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.builders.mutations import mutate

if TYPE_CHECKING:
    from tests.clients import Client

_ASKED = """query ($object: String!, $stage: String) { layout(object: $object, stage: $stage) { id stage sections {
  label columns visibleIf { text } fields { field width level writable visibleIf { text } } } } }"""


def section(label: str, *names: str, **given: Any) -> dict[str, Any]:  # Any: JSON
    """A section of fields."""
    return {"labelZh": label, "fields": [{"field": each} for each in names], **given}


async def arrange(admin: Client, object_name: str, *sections: dict[str, Any], **given: object) -> str:  # Any: as above
    """The id of a new layout."""
    made = await mutate(admin, "createLayout", "id", object=object_name, sections=list(sections), **given)
    assert made["errors"] == []
    return str(made["id"])


async def arranged(
    client: Client, object_name: str, stage: str | None = None
) -> dict[str, Any] | None:  # Any: as above
    """The layout that applies to a caller."""
    found: dict[str, Any] | None = (await client.data(_ASKED, object=object_name, stage=stage))["layout"]
    return found


async def placed(client: Client, object_name: str, stage: str | None = None) -> dict[str, list[str]]:
    """The names of the fields by the label of their section."""
    found = await arranged(client, object_name, stage)
    assert found is not None
    return {each["label"]: [one["field"] for one in each["fields"]] for each in found["sections"]}
