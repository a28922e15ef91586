from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from structlog.testing import capture_logs

from resolvers.health import alive, ready
from tenants.catalog import Catalog
from tenants.connection import Address
from tenants.keys import MasterKey
from tenants.reachability import Reachability
from tests.clients import http_for

if TYPE_CHECKING:
    from collections.abc import Sequence

    from starlette.applications import Starlette

    from tenants.installation import Installation

NOWHERE = Address(host="127.0.0.1", port=1, database="none", user="nobody", password="none")


def test_process_that_answers_is_alive() -> None:
    assert json.loads(bytes(alive().body)) == {"status": "ok"}


@pytest.mark.integration
async def test_process_that_reaches_everything_is_ready(app: Starlette, installation: Installation) -> None:
    async with http_for(app, "nobody") as http:
        answer = await http.get("/readyz")

    cells = await installation.catalog.cells()
    assert (answer.status_code, answer.json()) == (200, {"status": "ok", "cells": dict.fromkeys(cells, "ok")})


async def test_process_without_its_catalog_is_not_ready() -> None:
    catalog = Catalog(NOWHERE, MasterKey(bytes(32)))

    with capture_logs() as logs:
        answer = await ready(Reachability(catalog.cells, catalog.login_address))

    assert (answer.status_code, json.loads(bytes(answer.body))) == (503, {"status": "unavailable", "cells": {}})
    assert [entry["event"] for entry in logs] == ["catalog.unreachable"]


@pytest.mark.integration
@pytest.mark.parametrize(
    ("there", "status", "word"), [(["one", "two"], 200, "ok"), (["one"], 200, "degraded"), ([], 503, "unavailable")]
)
async def test_process_is_ready_as_long_as_it_serves_anybody(
    installation: Installation, there: list[str], status: int, word: str
) -> None:
    (name,) = await installation.catalog.cells()

    async def names() -> Sequence[str]:
        return ["one", "two"]

    async def address(cell: str, login: str) -> Address:
        return await installation.catalog.login_address(name, login) if cell in there else NOWHERE

    answer = await ready(Reachability(names, address))

    cells = {each: "ok" if each in there else "unreachable" for each in ("one", "two")}
    assert (answer.status_code, json.loads(bytes(answer.body))) == (status, {"status": word, "cells": cells})
