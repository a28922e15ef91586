"""What every test may ask for: servers, settings, an installation, tenants, and callers by role.

One embedded PostgreSQL and one Valkey per test worker, started at the first test that needs them. Verbs commit and
background processes read, so rolling back proves nothing: a test that writes does so in the company of its module under
names of its own, or, where it counts everything or moves versions and rights, in a tenant of its own.
"""

from __future__ import annotations

import gc
from contextlib import AsyncExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import hypothesis
import pytest
from xdist.scheduler import LoadScopeScheduling

from app import create_app
from tenants import preparation
from tenants.installation import Installation
from tenants.provisioning import Provisioner
from tenants.settings import Settings, encode_master_key
from tests import loopback, servers
from tests.builders.tenants import Tenant, make_tenant
from tests.clients import Client, http_for

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Iterator

    from starlette.applications import Starlette
    from xdist.remote import Producer

    from cli.servers import Servers

# Their tests share an installation that takes long to start.
ONE_WORKER = ("tests/journeys/demo/",)
MASTER_KEY = encode_master_key(bytes(range(32)))

loopback.refuse_other_machines()
# No test is timed: an example may meet a busy machine, or the moment at which probes of coverage are taken out.
hypothesis.settings.register_profile("kezhi", deadline=None)
hypothesis.settings.load_profile("kezhi")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--postgres-binaries", type=Path, help="bin folder of another PostgreSQL to run the tests on", default=None
    )
    parser.addoption("--bucket", help="s3://bucket/folder to keep files in; its end point and keys are the usual AWS_…")
    parser.addoption("--operations", type=int, help="how many random questions are asked")
    parser.addoption("--seed", type=int, help="where random questions begin")


class ByWhatIsShared(LoadScopeScheduling):  # type: ignore[misc]  # xdist ships no types
    """The tests of a file run in one worker, so that what they share is made once; those of some folders too."""

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.partition("::")[0]
        return next((folder for folder in ONE_WORKER if file.startswith(folder)), file)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> ByWhatIsShared:
    return ByWhatIsShared(config, log)


def pytest_collection_finish() -> None:
    """Keep the collector of garbage from what stays: looking through all tests again and again took a quarter of the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)


@pytest.fixture
def no_collector() -> Iterator[None]:
    """What is gone in a test is gone because nobody has it."""
    gc.collect()
    gc.disable()
    yield
    gc.enable()


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="session", name="servers")
def running_servers(request: pytest.FixtureRequest) -> Iterator[Servers]:
    with servers.of_one_worker(postgres_binaries=request.config.getoption("--postgres-binaries")) as started:
        yield started


@pytest.fixture(scope="session")
def settings(servers: Servers, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return Settings.from_environ({
        "KEZHI_FILES_URL": tmp_path_factory.mktemp("files").as_uri(),
        "DATABASE_URL": servers.database_url,
        "BROKER_URL": servers.broker_url,
        "KEZHI_MASTER_KEY": MASTER_KEY,
    })


@pytest.fixture(scope="session")
async def installation(
    anyio_backend: str,  # noqa: ARG001 - so that tests that are not async may ask for it too
    settings: Settings,
) -> AsyncIterator[Installation]:
    await preparation.prepare(settings)
    async with Installation.open(settings) as opened:
        yield opened


@pytest.fixture(scope="session")
async def provisioner(installation: Installation) -> AsyncIterator[Provisioner]:
    async with Provisioner.open(installation.settings) as opened:
        yield opened


@pytest.fixture(scope="session")
async def shared_tenant(installation: Installation, provisioner: Provisioner) -> Tenant:
    """For tests that only read definitions and people: nobody writes here."""
    return await make_tenant(installation, provisioner, slug="shared")


@pytest.fixture
async def tenant(installation: Installation, provisioner: Provisioner) -> Tenant:
    """A fresh tenant with the CRM pack and its staff, of this test alone."""
    return await make_tenant(installation, provisioner)


@pytest.fixture
async def other_tenant(installation: Installation, provisioner: Provisioner) -> Tenant:
    """A second fresh tenant, equal in shape to the first."""
    return await make_tenant(installation, provisioner)


@pytest.fixture(scope="session")
async def app(installation: Installation) -> AsyncIterator[Starlette]:
    """The application, started, on the same servers."""
    application = create_app(installation.settings)
    async with application.router.lifespan_context(application):
        yield application


@pytest.fixture
async def client_as(app: Starlette, tenant: Tenant) -> AsyncIterator[Callable[..., Awaitable[Client]]]:
    """`await client_as("sales")` calls as that person; `await client_as()` as nobody; `of=` names another tenant."""
    async with AsyncExitStack() as stack:

        async def make(person: str = "", *, of: Tenant = tenant) -> Client:
            http = await stack.enter_async_context(http_for(app, of.placement.slug))
            return Client(http, await of.token(person) if person else "")

        yield make


@pytest.fixture(scope="module")
async def company(installation: Installation, provisioner: Provisioner) -> Tenant:
    """The tests of a module write here, each under names of its own."""
    return await make_tenant(installation, provisioner)


@pytest.fixture
async def person(app: Starlette, company: Tenant) -> AsyncIterator[Callable[[str], Awaitable[Client]]]:
    """`await person("sales")` is a client of one of the company's staff; `await person("")` is nobody in particular."""
    async with AsyncExitStack() as stack:

        async def make(name: str) -> Client:
            http = await stack.enter_async_context(http_for(app, company.placement.slug))
            return Client(http, await company.token(name) if name else "")

        yield make
