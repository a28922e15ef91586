"""[H1] Texts that clients name by a key: who puts them down, and what stays as it is."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from schema.tables.audit import audit_entry
from services import metadata, trusted_documents
from services.trusted_documents import DocumentKeyTaken, DocumentUnknown
from tenants.errors import Fault, Forbidden, Refused

if TYPE_CHECKING:
    from tenants.context import ReadWork
    from tests.builders.tenants import Tenant

pytestmark = pytest.mark.integration

TEXT = "{ customers { totalCount } }"


async def test_text_is_found_by_its_key_until_it_is_retired(company: Tenant) -> None:
    await company.define(lambda work: trusted_documents.add(work, TEXT, key="found"), person="admin")

    assert await company.read(lambda work: trusted_documents.find(work, "found"), person="sales") == TEXT
    await company.define(lambda work: trusted_documents.retire(work, "found"), person="admin")
    with pytest.raises(DocumentUnknown):
        await company.read(lambda work: trusted_documents.find(work, "found"), person="sales")


async def test_without_a_key_the_hash_of_the_text_is_one(company: Tenant) -> None:
    key = hashlib.sha256(TEXT.encode()).hexdigest()

    await company.define(lambda work: trusted_documents.add(work, TEXT), person="admin")

    assert await company.read(lambda work: trusted_documents.find(work, key)) == TEXT


async def test_adding_again_brings_a_retired_text_back_and_never_another(company: Tenant) -> None:
    first = await company.define(lambda work: trusted_documents.add(work, TEXT, key="again"), person="admin")
    await company.define(lambda work: trusted_documents.retire(work, "again"), person="admin")

    again = await company.define(lambda work: trusted_documents.add(work, TEXT, key="again"), person="admin")
    with pytest.raises(Refused) as refused:
        await company.define(lambda work: trusted_documents.add(work, "{ me { name } }", key="again"), person="admin")

    assert again == first
    assert [(each.path, type(each.fault)) for each in refused.value.violations] == [(("id",), DocumentKeyTaken)]
    assert await company.read(lambda work: trusted_documents.find(work, "again")) == TEXT


async def test_every_change_is_audited_once(company: Tenant) -> None:
    ids = set()
    for _ in range(2):
        ids.add(await company.define(lambda work: trusted_documents.add(work, TEXT, key="audited"), person="admin"))
        await company.define(lambda work: trusted_documents.retire(work, "audited"), person="admin")
        await company.define(lambda work: trusted_documents.retire(work, "audited"), person="admin")

    entries = sa.select(audit_entry.c.action).where(audit_entry.c.record_id.in_(ids))
    rows = await company.read(lambda work: work.session.rows(entries.order_by(audit_entry.c.id)))
    assert [row["action"] for row in rows] == ["document.trusted", "document.retired"] * 2


async def test_what_was_read_is_remembered_until_something_changes(company: Tenant) -> None:
    cache, tenant_id = company.installation.cache, company.placement.tenant_id

    async def nothing(_: ReadWork) -> None: ...

    await company.define(lambda work: trusted_documents.add(work, TEXT, key="remembered"), person="admin")
    await company.read(lambda work: trusted_documents.find(work, "remembered"))
    assert trusted_documents.remembered(cache, tenant_id, "remembered") == TEXT
    await company.define(lambda work: trusted_documents.retire(work, "remembered"), person="admin")
    await company.read(nothing)

    assert trusted_documents.remembered(cache, tenant_id, "remembered") is None


@pytest.mark.parametrize(("key", "text"), [("with space", TEXT), ("", TEXT), ("k" * 129, TEXT), ("k", "x" * 70_000)])
async def test_odd_keys_and_long_texts_are_refused(shared_tenant: Tenant, key: str, text: str) -> None:
    with pytest.raises(Refused):
        await shared_tenant.define(lambda work: trusted_documents.add(work, text, key=key), person="admin")


async def test_only_administrators_change_anything(shared_tenant: Tenant) -> None:
    with pytest.raises(Forbidden):
        await shared_tenant.define(lambda work: trusted_documents.add(work, TEXT), person="sales")
    with pytest.raises(Forbidden):
        await shared_tenant.define(lambda work: trusted_documents.retire(work, "x"), person="sales")
    with pytest.raises(Forbidden):
        await shared_tenant.define(lambda work: trusted_documents.require(work, only=True), person="sales")


async def test_requirement_holds_for_all_but_administrators(tenant: Tenant) -> None:
    async def required(person: str) -> bool:
        return await tenant.read(trusted_documents.are_required, person=person)

    before = await required("sales")
    await tenant.define(lambda work: trusted_documents.require(work, only=True), person="admin")

    assert (before, await required("sales"), await required("admin")) == (False, True, False)


async def test_retiring_what_is_not_there_is_a_fault(shared_tenant: Tenant) -> None:
    with pytest.raises(Fault) as refused:
        await shared_tenant.define(lambda work: trusted_documents.retire(work, "ghost"), person="admin")

    assert refused.value.code == "DOCUMENT_UNKNOWN"


async def test_documents_that_name_a_field_are_told_before_it_goes(tenant: Tenant) -> None:
    await tenant.define(
        lambda work: trusted_documents.add(work, "{ customers { nodes { region } } }", key="regions"), person="admin"
    )
    await tenant.define(
        lambda work: trusted_documents.add(work, "{ customers { nodes { regional: name } } }", key="names"),
        person="admin",
    )

    found = await tenant.read(lambda work: metadata.impact_of(work, "customer", "region"), person="admin")
    thing = await tenant.read(lambda work: metadata.impact_of(work, "customer"), person="admin")

    assert [(each.name, each.breaks) for each in found.usages if each.kind == "trustedDocument"] == [("regions", True)]
    assert [each.name for each in thing.usages if each.kind == "trustedDocument"] == ["names", "regions"]
