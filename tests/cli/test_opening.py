"""A command against a server that it cannot use says so in one sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from cli.__main__ import main
from tenants.settings import encode_master_key
from tests.conftest import MASTER_KEY

if TYPE_CHECKING:
    from cli.servers import Servers

UNKNOWN = (
    "kezhi: The PostgreSQL server does not know this installation: run `./kezhi migrate` first, "
    "or set the KEZHI_MASTER_KEY that it was made with."
)


COMMANDS = (["tenants", "list"], ["keys", "rotate", "x"], ["jobs", "parked"], ["audit", "verify", "x"])


@pytest.mark.integration
@pytest.mark.usefixtures("installation")
@pytest.mark.parametrize(
    "unlike",
    [{"KEZHI_MASTER_KEY": encode_master_key(bytes(32))}, {"KEZHI_DATABASE_PREFIX": "nobody"}],
    ids=["key", "database"],
)
def test_server_that_knows_no_such_installation_is_one_sentence(
    unlike: dict[str, str], servers: Servers, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    environ = {"DATABASE_URL": servers.database_url, "BROKER_URL": servers.broker_url, "KEZHI_MASTER_KEY": MASTER_KEY}
    for name, value in {**environ, **unlike}.items():
        monkeypatch.setenv(name, value)

    ended = [(main(command), capsys.readouterr().err.splitlines()[-1]) for command in COMMANDS]

    assert ended == [(1, UNKNOWN)] * len(COMMANDS)
