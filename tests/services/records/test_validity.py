"""[A4] Every write is asked what its object asks, of the record as it will be; and a random rule is answered as it should."""

from __future__ import annotations

import random
from itertools import islice
from typing import TYPE_CHECKING, Any

import pytest

from services import field_rules, records
from tenants.errors import Refused
from tests.builders import field_rules as building
from tests.builders import records as written
from tests.builders.metadata import add_field, registry_of
from tests.builders.permissions import limit_field
from tests.services.records.rule_sentences import REGIONS, record, sentences

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from services.records import Written
    from tenants.errors import PathStep
    from tests.builders.tenants import Tenant
    from tests.services.records.rule_sentences import Raw

pytestmark = [pytest.mark.anyio, pytest.mark.integration]
A_FEW = 12


async def test_change_is_judged_by_the_record_as_it_will_be(company: Tenant) -> None:
    name = await building.define_visit(company, "judged")
    await building.require(company, name, "endsOn_c >= startsOn_c", fields=["endsOn_c"])
    made = await written.create_one(company, name, startsOn_c="2026-05-02", endsOn_c="2026-05-03")

    refused = await written.refused(written.update(company, name, made, startsOn_c="2026-05-04"))
    await written.update(company, name, made, startsOn_c="2026-05-04", endsOn_c="2026-05-05")

    assert refused == [((0, "endsOn_c"), "RULE_BROKEN")]
    assert (await written.stored(company, await table_of(company, name), made))["version"] == 2


async def test_record_that_breaks_a_rule_already_is_changed_elsewhere(company: Tenant) -> None:
    name = await building.define_visit(company, "older")
    made = await written.create_one(company, name, startsOn_c="2026-05-02", endsOn_c="2026-05-01")

    ruled = await building.require(company, name, "endsOn_c >= startsOn_c", fields=["endsOn_c"])
    await written.update(company, name, made, topic_c="later")
    refused = await written.refused(written.update(company, name, made, endsOn_c="2026-04-30"))
    await written.update(company, name, made, endsOn_c=None)

    assert ruled.broken == 1
    assert refused == [((0, "endsOn_c"), "RULE_BROKEN")]


async def test_field_that_becomes_invisible_keeps_its_value_and_takes_no_other(company: Tenant) -> None:
    name = await building.define_visit(company, "shown")
    await building.set_rules(company, name, "topic_c", visibleIf="result_c == 'lost'", requiredIf="heads_c > 1")
    made = await written.create_one(company, name, result_c="lost", topic_c="price", heads_c=2)

    await written.update(company, name, made, result_c="won")
    kept = await written.stored(company, await table_of(company, name), made)
    refused = await written.refused(written.update(company, name, made, topic_c="other"))
    await written.update(company, name, made, topic_c=None)
    back = await written.refused(written.update(company, name, made, result_c="lost"))

    assert "price" in kept.values()
    assert refused == [((0, "topic_c"), "FIELD_INVISIBLE")]
    assert back == [((0, "topic_c"), "REQUIRED")]


async def test_choice_that_a_closed_field_does_not_offer_is_refused_without_its_name(company: Tenant) -> None:
    name = await building.define_visit(company, "offers")
    await building.offer(company, name, "kind_c", "result_c", {"won": ["call"]})
    await limit_field(company, "sales", name, "result_c", "none")

    async def faults(person: str, **given: object) -> list[tuple[tuple[PathStep, ...], str]]:
        with pytest.raises(Refused) as refusal:
            await written.create_one(company, name, person=person, **given)
        return [(each.path, each.fault.message("en")) for each in refusal.value.violations]

    seen = await faults("admin", result_c="won", kind_c="meeting")
    closed = await faults("sales", kind_c="meeting")

    assert seen == [((0, "kind_c"), "meeting is not offered here: it does not go with the choice of result_c.")]
    assert closed == [((0, "kind_c"), "As the record stands this choice is not offered.")]


async def test_read_only_field_is_opened_by_the_same_write(company: Tenant) -> None:
    name = await building.define_visit(company, "closed")
    await building.set_rules(company, name, "heads_c", readOnlyIf="result_c == 'won'")
    born = await written.refused(written.create_one(company, name, result_c="won", heads_c=2))
    made = await written.create_one(company, name, heads_c=2)

    await written.update(company, name, made, result_c="won")
    refused = await written.refused(written.update(company, name, made, heads_c=3))
    await written.update(company, name, made, heads_c=2)
    await written.update(company, name, made, result_c="open", heads_c=3)

    assert born == refused == [((0, "heads_c"), "READ_ONLY")]


