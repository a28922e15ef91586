"""What is wrong with a server is said in one sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING

import asyncpg
import pytest

from cli import preparation
from cli.processes import StartFailed
from tenants.settings import Settings, encode_master_key
from tests.conftest import MASTER_KEY

if TYPE_CHECKING:
    from cli.servers import Servers
    from tenants.installation import Installation


def settings_of(url: str, *, master_key: str = MASTER_KEY, prefix: str = "kezhi") -> Settings:
    return Settings.from_environ({"DATABASE_URL": url, "KEZHI_MASTER_KEY": master_key, "KEZHI_DATABASE_PREFIX": prefix})


async def test_wrong_password_is_one_sentence(servers: Servers) -> None:
    wrong = settings_of(servers.database_url.replace("postgres:", "postgres:x", 1))

    with pytest.raises(StartFailed, match="The PostgreSQL server refused: password authentication failed"):
        await preparation.migrate(wrong)


async def test_database_of_another_installation_is_one_sentence(servers: Servers, installation: Installation) -> None:
    other = settings_of(servers.database_url, master_key=encode_master_key(bytes(32)))

    with pytest.raises(StartFailed, match="belongs to another installation"):
        await preparation.migrate(other)

    assert await installation.catalog.cells() == ["kezhi_cell_1"]


async def test_cell_in_the_c_locale_is_one_sentence(servers: Servers) -> None:
    administrator = await asyncpg.connect(servers.database_url)
    await administrator.execute("CREATE DATABASE c_cell_1 TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C'")
    await administrator.close()

    with pytest.raises(StartFailed, match="LC_CTYPE is C, so trigrams of Chinese come out empty"):
        await preparation.migrate(settings_of(servers.database_url, prefix="c"))
