from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from services.events import Kind
from services.permissions import Verb
from services.records import scopes, statements
from services.records.targets import open_target
from services.records.trace import Deed
from services.records.writing import write_locked
from tenants.context import Versions
from tenants.errors import Stale
from tests.builders.records import Traces, create_one, stored, traces

if TYPE_CHECKING:
    from tenants.context import Work
    from tests.builders.tenants import Tenant


@pytest.mark.parametrize("versions", [Versions(metadata=99, access=0), Versions(metadata=0, access=99)])
async def test_an_outdated_statement_writes_nothing(tenant: Tenant, versions: Versions) -> None:
    """Both numbers are compared by the statement itself, whatever the process believes."""
    made = await create_one(tenant, "customer", name="甲")

    async def outdated(work: Work) -> None:
        target = await open_target(work, "customer", Verb.DELETE)
        stale = replace(
            work,
            versions=Versions(versions.metadata or work.versions.metadata, versions.access or work.versions.access),
        )
        rows = [{"id": str(made), "version": 1, "v0": str(made)}]
        template = statements.deletion("customer", scopes.EVERYWHERE)
        with pytest.raises(Stale):
            await write_locked(replace(target, work=stale), template, Kind.DELETED, [Deed(made, 2)], rows)

    await tenant.write(outdated)

    assert (await stored(tenant, "customer", made))["deleted_at"] is None
    assert await traces(tenant) == Traces(1, 1, 1)


async def test_a_record_that_left_the_scope_in_between_is_stale(tenant: Tenant) -> None:
    made = await create_one(tenant, "customer", name="甲")

    async def of_another_version(work: Work) -> None:
        target = await open_target(work, "customer", Verb.DELETE)
        rows = [{"id": str(made), "version": 7, "v0": str(made)}]
        template = statements.deletion("customer", scopes.EVERYWHERE)
        with pytest.raises(Stale):
            await write_locked(target, template, Kind.DELETED, [Deed(made, 8)], rows)

    await tenant.write(of_another_version)

    assert await traces(tenant) == Traces(1, 1, 1)
