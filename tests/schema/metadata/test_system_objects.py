"""The platform's objects are declared as data; this compares them with the tables that hold them."""

from __future__ import annotations

import pkgutil
from importlib import import_module

import pytest

from schema import tables
from schema.metadata.definitions import assemble
from schema.metadata.registry import Registry
from schema.metadata.system_objects import FIRST_PACK_NUMBER, SYSTEM_OBJECTS
from schema.tables.base import tenant_metadata

for _module in pkgutil.iter_modules(tables.__path__):
    import_module(f"schema.tables.{_module.name}")

# Columns that nobody reads through the API: secrets, keys of the engine, and what only a verb may show.
HIDDEN = {
    "api_token": {"hash"},
    "audit_entry": {"prev_hash", "hash"},
    "client": {"secret_hash"},
    "choice_option": {"pack_values"},
    "dictionary": {"pack_values"},
    "dictionary_entry": {"pack_values"},
    "field_definition": {"column_name", "pack_values"},
    "index_definition": {"pack_values"},
    "notification": {"dedup_key"},
    "object_definition": {"table_name", "pack_values"},
    "publication": {"undo"},
    "saved_view": {"pack_values"},
    "user": {"password_hash"},
    "validation_rule": {"pack_values"},
}


@pytest.fixture(scope="module")
def registry() -> Registry:
    return assemble((), 1)


@pytest.mark.parametrize("name", SYSTEM_OBJECTS)
def test_object_has_the_columns_of_its_table(registry: Registry, name: str) -> None:
    thing, names = registry.shape.objects[name], registry.names[name]
    declared = {
        f"{names.fields[field.name].column}_{part}" if part else names.fields[field.name].column
        for field in thing.fields
        for part in field.parts
    }

    assert declared == {column.name for column in tenant_metadata.tables[names.table].c} - HIDDEN.get(
        names.table, set()
    )


@pytest.mark.parametrize("name", SYSTEM_OBJECTS)
def test_relation_follows_a_foreign_key(registry: Registry, name: str) -> None:
    thing, names = registry.shape.objects[name], registry.names[name]
    table = tenant_metadata.tables[names.table]

    for field in thing.fields:
        if field.type_name == "relation":
            assert field.relation is not None
            target = registry.names[field.relation.target].table
            keys = table.c[names.fields[field.name].column].foreign_keys
            assert [key.target_fullname for key in keys] == [f"{target}.id"]


def test_numbers_are_the_platforms_and_differ() -> None:
    numbers = [names.number for _, names in SYSTEM_OBJECTS.values()]

    assert sorted(numbers) == list(range(1, len(numbers) + 1))
    assert max(numbers) < FIRST_PACK_NUMBER


def test_nothing_of_the_platform_is_written_by_generated_mutations() -> None:
    assert all(field.read_only for thing, _ in SYSTEM_OBJECTS.values() for field in thing.fields)
