"""[H1] Whatever is sent wrongly is answered with its documented code, and leaves nothing behind.

Every row tries to write. The finer cases stand beside the modules that refuse them (`tests/resolvers/test_http.py`,
`tests/resolvers/test_records.py`, `tests/schema/metadata/test_values.py`, `tests/isolation/test_tokens_of_others.py`).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa

from schema.tables.records import client_mutation
from services import identity
from services.identity.sessions import OpenSession
from tenants.clock import utc_now
from tenants.settings import TokenSettings
from tests.architecture.source import ROOT
from tests.builders.records import Traces, create_one, events, stored, traces
from tests.clients import JSON, http_for

if TYPE_CHECKING:
    from httpx2 import Response
    from starlette.applications import Starlette

    from tests.builders.tenants import Tenant

pytestmark = pytest.mark.integration

CREATE = """mutation ($input: CreateCustomerInput!) {
  createCustomer(input: $input) {
    customer { id name } errors { path code } duplicates { reasons customer { id name } }
  }
}"""
UPDATE = (
    "mutation ($input: UpdateCustomerInput!) { updateCustomer(input: $input) { customer { id } errors { path code } } }"
)
CONTACT = (
    "mutation ($input: CreateContactInput!) { createContact(input: $input) { contact { id } errors { path code } } }"
)
PLAIN = 'createCustomer(input: {record: {name: "不应存在"}}) { errors { code } }'


@dataclass(frozen=True, slots=True)
class Known:
    """What is there before anything bad is sent."""

    customer: str
    opportunity: str
    token: str
    expired: str


@dataclass(frozen=True, slots=True)
class Sent:
    """One request; what it does not say is as a good client says it."""

    content: bytes
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Bad:
    """What is sent, and how it is answered: status, code, and the path in the caller's input."""

    sent: Callable[[Known], Sent]
    status: int
    code: str
    path: tuple[str, ...] | None = None


def asking(document: str, given: object = None, **headers: str) -> Sent:
    body = {"query": document, "variables": {"input": given}}
    return Sent(json.dumps(body).encode(), {name.replace("_", "-"): text for name, text in headers.items()})


def creating(**record: object) -> Sent:
    return asking(CREATE, {"record": {"name": "不应存在", **record}})


def nested(levels: int) -> str:
    return "parent { " * levels + "id" + " }" * levels


