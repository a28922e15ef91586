"""Dictionaries, and fields that use them, made over HTTP as administrators do it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.builders.mutations import mutate

if TYPE_CHECKING:
    from tests.clients import Client

REGIONS = [
    {"key": "east", "labelZh": "华东", "labelEn": "East"},
    {"key": "north", "labelZh": "华北", "labelEn": "North"},
    {"key": "beijing", "labelZh": "北京"},
]
_ENTRIES = """query ($id: ID!) { dictionaryEntries(filter: {dictionaryId: {eq: $id}}, orderBy: [{position: ASC}]) {
  nodes { id key labelZh labelEn retired parent { key } mergedInto { key } version } } }"""
_CHOICES = """query ($object: String!, $field: String!) {
  fieldDefinitions(filter: {name: {eq: $field}, object: {name: {eq: $object}}}) {
    nodes { options choices(orderBy: [{position: ASC}]) { nodes { key labelZh retired } } } } }"""


async def regions(admin: Client, name: str) -> tuple[str, dict[str, str]]:
    """The id of a dictionary of regions, and the ids of its entries by key."""
    made = await mutate(admin, "createDictionary", "dictionary { id }", name=name, labelZh=name, entries=REGIONS)
    assert made["errors"] == []
    dictionary_id = str(made["dictionary"]["id"])
    return dictionary_id, {each["key"]: each["id"] for each in await entries(admin, dictionary_id)}


async def entries(client: Client, dictionary_id: str) -> list[dict[str, Any]]:  # Any: JSON
    nodes: list[dict[str, Any]] = (await client.data(_ENTRIES, id=dictionary_id))["dictionaryEntries"]["nodes"]
    return nodes


async def choose_from(
    admin: Client, dictionary: str, object_name: str, *, type_: str = "choice", default: str | None = None
) -> str:
    """The API name of a new field that offers the entries of a dictionary; a default is given to the records that are there."""
    options = {"dictionary": f"{dictionary}_c", "default": default}
    field = {"label": {"zh": dictionary}, "name": dictionary, "type": type_, "options": options}
    made = await mutate(admin, "addField", "field", object=object_name, field=field, fillExisting=default is not None)
    assert made["errors"] == []
    return str(made["field"])


async def choices(client: Client, object_name: str, field_name: str) -> list[tuple[str, str, bool]]:
    """Key, words and whether retired, of the choices of a field."""
    found = await client.data(_CHOICES, object=object_name, field=field_name)
    nodes = found["fieldDefinitions"]["nodes"][0]["choices"]["nodes"]
    return [(each["key"], each["labelZh"], each["retired"]) for each in nodes]
