"""[A8] Dictionaries come with a pack; one that the tenant has keeps its words and gets what it lacks."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import pytest

from services import packs
from services.packs import BadPack
from tests.builders.dictionaries import entries, regions
from tests.builders.metadata import registry_of
from tests.builders.templates import put, small_pack

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from pathlib import Path

    from tests.builders.tenants import Tenant
    from tests.clients import Client

pytestmark = [pytest.mark.anyio, pytest.mark.integration]

_FIELD = "  region_c: {label: {en: Region}, type: choice, dictionary: regions_c}\n"
_REGIONS = """regions_c:
  label: {zh: 地区}
  entries:
    east: {zh: 东部, en: East}
    shanghai: {zh: 上海, parent: east}
"""


async def test_dictionary_of_the_tenant_keeps_its_words_and_gets_what_it_lacks(
    client_as: Callable[..., Awaitable[Client]], tenant: Tenant, tmp_path: Path
) -> None:
    admin = await client_as("admin")
    dictionary_id, _ = await regions(admin, "regions")
    small_pack(tmp_path, _FIELD)
    pack = packs.load_folder(put(tmp_path, {"dictionaries.yaml": _REGIONS}))

    done = await tenant.define(lambda work: packs.install(work, pack), person="admin")

    kept = {each["key"]: (each["labelZh"], each["parent"]) for each in await entries(admin, dictionary_id)}
    field = (await registry_of(tenant)).shape.field("head_c", "region_c")
    assert kept == {
        "east": ("华东", None),
        "north": ("华北", None),
        "beijing": ("北京", None),
        "shanghai": ("上海", {"key": "east"}),
    }
    assert field is not None
    assert set(field.choice_keys) == set(kept)
    assert ("dictionaries.regions_c.east", "label_zh") in {(each.where, each.property) for each in done.conflicts}


async def test_next_version_moves_the_entries_that_are_not_the_same_and_keeps_what_it_proposed(
    client_as: Callable[..., Awaitable[Client]], tenant: Tenant, tmp_path: Path
) -> None:
    admin = await client_as("admin")
    small_pack(tmp_path, _FIELD)
    versions: list[list[tuple[str, int]]] = []
    for words in (_REGIONS, _REGIONS.replace("上海", "上海市"), _REGIONS.replace("上海", "申")):
        pack = packs.load_folder(put(tmp_path, {"dictionaries.yaml": words}))
        for _ in versions:
            pack = packs.next_version(pack)
        done = await tenant.define(partial(packs.install, pack=pack), person="admin")
        found = await entries(admin, str(pack.dictionaries[0].id))
        versions.append([(each["labelZh"], each["version"]) for each in found])
        assert done.conflicts == ()

    assert versions == [[("东部", 1), ("上海", 1)], [("东部", 1), ("上海市", 2)], [("东部", 1), ("申", 3)]]


async def test_field_of_a_dictionary_that_is_nowhere_is_refused(tenant: Tenant, tmp_path: Path) -> None:
    pack = small_pack(tmp_path, _FIELD)

    with pytest.raises(BadPack, match=r"head_c\.yaml:9 fields\.region_c\.dictionary: UNKNOWN_DICTIONARY"):
        await tenant.define(lambda work: packs.install(work, pack), person="admin")


@pytest.mark.parametrize(
    ("field", "default"),
    [
        ("{type: choice, dictionary: regions_c, default: shanghai", "shanghai"),
        ("{type: multiChoice, dictionary: regions_c, default: [east, shanghai]", ("east", "shanghai")),
    ],
)
async def test_default_is_an_entry_of_the_dictionary(tmp_path: Path, field: str, default: object) -> None:
    small_pack(tmp_path, f"  region_c: {field}, label: {{en: Region}}}}\n")
    pack = packs.load_folder(put(tmp_path, {"dictionaries.yaml": _REGIONS}))
    (head, _) = packs.settled_alone(pack).objects
    found = head.field("region_c")

    assert found is not None
    assert found.field.option("default") == default
    assert packs.files_of(packs.load_folder(put(tmp_path / "again", packs.files_of(pack)))) == packs.files_of(pack)


async def test_default_that_the_dictionary_does_not_have_is_told_with_what_is_near(tmp_path: Path) -> None:
    small_pack(tmp_path, "  region_c: {type: choice, dictionary: regions_c, default: shangha, label: {en: Region}}\n")
    pack = packs.load_folder(put(tmp_path, {"dictionaries.yaml": _REGIONS}))

    with pytest.raises(
        BadPack, match=r"head_c\.yaml:\d+ fields\.region_c\.default: UNKNOWN_CHOICE: shangha .* “shanghai”"
    ):
        packs.settled_alone(pack)