async def test_conditions_look_at_who_writes_and_where_he_sits(company: Tenant) -> None:
    name = await building.define_visit(company, "placed")
    await building.set_rules(company, name, "topic_c", requiredIf="owner.department == currentDepartment()")
    await building.set_rules(company, name, "heads_c", requiredIf="createdBy == currentUser() && kind_c == 'call'")
    given: dict[str, Any] = {"ownerId": company.user_id("sales"), "kind_c": "call"}

    beside = await written.refused(written.create_one(company, name, person="manager", **given))
    elsewhere = await written.refused(written.create_one(company, name, person="admin", **given))
    by_nobody = await written.create_one(company, name, **given)

    assert beside == [((0, "topic_c"), "REQUIRED"), ((0, "heads_c"), "REQUIRED")]
    assert elsewhere == [((0, "heads_c"), "REQUIRED")]
    assert (await written.stored(company, await table_of(company, name), by_nobody))["version"] == 1


async def test_formula_is_judged_with_what_it_is_computed_from(company: Tenant) -> None:
    name = await building.define_visit(company, "computed")
    options = {"expression": "heads_c * 10", "result": "integer"}
    await add_field(company, name, type="formula", name="price", options=options)
    await building.require(company, name, "price_c <= 20", fields=["heads_c"])

    born = await written.refused(written.create_one(company, name, heads_c=3))
    made = await written.create_one(company, name, heads_c=2)
    moved = await written.refused(written.update(company, name, made, heads_c=3))
    await written.update(company, name, made, heads_c=1)

    assert born == moved == [((0, "heads_c"), "RULE_BROKEN")]


async def test_upsert_is_asked_the_same(company: Tenant) -> None:
    await building.require(company, "customer", "level != 'a' || phone != null", name="phone", fields=["phone"])
    await written.create_one(company, "customer", name="云启")
    records_ = [{"name": "云启", "level": "a"}, {"name": "新云", "level": "a"}, {"name": "云海", "level": "b"}]

    done = await company.write(lambda work: records.upsert(work, "customer", records_, by="name", skip_errors=True))

    assert [(each.path, each.fault.code) for each in done.violations] == [
        ((0, "phone"), "RULE_BROKEN"),
        ((1, "phone"), "RULE_BROKEN"),
    ]
    assert len(done.ids) == 1


async def test_what_the_platform_does_because_of_another_record_is_not_asked(company: Tenant) -> None:
    name = await building.define_visit(company, "linked")
    customer = await written.create_one(company, "customer", name="将被删除")
    made = await written.create_one(company, name, customerId_c=customer)
    await building.require(company, name, "customer_c != null", name="linked", fields=["customer_c"])

    await company.write(lambda work: records.delete(work, "customer", [customer]))
    row = await written.stored(company, await table_of(company, name), made)

    assert customer not in row.values()


@pytest.mark.parametrize("seed", [1])
async def test_verdict_of_the_server_is_that_of_an_independent_reading(
    company: Tenant, request: pytest.FixtureRequest, seed: int
) -> None:
    rng = random.Random(request.config.getoption("--seed") or seed)  # noqa: S311 - repeatable
    name = await building.define_visit(company, "random")
    customers = [
        await written.create_one(company, "customer", name=f"区域 {at}", **({"region": each} if each else {}))
        for at, each in enumerate(REGIONS)
    ]
    there: list[Raw] = []
    met = {"broken": 0, "held": 0}

    for number, sentence in enumerate(islice(sentences(rng), request.config.getoption("--operations") or A_FEW)):
        ruled = await building.require(company, name, sentence.text, name=f"rule {number}", fields=["topic_c"])
        offered = [record(rng) for _ in range(12)]
        wrong = [at for at, each in enumerate(offered) if sentence.truth(each) is False]
        done = await create_good(company, name, given_as(offered, customers))
        await retire(company, ruled.id)

        assert ruled.broken == sum(sentence.truth(each) is False for each in there), sentence.text
        assert [each.path for each in done.violations] == [(at, "topic_c") for at in wrong], sentence.text
        there += [each for at, each in enumerate(offered) if at not in wrong]
        met["broken"] += len(wrong) + ruled.broken
        met["held"] += len(done.ids)

    assert min(met.values()) > 0


async def create_good(tenant: Tenant, name: str, given: list[dict[str, object]]) -> Written:
    return await tenant.write(lambda work: records.create(work, name, given, skip_errors=True))


async def retire(tenant: Tenant, rule_id: UUID) -> None:
    await tenant.define(lambda work: field_rules.retire_validation_rule(work, rule_id), person="admin")


def given_as(offered: Sequence[Raw], customers: Sequence[UUID]) -> list[dict[str, object]]:
    """Raw records as inputs of the API have them."""
    found = []
    for raw in offered:
        given = {f"{name}_c": each for name, each in raw.items() if name not in {"customer", "cost"}}
        given |= {key: str(given[key]) for key in ("startsOn_c", "endsOn_c") if given[key] is not None}
        given["cost_c"] = None if raw["cost"] is None else {"amount": str(raw["cost"])}
        given["customerId_c"] = None if raw["customer"] is None else customers[raw["customer"]]
        found.append(given)
    return found


async def table_of(tenant: Tenant, name: str) -> str:
    return (await registry_of(tenant)).names[name].table
