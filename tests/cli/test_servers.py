"""The embedded servers are the ones the product asks for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import asyncpg
import pytest

from cli import processes
from cli import servers as launcher
from cli.processes import StartFailed

if TYPE_CHECKING:
    from pathlib import Path

    from cli.servers import Servers


async def test_embedded_server_finds_chinese_trigrams_and_checks_its_pages(servers: Servers) -> None:
    connection = await asyncpg.connect(servers.database_url)

    await connection.execute("CREATE EXTENSION pg_trgm")
    trigrams = await connection.fetchval("SELECT cardinality(show_trgm('华为技术'))")
    checksums = await connection.fetchval("SELECT current_setting('data_checksums')")
    locks = await connection.fetchval("SELECT current_setting('max_locks_per_transaction')")
    await connection.close()

    assert (trigrams, checksums, locks) == (5, "on", "1024")


def test_given_servers_are_used_as_they_are(servers: Servers, tmp_path: Path) -> None:
    with launcher.running(tmp_path, database_url=servers.database_url, broker_url=servers.broker_url) as used:
        assert (used.database_url, used.broker_url, used.children) == (servers.database_url, servers.broker_url, ())

    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("database", "broker"), [("postgresql", ""), ("", "redis")])
def test_silent_address_is_one_sentence(database: str, broker: str, tmp_path: Path) -> None:
    port = processes.free_port()
    database_url, broker_url = (f"{scheme}://127.0.0.1:{port}/0" if scheme else "" for scheme in (database, broker))
    variable = "DATABASE_URL" if database else "BROKER_URL"

    with (
        pytest.raises(StartFailed, match=f"Nothing answers at 127.0.0.1:{port}, the address of {variable}"),
        launcher.running(tmp_path, database_url=database_url, broker_url=broker_url),
    ):
        pass


def test_url_without_a_host_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(StartFailed, match="BROKER_URL is not an address like redis"):
        launcher.running(tmp_path, broker_url="nonsense").__enter__()
