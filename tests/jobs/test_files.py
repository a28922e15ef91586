"""Thumbnails, and the nightly clearing."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import TYPE_CHECKING

import sqlalchemy as sa
from PIL import Image

from jobs.scheduler import CALENDAR
from schema.tables.files import file
from services.files import SweepFiles
from tests.builders import files

if TYPE_CHECKING:
    from tests.builders.background import Cell
    from tests.builders.tenants import Tenant
    from tests.clients import Client

Person = Callable[[str], Awaitable["Client"]]


def test_clearing_is_on_the_calendar_once_a_day() -> None:
    (line,) = [each for each in CALENDAR if isinstance(each.message, SweepFiles)]

    assert line.every.total_seconds() == 24 * 3600


async def test_image_gets_a_thumbnail_that_is_shown_in_place(cell: Cell, company: Tenant, person: Person) -> None:
    sales = await person("sales")
    await files.add_file_field(company, "photos_c", "image")
    file_id = await files.upload(sales, files.picture("JPEG", (800, 600)), field="photos_c", media_type="image/jpeg")
    made = await files.create_customer(sales, "Pictured", photos_c=[file_id])

    await cell.drain()

    read = await files.file_of(sales, made["customer"]["id"], "photos_c")
    response = await sales.http.get(read["thumbnailUrl"])
    assert (response.status_code, response.headers["content-type"]) == (200, "image/webp")
    assert response.headers["content-disposition"] == "inline"
    with Image.open(io.BytesIO(response.content)) as image:
        assert (image.format, image.size) == ("WEBP", (320, 240))


async def test_clearing_takes_the_bytes_too(cell: Cell, company: Tenant, person: Person) -> None:
    sales = await person("sales")
    await files.add_file_field(company, "papers_c")
    await files.upload(sales, field="papers_c")
    await company.write(
        lambda work: work.session.execute(sa.update(file).values(created_at=sa.text("now() - interval '2 days'")))
    )
    (key,) = [
        row["key"]
        for row in await company.read(
            lambda work: work.session.rows(sa.select(file.c.key).where(file.c.record_id.is_(None)))
        )
    ]
    store, tenant = company.installation.files, company.placement.tenant_id
    assert (await store.get(tenant, key)).size == len(files.PDF)
    ids = await cell.put(company.placement.schema, message=SweepFiles.name)

    await cell.drain()

    assert await cell.states(ids) == ["done"]
    assert await company.read(lambda work: work.session.rows(sa.select(file).where(file.c.key == key))) == []


async def test_bytes_that_no_row_speaks_of_are_cleared_away_after_a_day(
    cell: Cell, company: Tenant, person: Person
) -> None:
    sales = await person("sales")
    await files.add_file_field(company, "deeds_c")
    made = await files.create_customer(sales, "Kept", deeds_c=[await files.upload(sales, field="deeds_c")])
    before, old, young = files.stored(company), "0" * 32, "1" * 32
    for key in (old, young):
        await company.installation.files.put(company.placement.tenant_id, key, once(b"nobody's"))
    files.age(company, before | {old}, days=2)

    for _ in range(2):
        ids = await cell.put(company.placement.schema, message=SweepFiles.name)
        await cell.drain()
        assert await cell.states(ids) == ["done"]

    assert files.stored(company) == before | {young}
    read = await files.file_of(sales, made["customer"]["id"], "deeds_c")
    assert (await sales.http.get(read["url"])).content == files.PDF


async def once(whole: bytes) -> AsyncIterator[bytes]:
    yield whole
