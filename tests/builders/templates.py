"""Objects with everything that a form template carries, and their way out of one tenant and into another."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from schema.metadata.fields import Label
from schema.metadata.types import FIELD_TYPES, LINKED, SYSTEM_ONLY
from services import field_rules, metadata, packs
from tests.builders.derived import add, define, field
from tests.builders.dictionaries import regions
from tests.builders.field_rules import choices, offer, require, set_rules
from tests.builders.layouts import arrange, section
from tests.builders.views import keep

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from services.metadata import FieldDraft
    from services.packs import Exported, Installed, Pack
    from tests.builders.tenants import Tenant
    from tests.clients import Client

_DERIVED = frozenset({"lookup", "formula", "rollUp"})
# Every type that somebody enters, or that counts by itself.
_OPTIONS: Mapping[str, Mapping[str, object]] = {
    "text": {"maxLength": 40, "search": True},
    "autoNumber": {"format": "SB-{0000}"},
}
PLAIN = tuple(name for name in FIELD_TYPES if name not in SYSTEM_ONLY | LINKED | _DERIVED and name != "relation")


async def define_everything(tenant: Tenant, admin: Client) -> None:
    """Machines with their repairs: every type, derived fields, rules, a dictionary, layouts and views."""
    await regions(admin, "regions")
    await define(tenant, "machine", *(_plain(each) for each in PLAIN))
    await _relate(tenant)
    await _derive(tenant)
    await _rule(tenant)
    shown = section("基本", "text_c", "choice_c", columns=2, visibleIf="integer_c > 1")
    await arrange(admin, "machine_c", shown, section("维修", "repairs_c"))
    await arrange(admin, "machine_c", section("停用", "text_c"), stageField="choice_c", stage="b")
    parts = {
        "filter": {"choice_c": {"eq": "a"}},
        "columns": [{"field": "text_c", "width": 90}, {"field": "owner.name"}],
    }
    await keep(
        admin, "看板", object_name="machine_c", kind="kanban", settings={"columns": "choice_c"}, sharedWith={"everybody": True},
        orderBy=[{"text_c": "ASC"}], **parts,
    )  # fmt: skip
    await keep(admin, "我的", object_name="machine_c")


def _plain(type_name: str) -> FieldDraft:
    listed = choices("a", "b") if FIELD_TYPES[type_name].has_choices else ()
    given = _OPTIONS.get(type_name, {})
    return field(type_name, type_name, choices=listed, options=given, is_unique=type_name == "barcode")


async def _relate(tenant: Tenant) -> None:
    lines = (field("cost", "currency"), field("doneOn", "date"), field("note", "text"))
    added = (
        field("repairs", "lineTable", fields=lines),
        field("customer", "relation", target="customer", inverse_name="machines"),
        field("used", "relations", target="contact", inverse_name="operated"),
        field("region", "choice", options={"dictionary": "regions_c"}),
    )
    for draft in added:
        await tenant.define(partial(metadata.add_field, object_name="machine_c", draft=draft), person="admin")


async def _derive(tenant: Tenant) -> None:
    await add(tenant, "machine_c", "cost", "rollUp", relation="repairs_c", function="sum", field="cost_c")
    await add(tenant, "machine_c", "late", "rollUp", relation="repairs_c", function="count", filter="note_c == 'late'")
    await add(tenant, "machine_c", "aSum", "formula", expression="(late_c+integer_c)*2")
    await add(tenant, "machine_c", "doubled", "formula", expression="aSum_c + aSum_c", scale=2)
    await add(tenant, "machine_c", "phoneOf", "lookup", relation="customer_c", field="phone")


async def _rule(tenant: Tenant) -> None:
    await set_rules(tenant, "machine_c", "email_c", requiredIf="choice_c == 'a'", visibleIf="integer_c > 0")
    await set_rules(tenant, "machine_c", "url_c", readOnlyIf="boolean_c == true")
    await offer(tenant, "machine_c", "multiChoice_c", "choice_c", {"a": ["a"], "b": ["a", "b"]})
    await require(tenant, "machine_c", "date_c == null || text_c != null", name="named")
    await tenant.define(
        lambda work: field_rules.create_unique_rule(work, "machine_c", ("text_c", "region_c")), person="admin"
    )
    await require(tenant, "machine_c", "integer_c < 100", name="小", fields=["integer_c"])


async def export(tenant: Tenant, *names: str, name: str = "machines", version: int = 1) -> Exported:
    return await tenant.define(
        lambda work: packs.export(work, names, name=name, label=Label("模板", "Template"), version=version),
        person="admin",
    )


def put(folder: Path, files: Mapping[str, str]) -> Path:
    for file, text in files.items():
        (folder / file).parent.mkdir(parents=True, exist_ok=True)
        (folder / file).write_text(text, "utf-8")
    return folder


async def install(tenant: Tenant, folder: Path) -> Installed:
    pack = packs.load_folder(folder)
    return await tenant.define(lambda work: packs.install(work, pack), person="admin")


# --- without a tenant -------------------------------------------------------------------------------------------------


def small_pack(folder: Path, fields: str, **more: str) -> Pack:
    """A pack of heads and their lines; `fields` are further fields of a head, `more` further members of it, all as YAML."""
    members = "".join(f"{name}: {text}\n" for name, text in more.items())
    files = {
        "pack.yaml": "name: small\nversion: 1\nlabel: {en: Small}",
        "objects/head_c.yaml": _HEAD.format(fields=fields, more=members),
        "objects/line_c.yaml": _LINE,
    }
    return packs.load_folder(put(folder, files))


_HEAD = """name: head_c
plural: heads_c
label: {{en: Head}}
pluralLabel: {{en: Heads}}
fields:
  name_c: {{label: {{en: Name}}, type: text}}
  stage_c: {{label: {{en: Stage}}, type: choice, choices: {{new: {{en: New}}, old: {{en: Old}}}}}}
  count_c: {{label: {{en: Count}}, type: integer}}
{fields}
{more}"""
_LINE = """name: line_c
plural: lines_c
label: {en: Line}
pluralLabel: {en: Lines}
fields:
  cost_c: {label: {en: Cost}, type: decimal}
  at_c: {label: {en: Position}, type: integer}
  head_c:
    {label: {en: Head}, type: relation, target: head_c, inverse: {name: lines_c}, onDelete: cascade, linesBy: at_c}
"""
