"""[A9] A pack's next version meets a tenant that changed the same things."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from schema.metadata.fields import Label
from schema.tables.metadata import choice_option, field_definition, pack_installation
from services import metadata, packs
from services.metadata import ChoiceDraft, FieldChange
from services.packs import BadPack, PackConflict
from tenants.errors import NotFound
from tests.builders.metadata import add_field, columns_of, registry_of
from tests.builders.mutations import mutate
from tests.builders.packs import Document, next_crm
from tests.builders.records import create_one
from tests.builders.templates import install, put, small_pack
from tests.builders.tenants import make_tenant

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from pathlib import Path

    from tenants.installation import Installation
    from tenants.provisioning import Provisioner
    from tests.builders.tenants import Tenant
    from tests.clients import Client

pytestmark = [pytest.mark.anyio, pytest.mark.integration]


def _new_field_and_labels(document: Document) -> None:
    fields = document["fields"]
    fields["scale"]["label"] = {"zh": "客户等级", "en": "Grade"}
    fields["region"]["label"] = {"zh": "所在地区", "en": "Region"}
    fields["scale"]["choices"]["e"] = {"zh": "E 级", "en": "E"}
    fields["vip"] = {"label": {"zh": "贵宾", "en": "VIP"}, "type": "boolean"}


async def test_every_choice_has_the_labels_of_its_pack(shared_tenant: Tenant) -> None:
    wanted = {
        choice.id: (choice.label.zh, choice.label.en)
        for thing in packs.load("crm").objects
        for field in thing.fields
        for choice in field.choices
    }
    query = sa.select(choice_option.c.id, choice_option.c.label_zh, choice_option.c.label_en)

    rows = await shared_tenant.read(lambda work: work.session.rows(query.where(choice_option.c.pack == "crm")))

    assert {row["id"]: (row["label_zh"], row["label_en"]) for row in rows} == wanted


async def test_upgrade_adds_what_is_new_and_keeps_what_the_tenant_changed(tenant: Tenant, tmp_path: Path) -> None:
    mine = await add_field(tenant)
    await tenant.define(
        lambda work: metadata.update_field(work, "customer", "scale", FieldChange(label=Label("重要程度", ""))),
        person="admin",
    )
    await tenant.define(
        lambda work: metadata.add_choice(work, "customer", "scale", ChoiceDraft(Label("S 级", "S"), "s"), position=0),
        person="admin",
    )
    pack = next_crm(tmp_path, _new_field_and_labels)

    done = await tenant.define(lambda work: packs.install(work, pack), person="admin")

    assert done == packs.Installed("crm", 2, (PackConflict("customer.scale", "label_zh", "重要程度", "客户等级"),))
    registry = await registry_of(tenant)
    names = registry.names["customer"].fields
    assert names["scale"].label == Label("重要程度", "Grade")
    assert names["region"].label == Label("所在地区", "Region")
    choices = registry.shape.field("customer", "scale")
    assert choices is not None
    assert [each.key for each in choices.choices] == ["s", "under50", "under200", "under1000", "over1000", "e"]
    assert names["vip"].number == names[mine.field_name].number + 1
    assert (await columns_of(tenant, "customer"))["vip"] == "boolean"
    assert await tenant.read(packs.installed) == (done,)


async def test_same_version_again_changes_nothing(tenant: Tenant, tmp_path: Path) -> None:
    pack = next_crm(tmp_path, _new_field_and_labels)

    first = await tenant.define(lambda work: packs.install(work, pack), person="admin")
    version = (await registry_of(tenant)).version
    second = await tenant.define(lambda work: packs.install(work, pack), person="admin")

    assert second == first
    assert (await registry_of(tenant)).version == version


async def test_upgraded_tenant_has_the_shape_of_a_new_one(tenant: Tenant, tmp_path: Path) -> None:
    pack = next_crm(tmp_path, _new_field_and_labels)

    await tenant.define(lambda work: packs.install(work, pack), person="admin")

    assert (await registry_of(tenant)).shape.hash == packs.registry_of(pack).shape.hash


async def test_retired_field_of_a_pack_stays_retired(tenant: Tenant, tmp_path: Path) -> None:
    await tenant.define(lambda work: metadata.retire_field(work, "customer", "region"), person="admin")
    pack = next_crm(tmp_path, _new_field_and_labels)

    done = await tenant.define(lambda work: packs.install(work, pack), person="admin")

    assert done.conflicts == ()
    assert (await registry_of(tenant)).shape.field("customer", "region") is None


async def test_pack_may_not_turn_a_field_into_something_else(tenant: Tenant, tmp_path: Path) -> None:
    pack = next_crm(tmp_path, lambda document: document["fields"]["region"].update(type="longText", indexed=False))

    with pytest.raises(BadPack, match=r"customer\.yaml:[0-9]+ fields\.region: PACK_KIND_CHANGED"):
        await tenant.define(lambda work: packs.install(work, pack), person="admin")

    row = await tenant.read(
        lambda work: work.session.row(sa.select(field_definition.c.type).where(field_definition.c.name == "region"))
    )
    assert row is not None
    assert row["type"] == "text"


async def test_pack_that_another_one_stands_in_the_way_of_is_refused_over_the_api(
    client_as: Callable[..., Awaitable[Client]], installation: Installation, provisioner: Provisioner, tmp_path: Path
) -> None:
    tenant = await make_tenant(installation, provisioner, pack=packs.load("light"), staff={"admin": ("admin", "")})
    lead = "name: lead\nplural: leadList\nnumber: 500\nlabel: {en: L}\npluralLabel: {en: L}\nfields: {}\n"
    head = "name: other\nversion: 1\nlabel: {en: Other}\n"
    await install(tenant, put(tmp_path, {"pack.yaml": head, "objects/lead.yaml": lead}))
    admin = await client_as("admin", of=tenant)

    done = await mutate(admin, "upgradePack", "pack { name }", name="crm")

    assert done == {"pack": None, "errors": [{"path": ["name"], "code": "PACK_KIND_CHANGED"}]}


@pytest.mark.parametrize(("name", "code"), [("../../etc", "PACK_NOT_INSTALLED"), ("small", "PACK_NOT_RELEASED")])
async def test_pack_of_no_release_is_not_upgraded(tenant: Tenant, tmp_path: Path, name: str, code: str) -> None:
    small = small_pack(tmp_path, "")
    await tenant.define(lambda work: packs.install(work, small), person="admin")

    with pytest.raises(NotFound) as refused:
        await tenant.define(lambda work: packs.upgrade(work, name), person="admin")

    assert refused.value.code == code


async def test_records_that_are_alike_refuse_a_rule_that_wants_them_different(tenant: Tenant, tmp_path: Path) -> None:
    pack = small_pack(tmp_path / "a", "")
    ruled = packs.next_version(small_pack(tmp_path / "b", "", indexes="[{fields: [name_c, stage_c], unique: true}]"))
    await tenant.define(lambda work: packs.install(work, pack), person="admin")
    for _ in range(2):
        await create_one(tenant, "head_c", person="admin", name_c="x", stage_c="new")

    with pytest.raises(BadPack, match="PACK_VALUES_NOT_UNIQUE"):
        await tenant.define(lambda work: packs.install(work, ruled), person="admin")

    assert [each.version for each in await tenant.read(packs.installed) if each.name == "small"] == [1]


async def test_other_content_under_a_name_and_version_that_are_there_is_refused(tenant: Tenant, tmp_path: Path) -> None:
    pack, other = (
        small_pack(tmp_path / "a", ""),
        small_pack(tmp_path / "b", "  more_c: {label: {en: More}, type: text}"),
    )
    done = await tenant.define(lambda work: packs.install(work, pack), person="admin")

    again = await tenant.define(lambda work: packs.install(work, pack), person="admin")
    with pytest.raises(BadPack, match=r"pack\.yaml version: PACK_NOT_NEWER"):
        await tenant.define(lambda work: packs.install(work, other), person="admin")
    newer = await tenant.define(lambda work: packs.install(work, packs.next_version(other)), person="admin")
    with pytest.raises(BadPack, match="PACK_NOT_NEWER: Version 2 of small is there already"):
        await tenant.define(lambda work: packs.install(work, pack), person="admin")

    assert (done.is_new, again.is_new, newer.is_new, newer.version) == (True, False, True, 2)


async def test_a_pack_of_this_release_is_never_another_one(tenant: Tenant) -> None:
    # As a release before this one may have spelled it.
    spelled = sa.update(pack_installation).where(pack_installation.c.name == "crm").values(content="otherwise")
    await tenant.define(lambda work: work.session.execute(spelled), person="admin")

    again = await tenant.define(lambda work: packs.upgrade(work, "crm"), person="admin")

    assert (again.name, again.is_new) == ("crm", False)
