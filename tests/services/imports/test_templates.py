"""[A7] A template has the columns that its caller may write, and nothing in it becomes a formula."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

import pytest

from schema.metadata.fields import Label
from services import imports, metadata
from services.metadata import FieldChange
from tenants.context import Origin
from tests.builders.metadata import add_field

if TYPE_CHECKING:
    from services.imports import Template
    from tests.builders.tenants import Tenant

pytestmark = [pytest.mark.anyio, pytest.mark.integration]


async def template(tenant: Tenant, name: str, person: str, *, language: str = "zh") -> Template | None:
    origin = Origin("test", language="en" if language == "en" else "zh")
    return await tenant.read(lambda work: imports.template_of(work, name), person=person, origin=origin)


async def test_columns_are_those_that_the_caller_may_write(shared_tenant: Tenant) -> None:
    found = await template(shared_tenant, "customer", "sales")

    assert found is not None
    names = [each.field.name for each in found.columns]
    assert names[:3] == ["name", "shortName", "creditCode"]
    assert names[-1] == "owner"
    assert {"id", "version", "createdAt", "createdBy", "lastActivityAt"}.isdisjoint(names)
    assert next(each for each in found.columns if each.field.name == "level").choices[0][0] == "a"


@pytest.mark.parametrize(
    ("name", "person"), [("customer", "service"), ("nothing", "admin"), ("user", "admin"), ("job", "sales")]
)
async def test_who_may_not_write_is_told_nothing(shared_tenant: Tenant, name: str, person: str) -> None:
    assert await template(shared_tenant, name, person) is None


async def test_headings_are_in_the_language_of_the_caller_and_differ(company: Tenant) -> None:
    await add_field(company, label=Label("电话", "Phone"), type="text", name="otherPhone")

    chinese, english = (
        await template(company, "customer", "admin"),
        await template(company, "customer", "admin", language="en"),
    )

    assert chinese is not None
    assert english is not None
    rows = list(csv.reader(io.StringIO(chinese.csv.removeprefix("\ufeff"))))
    assert rows[0] == [each.heading for each in chinese.columns]
    assert rows[1][rows[0].index("客户级别")] == "A 级(重点)"
    assert {"电话", "电话 (otherPhone_c)"} <= set(rows[0])
    assert english.columns[0].heading == "Name"


async def test_words_of_a_heading_never_become_a_formula(company: Tenant) -> None:
    await company.define(
        lambda work: metadata.update_field(
            work, "product", "name", FieldChange(label=Label("=cmd|' /C calc'!A0", "+1"))
        ),
        person="admin",
    )

    found = await template(company, "product", "admin")

    assert found is not None
    heading = next(csv.reader(io.StringIO(found.csv.removeprefix("\ufeff"))))[0]
    assert heading.startswith("'=cmd")


async def test_examples_follow_the_pattern_and_the_language(company: Tenant) -> None:
    await add_field(
        company, label=Label("编码", "Code"), type="text", name="code", options={"pattern": r"[A-Z]{2}-\d{4}"}
    )

    found = [await template(company, "customer", "admin", language=each) for each in ("zh", "en")]

    examples = [{each.field.name: each.example for each in one.columns} for one in found if one is not None]
    assert [each["code_c"] for each in examples] == ["AA-1111", "AA-1111"]
    assert [each["name"] for each in examples] == ["示例", "Example"]
