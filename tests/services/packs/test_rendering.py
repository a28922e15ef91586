"""A pack as the script of a new tenant."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from services import packs
from tests.builders.templates import small_pack

if TYPE_CHECKING:
    from pathlib import Path

SCHEMA = "t_abcdefghijkl"


@pytest.fixture(scope="module")
def script() -> list[str]:
    return packs.render(packs.load("crm"), SCHEMA)


def test_script_makes_every_table_and_lets_the_runtime_role_in(script: list[str]) -> None:
    assert sum(each.startswith("CREATE TABLE") for each in script) == 18
    assert f'GRANT SELECT, INSERT, UPDATE, DELETE ON "{SCHEMA}"."customer" TO "{SCHEMA}"' in script


def test_script_fills_the_definition_tables_in_the_order_of_their_keys(script: list[str]) -> None:
    tables = [each.split('"')[3] for each in script if each.startswith("INSERT")]

    assert tables == [
        "object_definition",
        "field_definition",
        "choice_option",
        "dictionary",
        "dictionary_entry",
        "role",
        "object_permission",
        "action_permission",
        "pack_installation",
    ]


def test_script_names_its_own_schema_only(script: list[str]) -> None:
    assert all(f'"{SCHEMA}"' in each for each in script)
    assert [each.replace(SCHEMA, "t_other") for each in script] == packs.render(packs.load("crm"), "t_other")


def test_registry_of_a_pack_needs_no_database() -> None:
    registry = packs.registry_of_pack("crm")

    assert registry is packs.registry_of(packs.load("crm"))
    assert registry.shape.objects["customer"].plural == "customers"


def test_objects_of_a_template_get_the_numbers_of_a_tenant(tmp_path: Path) -> None:
    pack = small_pack(tmp_path, "")

    numbers = {name: found.number for name, found in packs.registry_of(pack).names.items() if name.endswith("_c")}

    assert numbers == {"head_c": 1000, "line_c": 1001}
