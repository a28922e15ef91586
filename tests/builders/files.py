"""Uploads for tests: fields that take files, bytes of every kind, and the way from one to the other."""

from __future__ import annotations

import io
import json
import os
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from PIL import Image

from schema.metadata.fields import Label
from tests.builders import metadata
from tests.clients import JSON

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from httpx2 import Response

    from services.metadata import Defined
    from tests.builders.tenants import Tenant
    from tests.clients import Client

CREATE_UPLOAD = """
mutation ($input: CreateUploadInput!) { createUpload(input: $input) { fileId url expiresAt errors { path code } } }
"""
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


def picture(kind: str = "PNG", size: tuple[int, int] = (40, 30), **saved: object) -> bytes:
    made = io.BytesIO()
    Image.new("RGB", size, (200, 30, 30)).save(made, kind, **saved)
    return made.getvalue()


def stored(tenant: Tenant) -> set[str]:
    """The keys of the tenant that bytes are kept under."""
    return {each.name for each in _kept(tenant)}


def age(tenant: Tenant, keys: Collection[str], *, days: int) -> None:
    """These were stored some days earlier."""
    then = time.time() - days * 24 * 3600
    for each in _kept(tenant):
        if each.name in keys:
            os.utime(each, (then, then))


def _kept(tenant: Tenant) -> list[Path]:
    folder = Path(urlsplit(tenant.installation.settings.files.url).path) / tenant.placement.tenant_id.hex
    return [each for each in folder.rglob("*") if each.is_file()]


async def add_file_field(tenant: Tenant, name: str, type_: str = "attachment", **options: object) -> Defined:
    return await metadata.add_field(tenant, name=name, label=Label(name, name), type=type_, options=options)


async def announce(
    caller: Client, content: bytes, *, field: str, name: str = "a.pdf", media_type: str = "application/pdf"
) -> dict[str, Any]:  # Any: an answer has the shape of its question
    given = {"object": "customer", "field": field, "name": name, "size": len(content), "mediaType": media_type}
    found: dict[str, Any] = (await caller.data(CREATE_UPLOAD, input=given))["createUpload"]  # Any: as above
    return found


async def put(caller: Client, url: str, content: bytes) -> Response:
    return await caller.http.put(url, content=content)


async def upload(caller: Client, content: bytes = PDF, **given: str) -> str:
    """The id of a file that is there, and in no record yet."""
    announced = await announce(caller, content, **given)
    response = await put(caller, announced["url"], content)
    assert response.status_code == 200, response.text
    return str(announced["fileId"])


async def create_customer(caller: Client, name: str, **fields: object) -> dict[str, Any]:  # Any: as above
    document = """
    mutation ($record: CustomerCreate!) { createCustomer(input: {record: $record}) { customer { id } errors { path code } } }
    """
    found: dict[str, Any] = (await caller.data(document, record={"name": name, **fields}))["createCustomer"]
    return found


async def files_of(caller: Client, customer_id: str, field: str) -> list[dict[str, Any]] | None:  # Any: as above
    members = "id name size mediaType state url thumbnailUrl"
    document = f"query ($id: ID!) {{ customer(id: $id) {{ files: {field} {{ {members} }} }} }}"
    found: list[dict[str, Any]] | None = (await caller.data(document, id=customer_id))["customer"]["files"]
    return found


async def file_of(caller: Client, customer_id: str, field: str) -> dict[str, Any]:  # Any: as above
    """The one file of a field."""
    (found,) = await files_of(caller, customer_id, field) or [{}]
    return found


UPLOAD_FILE = """
mutation ($input: UploadFileInput!) {
  uploadFile(input: $input) { clientMutationId fileId name size mediaType state errors { path code } }
}
"""
# Where the one file of these requests belongs.
MAP = '{"0": ["variables.input.file"]}'
PREFLIGHT = {"GraphQL-Require-Preflight": "1"}
_BOUNDARY = "kezhi-boundary"


def parts(*given: tuple[str, str | bytes] | tuple[str, str | bytes, str, str]) -> bytes:
    """A multipart body: name and content of each part, and of a file what it is called and of what kind."""
    made = b""
    for name, content, *told in given:
        file_name = f'; filename="{told[0]}"' if told else ""
        kind = f"Content-Type: {told[1]}\r\n" if told else ""
        head = f'--{_BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"{file_name}\r\n{kind}\r\n'
        made += head.encode() + (content.encode() if isinstance(content, str) else content) + b"\r\n"
    return made + f"--{_BOUNDARY}--\r\n".encode()


def operations(*, document: str = UPLOAD_FILE, field: str = "papers_c", **given: object) -> str:
    """The JSON of a request that uploads one file."""
    wanted = {"object": "customer", "field": field, "file": None, **given}
    return json.dumps({"query": document, "variables": {"input": wanted}})


async def send_parts(caller: Client, body: bytes, headers: Mapping[str, str] | None = None) -> Response:
    sent = {
        "Authorization": f"Bearer {caller.token}",
        "Accept": JSON,
        "Content-Type": f"multipart/form-data; boundary={_BOUNDARY}",
        **(PREFLIGHT if headers is None else headers),
    }
    if not caller.token:
        del sent["Authorization"]
    return await caller.http.post("/graphql", content=body, headers=sent)
