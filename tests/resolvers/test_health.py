from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from structlog.testing import capture_logs

from resolvers.health import alive, ready
from tenants.catalog import Catalog
from tenants.connection import Address
from tenants.keys import MasterKey

if TYPE_CHECKING:
    from tenants.installation import Installation


def test_process_that_answers_is_alive() -> None:
    assert json.loads(bytes(alive().body)) == {"status": "ok"}


@pytest.mark.integration
async def test_process_that_reaches_the_catalog_is_ready(installation: Installation) -> None:
    assert (await ready(installation.catalog)).status_code == 200


async def test_process_without_its_catalog_is_not_ready() -> None:
    nowhere = Address(host="127.0.0.1", port=1, database="none", user="nobody", password="none")

    with capture_logs() as logs:
        answer = await ready(Catalog(nowhere, MasterKey(bytes(32))))

    assert answer.status_code == 503
    assert [entry["event"] for entry in logs] == ["catalog.unreachable"]
