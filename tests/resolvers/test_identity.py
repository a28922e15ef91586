"""Sign-in over HTTP: tokens that work at the next request, refusals that tell nothing, aliases that are all counted."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa

from schema.tables.identity import session, sign_in_failure
from services import identity

if TYPE_CHECKING:
    from tests.builders.tenants import Tenant
    from tests.clients import Client

Person = Callable[[str], Awaitable["Client"]]

EMAIL, PASSWORD = "sales@tenant.example", "correct horse 电池"
SIGN_IN = """
mutation ($email: String!, $password: String!) {
  signIn(input: {email: $email, password: $password}) { accessToken refreshToken expiresAt }
}
"""
REFRESH = """
mutation ($token: String!) {
  refreshToken(input: {refreshToken: $token}) { accessToken refreshToken expiresAt }
}
"""
ME = "{ me { id name email roles mayDefine departmentId language zone tenant { slug currency } } }"


@pytest.fixture
async def sales_password(company: Tenant) -> None:
    """No failure counts, no session is open, and this is the password."""
    await company.define(lambda work: work.session.execute(sa.delete(sign_in_failure)))
    await company.define(lambda work: identity.set_password(work, company.user_id("sales"), PASSWORD))


async def sign_in(client: Client, email: str = EMAIL, password: str = PASSWORD) -> dict[str, Any]:  # Any: an answer
    found: dict[str, Any] = (await client.data(SIGN_IN, email=email, password=password))["signIn"]
    return found


def codes(errors: list[dict[str, Any]]) -> list[str]:
    return [each["extensions"]["code"] for each in errors]


@pytest.mark.usefixtures("sales_password")
async def test_tokens_of_a_sign_in_name_the_caller(company: Tenant, person: Person) -> None:
    anonymous = await person("")
    tokens = await sign_in(anonymous)

    me = (await replace(anonymous, token=tokens["accessToken"]).data(ME))["me"]

    assert (me["id"], me["email"], me["roles"]) == (str(company.user_id("sales")), EMAIL, ["sales"])
    assert me["mayDefine"] is False
    assert (me["language"], me["zone"]) == ("zh", "Asia/Shanghai")
    assert me["tenant"] == {"slug": company.placement.slug, "currency": "CNY"}
    lasts = datetime.fromisoformat(tokens["expiresAt"]) - datetime.now(UTC)
    assert 590 <= lasts.total_seconds() <= 600


@pytest.mark.usefixtures("sales_password")
@pytest.mark.parametrize(
    ("email", "password"),
    [(EMAIL, "wrong password"), ("nobody@tenant.example", PASSWORD), ("admin@tenant.example", PASSWORD)],
    ids=["wrong password", "unknown address", "user without a password"],
)
async def test_refused_sign_ins_answer_alike(person: Person, email: str, password: str) -> None:
    response = await (await person("")).post({"query": SIGN_IN, "variables": {"email": email, "password": password}})

    assert response.status_code == 200
    body = response.json()
    assert body["data"] == {"signIn": None}
    (error,) = body["errors"]
    assert error["message"] == "The mail address or the password is wrong."
    assert error["path"] == ["signIn"]
    assert {**error["extensions"], "requestId": ""} == {
        "code": "SIGN_IN_REFUSED",
        "family": "UNAUTHENTICATED",
        "requestId": "",
    }


@pytest.mark.usefixtures("sales_password")
async def test_refusal_speaks_chinese_when_asked(person: Person) -> None:
    client = replace(await person(""), headers={"Accept-Language": "zh-CN,zh;q=0.9,en;q=0.8"})

    (error,) = await client.errors(SIGN_IN, email=EMAIL, password="wrong password")

    assert error["message"] == "邮箱或密码不正确。"


@pytest.mark.usefixtures("sales_password")
async def test_ten_aliases_in_one_document_are_ten_attempts(person: Person) -> None:
    guesses = " ".join(
        f'a{each}: signIn(input: {{email: "{EMAIL}", password: "guess {each}"}}) {{ accessToken }}'
        for each in range(10)
    )
    client = await person("")

    errors = await client.errors(f"mutation {{ {guesses} }}")

    assert codes(errors) == ["SIGN_IN_REFUSED"] * 5 + ["SIGN_IN_BLOCKED"] * 5
    assert codes(await client.errors(SIGN_IN, email=EMAIL, password=PASSWORD)) == ["SIGN_IN_BLOCKED"]


@pytest.mark.usefixtures("sales_password")
async def test_hundred_aliases_are_refused_before_any_is_tried(person: Person) -> None:
    guesses = " ".join(
        f'a{each}: signIn(input: {{email: "{EMAIL}", password: "x"}}) {{ accessToken }}' for each in range(100)
    )
    client = await person("")

    (error,) = await client.errors(f"mutation {{ {guesses} }}")

    assert error["extensions"]["family"] == "TOO_MUCH"
    assert (await sign_in(client))["accessToken"].count(".") == 2


@pytest.mark.usefixtures("sales_password")
async def test_refresh_rotates_and_reuse_ends_the_session_at_once(person: Person) -> None:
    client = await person("")
    first = await sign_in(client)
    second = (await client.data(REFRESH, token=first["refreshToken"]))["refreshToken"]
    signed_in = replace(client, token=second["accessToken"])
    assert (await signed_in.data("{ me { email } }"))["me"] == {"email": EMAIL}

    reused = await client.errors(REFRESH, token=first["refreshToken"])

    assert codes(reused) == ["REFRESH_REFUSED"]
    assert codes(await signed_in.errors("{ me { email } }")) == ["SESSION_ENDED"]
    assert codes(await client.errors(REFRESH, token=second["refreshToken"])) == ["REFRESH_REFUSED"]


@pytest.mark.usefixtures("sales_password")
async def test_signing_out_ends_the_access_token_at_once(person: Person) -> None:
    client = await person("")
    tokens = await sign_in(client)
    signed_in = replace(client, token=tokens["accessToken"])

    closed = await signed_in.data("mutation { signOut(input: {}) { closed } }")

    assert closed == {"signOut": {"closed": 1}}
    for document in (
        "{ me { email } }",
        "{ customers { nodes { id } } }",
        "mutation { signOut(input: {}) { closed } }",
    ):
        assert codes(await signed_in.errors(document)) == ["SESSION_ENDED"]


@pytest.mark.parametrize("document", ["{ me { id } }", "mutation { signOut(input: {}) { closed } }"])
async def test_nobody_has_no_self_and_no_session(person: Person, document: str) -> None:
    assert codes(await (await person("")).errors(document)) == ["UNAUTHENTICATED"]


@pytest.mark.usefixtures("sales_password")
async def test_changing_the_password_needs_the_present_one(company: Tenant, person: Person) -> None:
    client = await person("")
    here, there = await sign_in(client), await sign_in(client)
    signed_in = replace(client, token=here["accessToken"])
    change = """mutation ($old: String!, $new: String!) {
      changePassword(input: {currentPassword: $old, newPassword: $new}) { errors { path code } } }"""

    wrong = await signed_in.data(change, old="wrong password", new="another password")
    weak = await signed_in.data(change, old=PASSWORD, new="short")
    right = await signed_in.data(change, old=PASSWORD, new="another password")

    assert [each["changePassword"]["errors"] for each in (wrong, weak, right)] == [
        [{"path": ["currentPassword"], "code": "PASSWORD_WRONG"}],
        [{"path": ["newPassword"], "code": "PASSWORD_WEAK"}],
        [],
    ]
    assert codes(await replace(client, token=there["accessToken"]).errors("{ me { id } }")) == ["SESSION_ENDED"]
    assert (await signed_in.data("{ me { email } }"))["me"]["email"] == EMAIL
    assert (await sign_in(client, password="another password"))["refreshToken"].startswith("kzr_")
    open_sessions = sa.select(sa.func.count()).where(
        session.c.user_id == company.user_id("sales"), session.c.closed_at.is_(None)
    )
    assert await company.read(lambda work: work.session.scalar(open_sessions)) == 2
