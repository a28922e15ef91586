"""What every test may ask for: servers, settings, an installation, tenants, and callers by role.

One embedded PostgreSQL and one Valkey per test worker, started at the first test that needs them. Verbs commit and
background processes read, so rolling back proves nothing: a test that writes claims a tenant of its own.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tenants.settings import Settings, encode_master_key
from tests import loopback, servers

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cli.servers import Servers

MASTER_KEY = encode_master_key(bytes(range(32)))

loopback.refuse_other_machines()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--postgres-binaries", type=Path, help="bin folder of another PostgreSQL to run the tests on", default=None
    )


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="session", name="servers")
def running_servers(request: pytest.FixtureRequest) -> Iterator[Servers]:
    with servers.of_one_worker(postgres_binaries=request.config.getoption("--postgres-binaries")) as started:
        yield started


@pytest.fixture(scope="session")
def settings(servers: Servers) -> Settings:
    return Settings.from_environ({
        "DATABASE_URL": servers.database_url,
        "BROKER_URL": servers.broker_url,
        "KEZHI_MASTER_KEY": MASTER_KEY,
    })
