"""Files over HTTP: announced, sent, attached, read by whoever reads their field, and by nobody else."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, MutableMapping
from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import UUID

import pytest

from tenants import file_tokens
from tenants.file_tokens import Purpose
from tests.builders import files
from tests.builders.oauth import role_id
from tests.clients import http_for

if TYPE_CHECKING:
    from httpx2 import Response
    from starlette.applications import Starlette

    from tenants.installation import Installation
    from tests.builders.tenants import Tenant
    from tests.clients import Client

Person = Callable[[str], Awaitable["Client"]]


@pytest.fixture(scope="module", autouse=True)
async def fields(company: Tenant) -> None:
    await files.add_file_field(company, "papers_c")
    await files.add_file_field(company, "photos_c", "image", maxFiles=2, maxBytes=100_000)


async def test_file_goes_the_whole_way_and_comes_back_as_a_download(person: Person) -> None:
    sales = await person("sales")
    file_id = await files.upload(sales, field="papers_c", name="报价/单.pdf")

    made = await files.create_customer(sales, "A whole way", papers_c=[file_id])

    assert made["errors"] == []
    read = await files.file_of(sales, made["customer"]["id"], "papers_c")
    url = read.pop("url")
    assert read == {
        "id": file_id,
        "name": "报价_单.pdf",
        "size": str(len(files.PDF)),
        "mediaType": "application/pdf",
        "state": "ready",
        "thumbnailUrl": None,
    }
    response = await sales.http.get(url)
    assert (response.status_code, response.content) == (200, files.PDF)
    assert response.headers["content-disposition"] == "attachment; filename*=UTF-8''%E6%8A%A5%E4%BB%B7_%E5%8D%95.pdf"
    assert response.headers["x-content-type-options"] == "nosniff"
    assert response.headers["content-security-policy"] == "default-src 'none'; sandbox"
    assert response.headers["content-type"] == "application/pdf"


async def test_lowered_role_is_felt_at_an_address_that_is_good_still(person: Person, company: Tenant) -> None:
    admin, sales, colleague = await person("admin"), await person("sales"), await person("colleague")
    await files.add_file_field(company, "secret_c")
    file_id = await files.upload(sales, field="secret_c")
    made = await files.create_customer(sales, "Lowered", secret_c=[file_id])
    mine = await files.file_of(sales, made["customer"]["id"], "secret_c")
    assert (await sales.http.get(mine["url"])).status_code == 200

    await set_level(admin, company, "secret_c", "masked")

    assert await files.files_of(sales, made["customer"]["id"], "secret_c") is None
    assert refused(await sales.http.get(mine["url"])) == (404, "FILE_ADDRESS_UNKNOWN")
    assert (await colleague.data("{ me { name } }"))["me"] == {"name": "colleague"}


async def test_who_does_not_see_the_record_has_no_file(person: Person) -> None:
    sales, stranger = await person("sales"), await person("stranger")
    file_id = await files.upload(sales, field="papers_c")
    made = await files.create_customer(sales, "Unseen", papers_c=[file_id])

    answer = await stranger.data("query ($id: ID!) { customer(id: $id) { id } }", id=made["customer"]["id"])

    assert answer["customer"] is None
    assert (await files.create_customer(stranger, "Thief", papers_c=[file_id]))["errors"] == [
        {"path": ["record", "papers_c", "0"], "code": "FILE_NOT_FOUND"}
    ]


@pytest.mark.parametrize(
    "spoil",
    [
        lambda url: url[:-1] + ("0" if url[-1] != "0" else "1"),
        lambda url: url.replace(".r", ".t"),
        lambda url: "/files/" + ("A" if url[7] != "A" else "B") + url[8:],
        lambda _: "/files/nothing",
        lambda url: url + "0",
    ],
)
async def test_address_that_was_touched_is_none(
    person: Person, spoil: Callable[[str], str], request: pytest.FixtureRequest
) -> None:
    sales = await person("sales")
    made = await files.create_customer(sales, request.node.name, papers_c=[await files.upload(sales, field="papers_c")])
    read = await files.file_of(sales, made["customer"]["id"], "papers_c")

    assert refused(await sales.http.get(spoil(read["url"]))) == (404, "FILE_ADDRESS_UNKNOWN")


async def test_address_is_no_other_tenants(person: Person, shared_tenant: Tenant, app: Starlette) -> None:
    sales = await person("sales")
    made = await files.create_customer(sales, "Elsewhere", papers_c=[await files.upload(sales, field="papers_c")])
    read = await files.file_of(sales, made["customer"]["id"], "papers_c")

    async with http_for(app, shared_tenant.placement.slug) as elsewhere:
        assert refused(await elsewhere.get(read["url"])) == (404, "FILE_ADDRESS_UNKNOWN")


async def test_address_ends_with_its_session(person: Person) -> None:
    admin, leaver = await person("admin"), await person("sales")
    made = await files.create_customer(leaver, "Left", papers_c=[await files.upload(leaver, field="papers_c")])
    read = await files.file_of(leaver, made["customer"]["id"], "papers_c")

    await leaver.data("mutation { signOut(input: {}) { __typename } }")

    assert refused(await admin.http.get(read["url"])) == (401, "SESSION_ENDED")


async def test_address_is_good_for_ten_minutes(person: Person, company: Tenant, installation: Installation) -> None:
    sales = await person("sales")
    announced = await files.announce(sales, files.PDF, field="papers_c")
    claim = file_tokens.claim_of(
        company.placement.tenant_id, company.principal("sales"), installation.clock() - timedelta(minutes=10, seconds=1)
    )
    assert claim is not None
    token = installation.file_keys.token(claim, Purpose.WRITE, UUID(announced["fileId"]))

    assert refused(await files.put(sales, f"/files/{token}", files.PDF)) == (403, "FILE_ADDRESS_EXPIRED")


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        ("image/png", files.picture("PNG") + b"PK\x05\x06" + bytes(18)),
        ("image/png", b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"),
        ("image/gif", b"GIF89a/*<script>alert(1)</script>*/=1;"),
        ("image/jpeg", files.picture("JPEG")[:100]),
        ("image/png", files.picture("JPEG")),
    ],
)
async def test_what_is_not_as_it_was_said_is_refused_and_gone(person: Person, kind: str, content: bytes) -> None:
    sales = await person("sales")
    announced = await files.announce(sales, content, field="photos_c", media_type=kind)

    assert refused(await files.put(sales, announced["url"], content)) == (400, "FILE_KIND_DIFFERS")

    assert refused(await files.put(sales, announced["url"], content)) == (404, "FILE_ADDRESS_UNKNOWN")
    made = await files.create_customer(sales, "Polyglot", photos_c=[announced["fileId"]])
    assert made == {"customer": None, "errors": [{"path": ["record", "photos_c", "0"], "code": "FILE_NOT_FOUND"}]}


async def test_image_that_would_unpack_to_very_much_is_refused_unseen(person: Person) -> None:
    sales = await person("sales")
    bomb = files.picture("PNG", (8000, 8000))
    announced = await files.announce(sales, bomb, field="papers_c", media_type="image/png")

    assert refused(await files.put(sales, announced["url"], bomb)) == (400, "IMAGE_TOO_LARGE")


async def test_more_or_less_than_was_said_is_refused(person: Person) -> None:
    sales = await person("sales")
    announced = await files.announce(sales, files.PDF, field="papers_c")

    assert refused(await files.put(sales, announced["url"], files.PDF + bytes(10_000_000))) == (413, "BODY_TOO_LARGE")

    assert refused(await files.put(sales, announced["url"], files.PDF[:-1])) == (400, "FILE_SIZE_DIFFERS")


async def test_what_broke_off_may_be_sent_again(person: Person, app: Starlette) -> None:
    sales = await person("sales")
    announced = await files.announce(sales, files.PDF, field="papers_c")
    coming: Iterator[MutableMapping[str, object]] = iter([
        {"type": "http.request", "body": files.PDF[:9], "more_body": True},
        {"type": "http.disconnect"},
    ])
    answered: list[MutableMapping[str, object]] = []

    async def receive() -> MutableMapping[str, object]:
        return next(coming)

    async def send(message: MutableMapping[str, object]) -> None:
        answered.append(message)

    request = sales.http.build_request("PUT", announced["url"])
    scope = {
        "type": "http",
        "method": "PUT",
        "path": announced["url"],
        "headers": request.headers.raw,
        "query_string": b"",
    }
    await app({**scope, "client": ("127.0.0.1", 1)}, receive, send)

    assert answered[0]["status"] == 400
    assert (await files.put(sales, announced["url"], files.PDF)).status_code == 200


async def test_one_file_is_in_one_record_and_a_field_takes_so_many(person: Person) -> None:
    sales = await person("sales")
    image = {"field": "photos_c", "name": "a.png", "media_type": "image/png"}
    one, two, three = [await files.upload(sales, files.picture(), **image) for _ in range(3)]

    assert (await files.create_customer(sales, "Three", photos_c=[one, two, three]))["errors"] == [
        {"path": ["record", "photos_c"], "code": "TOO_MANY_ITEMS"}
    ]
    assert (await files.create_customer(sales, "First", photos_c=[one, two]))["errors"] == []
    assert (await files.create_customer(sales, "Second", photos_c=[two, three]))["errors"] == [
        {"path": ["record", "photos_c", "0"], "code": "FILE_NOT_FOUND"}
    ]
    assert (await files.create_customer(sales, "Other field", papers_c=[three]))["errors"] == [
        {"path": ["record", "papers_c", "0"], "code": "FILE_NOT_FOUND"}
    ]


async def test_files_are_changed_and_filtered_by(person: Person) -> None:
    sales = await person("sales")
    first, second = [await files.upload(sales, field="papers_c", name=name) for name in ("a.pdf", "b.pdf")]
    made = await files.create_customer(sales, "Filtered by files", papers_c=[first])
    change = """
    mutation ($id: ID!, $ids: [ID!]) {
      updateCustomer(input: {id: $id, set: {papers_c: $ids}}) { customer { papers_c { name } } errors { path code } }
    }
    """

    changed = (await sales.data(change, id=made["customer"]["id"], ids=[second, first]))["updateCustomer"]

    assert changed == {"customer": {"papers_c": [{"name": "b.pdf"}, {"name": "a.pdf"}]}, "errors": []}
    count = """
    query ($least: Int!) { customers(filter: {name: {eq: "Filtered by files"}, papers_c: {countAtLeast: $least}}) { totalCount } }
    """
    assert [(await sales.data(count, least=least))["customers"]["totalCount"] for least in (0, 2, 3)] == [1, 1, 0]
    empty = '{ customers(filter: {name: {eq: "Filtered by files"}, papers_c: {isEmpty: false}}) { totalCount } }'
    assert (await sales.data(empty))["customers"]["totalCount"] == 1
    history = 'query ($id: ID!) { recordHistories(filter: {recordId: {eq: $id}, verb: {eq: "updated"}}) { nodes { changes } } }'
    ((moved,),) = [
        list(each["changes"].values())
        for each in (await sales.data(history, id=made["customer"]["id"]))["recordHistories"]["nodes"]
    ]
    assert moved == [[first], [second, first]]


async def test_part_of_a_file_can_be_asked_for(person: Person) -> None:
    sales = await person("sales")
    made = await files.create_customer(sales, "Parts", papers_c=[await files.upload(sales, field="papers_c")])
    read = await files.file_of(sales, made["customer"]["id"], "papers_c")

    part = await sales.http.get(read["url"], headers={"range": "bytes=1-3"})

    assert (part.status_code, part.content) == (206, b"PDF")
    assert part.headers["content-range"] == f"bytes 1-3/{len(files.PDF)}"

    beyond = await sales.http.get(read["url"], headers={"range": "bytes=900-"})

    assert refused(beyond) == (416, "RANGE_NOT_SATISFIABLE")
    assert beyond.headers["content-range"] == f"bytes */{len(files.PDF)}"

    # RFC 9110, 14.1.1: a range that ends before it begins is none.
    backward = await sales.http.get(read["url"], headers={"range": "bytes=5-3"})

    assert (backward.status_code, backward.content) == (200, files.PDF)


async def set_level(admin: Client, company: Tenant, field: str, level: str) -> None:
    document = """
    mutation ($role: ID!, $field: String!, $level: String!) {
      setFieldPermission(input: {roleId: $role, object: "customer", field: $field, level: $level}) { errors { code } }
    }
    """
    role = str(await role_id(company, "sales"))
    assert (await admin.data(document, role=role, field=field, level=level))["setFieldPermission"]["errors"] == []


def refused(response: Response) -> tuple[int, str]:
    (error,) = response.json()["errors"]
    return response.status_code, error["extensions"]["code"]
