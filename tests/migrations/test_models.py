"""Each history, applied to nothing, gives what the models say; and taken back, it leaves nothing."""

from __future__ import annotations

import importlib
import pkgutil
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import pytest

import schema.tables
from schema.tables.base import tenant_metadata
from tenants import administration
from tenants.catalog_tables import catalog_metadata
from tenants.cells import cell_metadata
from tenants.history import history
from tenants.script_text import fill
from tests.migrations.shapes import SCRATCH, create_all, shape

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    import sqlalchemy as sa

    from tenants.connection import Connection
    from tenants.history import HistoryName
    from tenants.installation import Installation

pytestmark = pytest.mark.integration

for module in pkgutil.iter_modules(schema.tables.__path__):
    importlib.import_module(f"schema.tables.{module.name}")

MODELS: dict[HistoryName, tuple[str, sa.MetaData]] = {
    "catalog": ("public", catalog_metadata),
    "cell": ("kezhi", cell_metadata),
    "tenant": ("t_in_test", tenant_metadata),
}


@asynccontextmanager
async def empty(installation: Installation, schema_name: str) -> AsyncIterator[Connection]:
    """A transaction that is rolled back, in a database where this schema is empty."""
    address = administration.administrator(installation.settings.database, "template1")
    async with administration.connected(address) as connection:
        await connection.control("BEGIN")
        await connection.control(fill("CREATE SCHEMA IF NOT EXISTS @schema@", {"schema": schema_name}))
        await connection.control(fill("SET LOCAL search_path = @schema@", {"schema": schema_name}))
        try:
            yield connection
        finally:
            await connection.control("ROLLBACK")


def places(schema_name: str) -> dict[str, str]:
    """The names of a revision's places; whoever is the administrator stands in for every role."""
    return dict.fromkeys(("catalog", "tenants", "relay", "sequencer", "runtime"), "postgres") | {"schema": schema_name}


@pytest.mark.parametrize("name", MODELS)
async def test_empty_to_head_equals_the_models(installation: Installation, name: HistoryName) -> None:
    schema_name, metadata = MODELS[name]

    async with empty(installation, schema_name) as connection:
        for revision in history(name).revisions:
            await connection.control(fill(revision.upgrade, places(schema_name)))
        await create_all(connection, metadata)
        migrated, modelled = await shape(connection, schema_name), await shape(connection, SCRATCH)

    assert migrated == modelled
    assert len(migrated) > len(metadata.tables)


@pytest.mark.parametrize("name", MODELS)
async def test_every_revision_goes_up_and_down(installation: Installation, name: HistoryName) -> None:
    schema_name, _ = MODELS[name]
    shapes: list[list[str]] = []

    async with empty(installation, schema_name) as connection:
        for revision in history(name).revisions:
            shapes.append(await shape(connection, schema_name))
            await connection.control(fill("SET LOCAL search_path = @schema@", {"schema": schema_name}))
            await connection.control(fill(revision.upgrade, places(schema_name)))
        for revision, before in zip(reversed(history(name).revisions), reversed(shapes), strict=True):
            await connection.control(fill("SET LOCAL search_path = @schema@", {"schema": schema_name}))
            await connection.control(fill(revision.downgrade, places(schema_name)))
            assert await shape(connection, schema_name) == before


@pytest.mark.parametrize("name", MODELS)
def test_revisions_are_numbered_in_one_line(name: HistoryName) -> None:
    revisions = history(name).revisions

    assert [revision.id for revision in revisions] == [f"{number:04}" for number in range(1, len(revisions) + 1)]
    assert [revision.before for revision in revisions[1:]] == [revision.id for revision in revisions[:-1]]
