"""The harness itself: what tests stand on holds."""

from __future__ import annotations

import os
import subprocess
import time
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from schema.tables.permissions import department, user
from tests import coverage, loopback, servers

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from pathlib import Path

    from tenants.context import ReadWork
    from tests.builders.tenants import Tenant
    from tests.clients import Client


async def people(work: ReadWork) -> list[str]:
    return [row["name"] for row in await work.session.rows(sa.select(user.c.name).order_by(user.c.name))]


async def test_tenant_comes_with_its_staff(shared_tenant: Tenant) -> None:
    names = await shared_tenant.read(people, person="sales")

    assert names == ["admin", "colleague", "director", "finance", "manager", "sales", "service", "stranger"]


async def test_manager_manages_the_east(shared_tenant: Tenant) -> None:
    query = sa.select(department.c.manager_id).where(department.c.name == "east")

    assert await shared_tenant.read(lambda work: work.session.scalar(query)) == shared_tenant.user_id("manager")


async def test_tenants_of_a_test_are_two(tenant: Tenant, other_tenant: Tenant) -> None:
    assert tenant.placement.schema != other_tenant.placement.schema


async def test_client_speaks_as_a_person(client_as: Callable[..., Awaitable[Client]]) -> None:
    sales = await client_as("sales")
    nobody = await client_as()

    assert await sales.data("{ me { name } }") == {"me": {"name": "sales"}}
    assert await nobody.data("{ __typename }") == {"__typename": "Query"}


@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "localhost", "demo.localhost"])
def test_loopback_is_local(host: str) -> None:
    assert loopback.is_local((host, 80))


@pytest.mark.parametrize("host", ["10.0.0.1", "192.0.2.1", "example.com", "::2"])
def test_other_machines_are_not_local(host: str) -> None:
    assert not loopback.is_local((host, 80))


def test_folders_of_runs_that_were_killed_are_removed(tmp_path: Path) -> None:
    with subprocess.Popen(["true"]) as gone:  # noqa: S607 - whatever is called true
        pass
    days_ago = time.time() - 2 * 24 * 60 * 60
    owners = {"dead": str(gone.pid), "alive": str(os.getpid()), "foreign": "1", "new": None, "old": None, "cut": ""}
    for name, owner in owners.items():
        folder = tmp_path / f"kezhi-test-{name}"
        (folder / "data").mkdir(parents=True)
        if owner is not None:
            (folder / "owner").write_text(owner)
        if name in ("old", "alive"):
            os.utime(folder, (days_ago, days_ago))
    (tmp_path / "other-old").mkdir()
    os.utime(tmp_path / "other-old", (days_ago, days_ago))

    servers.remove_abandoned(tmp_path)

    left = {each.name for each in tmp_path.iterdir()}
    assert left == {"other-old", *(f"kezhi-test-{each}" for each in ("alive", "foreign", "new", "cut"))}


def test_branches_are_counted_of_a_hundred() -> None:
    assert coverage.branches({"summary": {"covered_branches": 3, "missing_branches": 1}}) == 75.0
