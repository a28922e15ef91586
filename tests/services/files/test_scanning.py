"""[A3 G8] Where there is a scanner nobody downloads what it did not find clean."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from uuid import UUID

import pytest
import sqlalchemy as sa

from app import create_app
from schema.tables.audit import audit_entry
from schema.tables.files import file
from services.files import ScanFile
from tenants.installation import Installation
from tests.builders import files
from tests.builders.background import Cell
from tests.builders.files import MAP, PDF, operations, parts, send_parts
from tests.builders.scanning import EICAR, ScanServer, scan_server
from tests.clients import Client, http_for

if TYPE_CHECKING:
    from tenants.settings import Settings
    from tests.builders.tenants import Tenant

INBOX = "{ notifications { nodes { kind titleZh titleEn } } }"


@dataclass
class Stage:
    """A company whose files are scanned: its sales person, the background, and the scanner."""

    tenant: Tenant
    sales: Client
    cell: Cell
    scanner: ScanServer

    async def upload(self, content: bytes, media_type: str = "application/pdf", field: str = "papers_c") -> str:
        body = parts(("operations", operations(field=field)), ("map", MAP), ("0", content, "a", media_type))
        done = (await send_parts(self.sales, body)).json()["data"]["uploadFile"]
        assert (done["state"], done["errors"]) == ("scanning", [])
        return str(done["fileId"])

    async def row(self, file_id: str) -> tuple[str, str | None]:
        found = await self.tenant.read(
            lambda work: work.session.row(sa.select(file.c.state, file.c.reason).where(file.c.id == UUID(file_id)))
        )
        return tuple(found or ())

    async def has_bytes(self, file_id: str) -> bool:
        key = await self.tenant.read(
            lambda work: work.session.scalar(sa.select(file.c.key).where(file.c.id == UUID(file_id)))
        )
        return key in files.stored(self.tenant)


@pytest.fixture(scope="module")
async def stage(company: Tenant, settings: Settings) -> AsyncIterator[Stage]:
    await files.add_file_field(company, "papers_c")
    await files.add_file_field(company, "photos_c", "image")
    async with AsyncExitStack() as stack:
        server, url = await stack.enter_async_context(scan_server())
        scanned = replace(settings, files=replace(settings.files, scanner=url, scan_seconds=5))
        app = create_app(scanned)
        await stack.enter_async_context(app.router.lifespan_context(app))
        installation = await stack.enter_async_context(Installation.open(scanned))
        http = await stack.enter_async_context(http_for(app, company.placement.slug))
        cell = Cell(installation, company.placement.cell)
        await cell.clear()
        yield Stage(company, Client(http, await company.token("sales")), cell, server)


async def test_file_is_closed_until_it_was_looked_at(stage: Stage) -> None:
    file_id = await stage.upload(files.picture(), "image/png", "photos_c")
    made = await files.create_customer(stage.sales, "Scanned", photos_c=[file_id])
    before = await files.file_of(stage.sales, made["customer"]["id"], "photos_c")

    await stage.cell.drain()

    assert (before["state"], before["url"], before["thumbnailUrl"]) == ("scanning", None, None)
    after = await files.file_of(stage.sales, made["customer"]["id"], "photos_c")
    assert after["state"] == "ready"
    assert (await stage.sales.http.get(after["url"])).content == files.picture()
    assert (await stage.sales.http.get(after["thumbnailUrl"])).status_code == 200


async def test_infected_file_is_gone_noted_and_told(stage: Stage) -> None:
    file_id = await stage.upload(PDF + EICAR)
    made = await files.create_customer(stage.sales, "Infected", papers_c=[file_id])

    await stage.cell.drain()
    await stage.cell.put(stage.tenant.placement.schema, message=ScanFile.name, payload={"file_id": file_id})
    await stage.cell.drain()

    assert (await stage.row(file_id), await stage.has_bytes(file_id)) == (("refused", "FILE_INFECTED"), False)
    read = await files.file_of(stage.sales, made["customer"]["id"], "papers_c")
    assert (read["state"], read["url"]) == ("refused", None)
    noted = await stage.tenant.read(
        lambda work: work.session.scalar(sa.select(sa.func.count()).where(audit_entry.c.action == "file.infected"))
    )
    assert noted == 1
    (notice,) = (await stage.sales.data(INBOX))["notifications"]["nodes"]
    assert notice == {
        "kind": "file.infected",
        "titleZh": "文件“a”含有病毒(Eicar-Test-Signature),已被删除",
        "titleEn": "The file “a” is infected (Eicar-Test-Signature) and was deleted",
    }


async def test_infected_file_that_waits_for_a_record_gets_into_none(stage: Stage) -> None:
    file_id = await stage.upload(PDF + EICAR)
    await stage.cell.drain()

    made = await files.create_customer(stage.sales, "Too late", papers_c=[file_id])

    assert made["errors"] == [{"path": ["record", "papers_c", "0"], "code": "FILE_NOT_FOUND"}]


async def test_scanner_that_does_not_answer_is_asked_again(stage: Stage) -> None:
    stage.scanner.answer = b"nonsense"
    file_id = await stage.upload(PDF)

    states = await stage.cell.drain()
    stage.scanner.answer = b""

    assert [str(each) for each in states] == ["waiting"]
    assert await stage.row(file_id) == ("scanning", None)


async def test_file_announced_and_put_is_scanned_too(stage: Stage) -> None:
    file_id = await files.upload(stage.sales, field="papers_c")

    assert await stage.row(file_id) == ("scanning", None)
    await stage.cell.drain()
    assert await stage.row(file_id) == ("ready", None)