# fmt: off
BAD: Mapping[str, Bad] = {
    "unknown field of the input": Bad(lambda _: creating(shoeSize=43), 400, "VARIABLES_INVALID"),
    "unknown field of the answer": Bad(lambda _: asking(f"mutation {{ {PLAIN.replace('code', 'colour')} }}"), 400, "DOCUMENT_INVALID"),
    "unknown mutation": Bad(lambda _: asking(f"mutation {{ {PLAIN} createPlanet(input: {{}}) {{ id }} }}"), 400, "DOCUMENT_INVALID"),
    "number for a text": Bad(lambda _: creating(name=7), 400, "VARIABLES_INVALID"),
    "text for a list": Bad(lambda _: asking(CREATE, "不应存在"), 400, "VARIABLES_INVALID"),
    "phone that is none": Bad(lambda _: creating(phone="12"), 200, "NOT_A_PHONE", ("record", "phone")),
    "choice that is none": Bad(lambda _: creating(level="zzz"), 200, "UNKNOWN_CHOICE", ("record", "level")),
    "text of 1 MB": Bad(lambda _: creating(note="长" * 350_000), 200, "TOO_LONG", ("record", "note")),
    "name of 1 MB": Bad(lambda _: creating(name="x" * 1_048_576), 200, "TOO_LONG", ("record", "name")),
    "NUL": Bad(lambda _: creating(note="a\0b"), 200, "BAD_CHARACTERS", ("record", "note")),
    "half of a surrogate pair": Bad(lambda _: creating(note="a\ud83d"), 200, "BAD_CHARACTERS", ("record", "note")),
    "missing required field": Bad(lambda _: asking(CREATE, {"record": {"note": "x"}}), 200, "REQUIRED", ("record", "name")),
    "empty required field": Bad(lambda _: creating(name="  \u3000"), 200, "REQUIRED", ("record", "name")),
    "taken unique value": Bad(lambda _: creating(name="苏州启元机械有限公司"), 200, "UNIQUE_TAKEN", ("record", "name")),
    "relation id that is none": Bad(lambda _: creating(parentId="x"), 200, "NOT_AN_ID", ("record", "parentId")),
    "relation id of another object": Bad(lambda known: creating(parentId=known.opportunity), 200, "WRONG_OBJECT", ("record", "parentId")),
    "relation id of nothing": Bad(lambda known: asking(CONTACT, {"record": {"name": "不应存在", "customerId": absent(known)}}), 200, "RELATION_NOT_FOUND", ("record", "customerId")),
    "outdated version": Bad(lambda known: asking(UPDATE, {"id": known.customer, "ifVersion": 7, "set": {"note": "x"}}), 200, "VERSION_CONFLICT", ("ifVersion",)),
    "record that is not there": Bad(lambda known: asking(UPDATE, {"id": absent(known), "set": {"note": "x"}}), 200, "NOT_FOUND"),
    "other body under a used id": Bad(lambda _: asking(CREATE, {"clientMutationId": "used", "record": {"name": "不应存在"}}), 200, "CLIENT_MUTATION_ID_REUSED", ("clientMutationId",)),
    "10,000 aliases": Bad(lambda _: asking("mutation { " + " ".join(f"a{n}: {PLAIN}" for n in range(10_000)) + " }"), 400, "TOO_MANY_TOKENS"),
    "31 aliases": Bad(lambda _: asking(f"mutation {{ {PLAIN.replace('code', ' '.join(f'a{n}: code' for n in range(31)))} }}"), 400, "TOO_MANY_ALIASES"),
    "11 mutations": Bad(lambda _: asking("mutation { " + " ".join(f"a{n}: {PLAIN}" for n in range(11)) + " }"), 400, "TOO_MANY_MUTATIONS"),
    "depth of 50": Bad(lambda _: asking(CREATE.replace("id name }", nested(50) + " }", 1), {"record": {"name": "不应存在"}}), 400, "TOO_DEEP"),
    "page of 100,000": Bad(lambda _: asking(CREATE.replace("id name", "contacts(first: 100000) { nodes { id } }", 1), {"record": {"name": "不应存在"}}), 200, "PAGE_TOO_LARGE"),
    "invalid token": Bad(lambda known: asking(f"mutation {{ {PLAIN} }}", authorization=f"Bearer {known.token[:-8]}AAAAAAAA"), 401, "INVALID_TOKEN"),
    "expired token": Bad(lambda known: asking(f"mutation {{ {PLAIN} }}", authorization=f"Bearer {known.expired}"), 401, "EXPIRED_TOKEN"),
    "no token": Bad(lambda _: asking(f"mutation {{ {PLAIN} }}", authorization=""), 401, "UNAUTHENTICATED"),
    "tenant that does not exist": Bad(lambda _: asking(f"mutation {{ {PLAIN} }}", host="nobody.localhost"), 404, "TENANT_UNKNOWN"),
    "malformed JSON": Bad(lambda _: Sent(creating().content[:-1]), 400, "MALFORMED_REQUEST"),
    "several requests at once": Bad(lambda _: Sent(b"[" + creating().content + b"]"), 400, "MALFORMED_REQUEST"),
    "wrong content type": Bad(lambda _: asking(f"mutation {{ {PLAIN} }}", content_type="text/plain"), 415, "WRONG_CONTENT_TYPE"),
    "body of 5 MB": Bad(lambda _: creating(note="x" * 5_000_000), 413, "BODY_TOO_LARGE"),
}
# fmt: on


def absent(known: Known) -> str:
    """An id of a customer that nobody has."""
    return known.customer[:-12] + uuid4().hex[:12]


