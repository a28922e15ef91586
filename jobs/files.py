"""Actors of files."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from jobs.actor import actor
from services import files
from services.files import MakeThumbnail, ScanFile, SweepFiles

if TYPE_CHECKING:
    from jobs.actor import Run


@actor(MakeThumbnail)
async def make_thumbnail(run: Run, message: MakeThumbnail) -> None:
    """An image came."""
    picture = await run.read(lambda work: files.undrawn(work, message.file_id))
    if picture is not None and await files.draw(run.installation.files, run.placement.tenant_id, picture):
        await run.write(lambda work: files.keep_thumbnail(work, picture))


@actor(ScanFile)
async def scan_file(run: Run, message: ScanFile) -> None:
    """A file came. Where the scanner was taken away meanwhile, its operator wants no file to wait for one."""
    installation, tenant = run.installation, run.placement.tenant_id
    given = await run.read(lambda work: files.suspect(work, message.file_id))
    if given is None:
        return
    scanner, found = installation.scanner, ""
    if not given.is_infected:
        found = "" if scanner is None else await files.look(installation.files, scanner, tenant, given) or ""
        if not found:
            await run.write(lambda work: files.release(work, given))
            return
        await run.write(lambda work: files.condemn(work, given, found))
    await installation.files.delete(tenant, given.key)


@actor(SweepFiles)
async def sweep_files(run: Run, _message: SweepFiles) -> None:
    """A new day began."""
    store, tenant = run.installation.files, run.placement.tenant_id
    while gone := await run.write(files.claim):
        for key in (key for each in gone for key in each.keys):
            await store.delete(tenant, key)
        await run.write(partial(files.forget, gone=gone))
    if store.is_set_up:
        async for keys in store.stored_before(tenant, files.grace(run.installation.clock())):
            for key in await run.read(partial(files.unclaimed, keys=keys)):
                await store.delete(tenant, key)
