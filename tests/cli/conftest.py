"""The command line, run in this process against the worker's own servers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from cli.__main__ import main
from tests.conftest import MASTER_KEY

if TYPE_CHECKING:
    from collections.abc import Callable

    from cli.servers import Servers
    from tenants.installation import Installation


@pytest.fixture
def kezhi(
    servers: Servers,
    installation: Installation,  # noqa: ARG001 - the databases are prepared
    monkeypatch: pytest.MonkeyPatch,
) -> Callable[..., int]:
    """`kezhi("tenants", "list")` answers the exit status."""
    monkeypatch.setenv("DATABASE_URL", servers.database_url)
    monkeypatch.setenv("BROKER_URL", servers.broker_url)
    monkeypatch.setenv("KEZHI_MASTER_KEY", MASTER_KEY)
    return lambda *arguments: main(list(arguments))
