"""[A4] Unique rules over several fields: refused with what stands in their way, kept by an index, taken back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from schema.metadata.errors import NotChangeable
from schema.tables.metadata import index_definition
from services import field_rules, records
from services.field_rules import MOST_UNIQUE_RULES, Repeated, TooManyUniqueRules
from services.field_rules.errors import CombinationsNotUnique
from tenants.errors import NotFound, Refused
from tests.builders import field_rules as building
from tests.builders import records as written
from tests.builders.metadata import indexes_of, registry_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from services.field_rules import UniqueRule
    from tests.builders.tenants import Tenant

pytestmark = [pytest.mark.anyio, pytest.mark.integration]
BOTH = ("topic_c", "startsOn_c")


async def unique(tenant: Tenant, object_name: str, *fields: str) -> UniqueRule:
    return await tenant.define(lambda work: field_rules.create_unique_rule(work, object_name, fields), person="admin")


async def retire(tenant: Tenant, rule_id: UUID) -> None:
    await tenant.define(lambda work: field_rules.retire_unique_rule(work, rule_id), person="admin")


async def repeated(tenant: Tenant, object_name: str, *fields: str) -> tuple[int, Sequence[Repeated]]:
    return await tenant.read(
        lambda work: field_rules.repeated_records(work, object_name, fields, first=5), person="admin"
    )


async def visits(tenant: Tenant, name: str, *days: str, topic: str | None = "a") -> Sequence[UUID]:
    return [await written.create_one(tenant, name, topic_c=topic, startsOn_c=f"2026-05-{each}") for each in days]


async def test_no_two_records_hold_the_same_in_all_fields(company: Tenant) -> None:
    name = await building.define_visit(company, "twin")
    await visits(company, name, "01", "02")

    await unique(company, name, *BOTH)
    refused = await written.refused(visits(company, name, "01"))
    await visits(company, name, "03")
    (other,) = await visits(company, name, "01", topic="b")
    moved = await written.refused(written.update(company, name, other, topic_c="a"))
    await visits(company, name, "01", "01", topic=None)

    assert refused == moved == [((0, "topic_c"), "UNIQUE_TAKEN")]


async def test_rule_is_refused_over_records_that_are_alike_and_names_them(company: Tenant) -> None:
    name = await building.define_visit(company, "alike")
    first = await visits(company, name, "01", "01", "01")
    second = await visits(company, name, "02", "02")
    await visits(company, name, "03")

    with pytest.raises(Refused) as caught:
        await unique(company, name, *BOTH)
    found = await repeated(company, name, *BOTH)

    (violation,) = caught.value.violations
    assert (violation.path, type(violation.fault)) == (("fields",), CombinationsNotUnique)
    told = "; ".join(", ".join(map(str, sorted(each))) for each in (first, second))
    assert violation.fault.details == {"count": 2, "examples": told}
    assert found == (2, (Repeated(3, tuple(sorted(first))), Repeated(2, tuple(sorted(second)))))
    assert (await registry_of(company)).shape.objects[name].indexes == ()


async def test_rule_is_taken_back_and_made_again(company: Tenant) -> None:
    name = await building.define_visit(company, "again")
    made = await unique(company, name, *BOTH)
    table = (await registry_of(company)).names[name].table
    with_rule = await indexes_of(company, table)

    await retire(company, made.id)
    without = await indexes_of(company, table)
    await visits(company, name, "01", "01")
    refused = await written.refused(unique(company, name, *BOTH))
    (_, (group,)) = await repeated(company, name, *BOTH)
    await company.write(lambda work: records.delete(work, name, group.ids[:1]))
    back = await unique(company, name, *BOTH)

    assert len(with_rule) - len(without) == 1
    assert refused == [(("fields",), "COMBINATIONS_NOT_UNIQUE")]
    assert back.id == made.id
    assert await indexes_of(company, table) == with_rule


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        (("topic_c",), [(("fields",), "UNIQUE_FIELDS_MISSING")]),
        (("topic_c", "topic_c"), [(("fields",), "UNIQUE_FIELDS_MISSING")]),
        (("topic_c", "kind_c", "result_c", "startsOn_c", "endsOn_c", "heads_c"), [(("fields",), "UNIQUE_FIELDS_MISSING")]),
        (("cost_c", "topic_c", "marks_c"), [
            (("fields", 0), "CANNOT_BE_UNIQUE_TOGETHER"), (("fields", 2), "CANNOT_BE_UNIQUE_TOGETHER")]),
        (("kind_c", "result_c"), [(("fields",), "UNIQUE_RULE_THERE")]),
    ],
)  # fmt: skip
async def test_fields_that_cannot_be_unique_together_are_refused(
    company: Tenant, fields: Sequence[str], wrong: object
) -> None:
    if "asked_c" not in (await registry_of(company)).shape.objects:
        await unique(company, await building.define_visit(company, "asked"), "result_c", "kind_c")

    assert await written.refused(unique(company, "asked_c", *fields)) == wrong


async def test_object_has_so_many_unique_rules_and_no_more(company: Tenant) -> None:
    name = await building.define_visit(company, "full")
    fields = ("topic_c", "kind_c", "result_c", "startsOn_c", "endsOn_c", "heads_c")
    pairs = [(one, other) for at, one in enumerate(fields) for other in fields[at + 1 :]]
    for pair in pairs[:MOST_UNIQUE_RULES]:
        await unique(company, name, *pair)

    with pytest.raises(TooManyUniqueRules):
        await unique(company, name, *pairs[MOST_UNIQUE_RULES])


async def test_rule_of_a_pack_stays_and_one_that_is_not_there_is_not_found(company: Tenant) -> None:
    rows = await company.read(lambda work: work.session.rows(sa.select(index_definition)))
    of_pack = [row["id"] for row in rows if row["pack"] and row["is_unique"]]

    for each in of_pack:
        with pytest.raises(NotChangeable):
            await retire(company, each)
    with pytest.raises(NotFound):
        await retire(company, company.user_id("admin"))
