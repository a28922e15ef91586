"""The embedded servers are the ones the product asks for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import asyncpg

if TYPE_CHECKING:
    from cli.servers import Servers


async def test_embedded_server_finds_chinese_trigrams_and_checks_its_pages(servers: Servers) -> None:
    connection = await asyncpg.connect(servers.database_url)

    await connection.execute("CREATE EXTENSION pg_trgm")
    trigrams = await connection.fetchval("SELECT cardinality(show_trgm('华为技术'))")
    checksums = await connection.fetchval("SELECT current_setting('data_checksums')")
    locks = await connection.fetchval("SELECT current_setting('max_locks_per_transaction')")
    await connection.close()

    assert (trigrams, checksums, locks) == (5, "on", "1024")
