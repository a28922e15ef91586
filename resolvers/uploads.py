"""Uploads over GraphQL: announced here, sent to the address that is answered."""

# ruff: noqa: A002 - `input` is the name of the one argument in the API
from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import strawberry

from resolvers.context import Info
from resolvers.once import Kept, write_once
from schema.types.files import CreateUploadInput, CreateUploadPayload, FileStorage, UploadFileInput, UploadFilePayload
from services import files
from services.files import Address, Arrived, Uploaded, Wish
from tenants.context import Work
from tenants.errors import Conflict, Forbidden, Invalid, Refused

if TYPE_CHECKING:
    from collections.abc import Awaitable
    from uuid import UUID

    from tenants.settings import FileSettings


@strawberry.type
class UploadsQuery:
    """What room there is."""

    @strawberry.field(description="How much all files have together, and may have.")
    async def file_storage(self, info: Info) -> FileStorage | None:
        """Of the tenant, now."""
        used = await info.context.read(files.used)
        settings = info.context.files
        return FileStorage(
            files=used.files,
            used_bytes=str(used.bytes),
            max_bytes=str(settings.tenant_bytes),
            max_file_bytes=str(settings.most_bytes),
        )


@strawberry.type
class UploadsMutation:
    """What is to come."""

    @strawberry.mutation(description="Announces a file for a field; its bytes go to `url` by `PUT`.")
    async def create_upload(self, info: Info, input: CreateUploadInput) -> CreateUploadPayload | None:
        """The address."""
        wish = Wish(input.object, input.field, input.name, input.size, input.media_type)
        made = await write_once(info, input, _ADDRESS, lambda work: _announced(work, wish, info.context.files))
        return CreateUploadPayload(
            file_id=strawberry.ID(str(made.file_id)), url=made.path, expires_at=made.expires_at, errors=[]
        )

    @strawberry.mutation(description="Takes a file for a field that comes with the request, in a part of it.")
    async def upload_file(self, info: Info, input: UploadFileInput) -> UploadFilePayload | None:
        """The upload."""
        arrived = None if input.file is None else info.context.take_upload(input.file.part)
        given, wish = _given(input), _wish(input, arrived)
        made = await _noted(
            info,
            None if arrived is None else wish,
            write_once(info, given, _UPLOADED, lambda work: files.keep(work, wish, arrived, info.context.files)),
        )
        return UploadFilePayload(
            file_id=strawberry.ID(str(made.id)),
            name=made.name,
            size=str(made.size),
            media_type=made.media_type,
            state=made.state,
            errors=[],
        )


async def _noted(info: Info, wish: Wish | None, taking: Awaitable[Uploaded]) -> Uploaded:
    """What is said of a file that came and is not taken outlives the transaction that would have taken it."""
    try:
        return await taking
    except (Conflict, Forbidden, Invalid, Refused) as fault:
        if wish is not None:
            refused, sent = fault, wish
            await info.context.write(lambda work: files.note_refusal(work, sent, refused))
        raise


def _given(said: UploadFileInput) -> UploadFileInput:
    """The input with what the part says where it leaves something out: of another part it is another request."""
    if said.file is None:
        return said
    return replace(said, name=said.name or said.file.file_name, media_type=said.media_type or said.file.media_type)


def _wish(given: UploadFileInput, arrived: Arrived | None) -> Wish:
    """What its part says of itself, where the input says nothing."""
    name, size, media_type = ("", 0, "") if arrived is None else (arrived.name, arrived.size, arrived.media_type)
    return Wish(given.object, given.field, given.name or name, size, given.media_type or media_type)


async def _announced(work: Work, wish: Wish, settings: FileSettings) -> Address:
    return files.address(work, await files.announce(work, wish, settings))


async def _again(work: Work, file_id: UUID) -> Address:
    return files.address(work, (await files.expected(work, file_id)).id)


_ADDRESS: Kept[Work, Address] = Kept(
    ids=lambda made: {"file": (made.file_id,)}, again=lambda work, ids: _again(work, ids["file"][0])
)
_UPLOADED: Kept[Work, Uploaded] = Kept(
    ids=lambda made: {"file": (made.id,)}, again=lambda work, ids: files.uploaded(work, ids["file"][0])
)