@pytest.fixture(scope="module")
async def known(company: Tenant) -> Known:
    customer = await create_one(company, "customer", person="sales", name="苏州启元机械有限责任公司")
    opportunity = await create_one(company, "opportunity", person="sales", name="产线改造", customerId=str(customer))
    opened = OpenSession(uuid4(), company.user_id("sales"), "", "kzr_x", utc_now().replace(year=2020))
    expired = await identity.issue(company.installation.keys, company.placement, TokenSettings(), opened)
    return Known(str(customer), str(opportunity), await company.token("sales"), expired.access_token)


@pytest.fixture
def send(app: Starlette, company: Tenant, known: Known) -> Callable[[Sent], Any]:
    async def sending(sent: Sent) -> Response:
        headers = {"authorization": f"Bearer {known.token}", "content-type": "application/json", "accept": JSON}
        chosen = {name: text for name, text in {**headers, **sent.headers}.items() if text}
        async with http_for(app, company.placement.slug) as http:
            return await http.post("/graphql", content=sent.content, headers=chosen)

    return sending


def told(response: Response) -> list[tuple[str, tuple[str, ...] | None]]:
    """(code, path in the input) of all that an answer complains of."""
    body = response.json()
    payloads = [payload for payload in (body.get("data") or {}).values() if payload]
    complaints = [(each["code"], tuple(each["path"])) for payload in payloads for each in payload["errors"]]
    return complaints + [(each["extensions"]["code"], None) for each in body.get("errors", [])]


async def left(company: Tenant) -> tuple[Traces, int, int]:
    """Everything that a write leaves: traces, messages, remembered requests."""
    remembered = sa.select(sa.func.count()).select_from(client_mutation)
    return (
        await traces(company),
        len(await events(company)),
        await company.read(lambda work: work.session.scalar(remembered)),
    )


@pytest.fixture(scope="module", autouse=True)
async def used_id(app: Starlette, company: Tenant, known: Known) -> None:
    """A request under an id, which is answered twice and happens once."""
    request = asking(CREATE, {"clientMutationId": "used", "record": {"name": "无锡远景科技有限公司"}})
    headers = {"authorization": f"Bearer {known.token}", "content-type": "application/json", "accept": JSON}
    async with http_for(app, company.placement.slug) as http:
        first = await http.post("/graphql", content=request.content, headers=headers)
        after_first = await left(company)
        again = await http.post("/graphql", content=request.content, headers=headers)

    assert first.json() == again.json()
    assert await left(company) == after_first


@pytest.mark.parametrize("bad", [pytest.param(bad, id=name) for name, bad in BAD.items()])
async def test_bad_input_has_its_code_and_writes_nothing(
    company: Tenant, known: Known, send: Callable[[Sent], Any], bad: Bad
) -> None:
    before = await left(company), await stored(company, "customer", UUID(known.customer))

    response = await send(bad.sent(known))

    assert (response.status_code, set(told(response))) == (bad.status, {(bad.code, bad.path)})
    assert (await left(company), await stored(company, "customer", UUID(known.customer))) == before
    assert f"| `{bad.code}` |" in (ROOT / "docs" / "errors.md").read_text()


async def test_taken_value_names_the_record_to_those_who_see_it(
    company: Tenant, known: Known, send: Callable[[Sent], Any]
) -> None:
    request = creating(name="苏州启元机械有限公司")
    stranger = {"authorization": f"Bearer {await company.token('stranger')}"}

    mine = (await send(request)).json()["data"]["createCustomer"]
    theirs = (await send(Sent(request.content, stranger))).json()["data"]["createCustomer"]

    assert mine["duplicates"] == [
        {"reasons": ["name"], "customer": {"id": known.customer, "name": "苏州启元机械有限责任公司"}}
    ]
    assert (theirs["customer"], theirs["errors"], theirs["duplicates"]) == (None, mine["errors"], [])


async def test_emoji_is_kept_as_it_was_sent(company: Tenant, send: Callable[[Sent], Any]) -> None:
    text = "开心👨‍👩‍👧🇨🇳公司"

    done = (await send(creating(name=text, note=text))).json()["data"]["createCustomer"]

    row = await stored(company, "customer", done["customer"]["id"])
    assert (row["name"], row["note"]) == (text, text)
