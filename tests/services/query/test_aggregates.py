"""[H1] Groups and measures against sums made in Python: money by currency, months in a zone, empty values last."""

from __future__ import annotations

from collections import Counter
from datetime import date
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from services.query import plan as p
from services.query.binder import bind
from services.query.errors import NotGroupable, NotMeasurable
from tests.services.query.reference import Reference
from tests.services.query.rows import Record, make_rows, store
from tests.services.query.world import World

STAGES = ("open", "won", "lost", None)


def by_currency(records: list[Record], name: str = "amount") -> list[dict[str, str]]:
    sums: dict[str, Decimal] = {}
    for each in records:
        if each[name] is not None:
            currency = each[f"{name}.currency"]
            sums[currency] = sums.get(currency, Decimal(0)) + each[name]
    return [{"amount": plain(total), "currency": currency} for currency, total in sorted(sums.items())]


def plain(number: Decimal) -> str:
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


@pytest.mark.parametrize("seed", range(3))
async def test_money_is_summed_by_currency_beside_other_measures(world: World, seed: int) -> None:
    rows = make_rows(seed)
    await store(world, rows)
    deals = Reference(rows).matching("deal", {})

    answer = await world.ask("""{ dealsAggregate(groupBy: [{stage: true}]) {
      group { stage } count sum { amount { amount currency } } countDistinct { title } min { closeOn } } }""")

    expected = []
    for stage in STAGES:
        mine = [each for each in deals if each["stage"] == stage]
        days = [each["closeOn"] for each in mine if each["closeOn"] is not None]
        expected.append({
            "group": {"stage": stage},
            "count": len(mine),
            "sum": {"amount": by_currency(mine)},
            "countDistinct": {"title": len({each["title"] for each in mine} - {None})},
            "min": {"closeOn": min(days).isoformat()},
        })
    assert answer["dealsAggregate"] == expected


async def test_two_money_fields_do_not_mix_their_currencies(world: World) -> None:
    rows = make_rows(5)
    await store(world, rows)
    companies = Reference(rows).matching("company", {})

    answer = await world.ask("""{ companiesAggregate {
      count sum { revenue { currency amount } staff } avg { score staff } max { revenue { amount } } } }""")

    (group,) = answer["companiesAggregate"]
    scores = [each["score"] for each in companies if each["score"] is not None]
    staff = [each["staff"] for each in companies if each["staff"] is not None]
    assert group["count"] == len(companies)
    assert group["sum"] == {"revenue": by_currency(companies, "revenue"), "staff": str(sum(staff))}
    assert group["avg"] == {
        "score": plain(round(sum(scores) / len(scores), 10)),
        "staff": plain(round(Decimal(sum(staff)) / len(staff), 10)),
    }
    assert len(group["max"]["revenue"]) == 2


async def test_mean_of_large_numbers_has_ten_decimals_too(world: World) -> None:
    """PostgreSQL alone would answer as many digits as it takes for significant."""
    rows = [{"id": world.new_id("company"), "f_staff": 10**15}, {"id": world.new_id("company"), "f_staff": 10**15 + 1}]
    await world.insert("company", [*rows, {"id": world.new_id("company"), "f_staff": 10**15}])

    answer = await world.ask("{ companiesAggregate { avg { staff } } }")

    assert answer == {"companiesAggregate": [{"avg": {"staff": "1000000000000000.3333333333"}}]}


async def test_choices_are_told_with_their_words_also_behind_a_relation(world: World) -> None:
    rows = make_rows(4)
    await store(world, rows)

    answer = await world.ask("""{ dealsAggregate(groupBy: [{stage: true}, {company: {industry: true}}]) {
      group { stage stageLabel company { industry zh: industryLabel(locale: "zh") } } } }""")

    told = [each["group"] for each in answer["dealsAggregate"]]
    assert {(each["stage"], each["stageLabel"]) for each in told} == {
        ("open", "OPEN"), ("won", "WON"), ("lost", "LOST"), (None, None),
    }  # fmt: skip
    industries = {(each["company"]["industry"], each["company"]["zh"]) for each in told}
    assert industries == {("software", "software中"), ("food", "food中"), ("retail", "retail中"), (None, None)}


async def test_no_record_is_one_group_with_a_count_of_zero(world: World) -> None:
    answer = await world.ask("{ dealsAggregate { count sum { amount { amount } } max { closeOn } __typename } }")

    assert answer["dealsAggregate"] == [
        {"count": 0, "sum": {"amount": []}, "max": {"closeOn": None}, "__typename": "DealAggregate"}
    ]


async def test_no_record_is_no_group_where_there_are_keys(world: World) -> None:
    answer = await world.ask("{ dealsAggregate(groupBy: [{stage: true}]) { count } }")

    assert answer["dealsAggregate"] == []


@pytest.mark.parametrize(
    ("zone", "variables"), [("Asia/Shanghai", {}), ("America/New_York", {"zone": "America/New_York"})]
)
async def test_moments_fall_into_days_of_the_zone_asked_for(world: World, zone: str, variables: dict[str, Any]) -> None:
    rows = make_rows(2)
    await store(world, rows)
    seen = [each["seenAt"] for each in Reference(rows).matching("company", {})]
    days = Counter(None if at is None else at.astimezone(ZoneInfo(zone)).date().isoformat() for at in seen)

    answer = await world.ask(
        "query ($zone: String) { companiesAggregate(groupBy: [{seenAt: DAY}], zone: $zone) { group { seenAt } count } }",
        variables,
    )

    counted = [(each["group"]["seenAt"], each["count"]) for each in answer["companiesAggregate"]]
    assert counted == sorted(days.items(), key=lambda each: each[0] or "9")


@pytest.mark.parametrize(
    ("unit", "first"),
    [
        ("WEEK", date(2026, 3, 30)),
        ("MONTH", date(2026, 3, 1)),
        ("QUARTER", date(2026, 1, 1)),
        ("YEAR", date(2026, 1, 1)),
    ],
)
async def test_buckets_are_named_by_their_first_day(world: World, unit: str, first: date) -> None:
    await world.insert("deal", [{"id": world.new_id("deal"), "f_closeon": date(2026, 3, 31)}])

    answer = await world.ask(f"{{ dealsAggregate(groupBy: [{{closeOn: {unit}}}]) {{ group {{ closeOn }} }} }}")

    assert answer["dealsAggregate"] == [{"group": {"closeOn": first.isoformat()}}]


async def test_groups_over_a_relation_put_invisible_targets_with_the_empty_ones(world: World) -> None:
    rows = make_rows(4)
    await store(world, rows)
    reference = Reference(rows)
    industries = Counter(reference.value(each, ("company", "industry")) for each in reference.matching("deal", {}))

    answer = await world.ask(
        "{ dealsAggregate(groupBy: [{company: {industry: true}}]) { group { company { industry } } count } }"
    )

    counted = {each["group"]["company"]["industry"]: each["count"] for each in answer["dealsAggregate"]}
    assert counted == dict(industries)


async def test_having_and_order_look_at_measures(world: World) -> None:
    rows = make_rows(6)
    await store(world, rows)
    counts = Counter(each["staff"] for each in Reference(rows).matching("company", {}))
    expected = sorted(
        ((staff, count) for staff, count in counts.items() if count >= 4),
        key=lambda each: (-each[1], 99 if each[0] is None else each[0]),
    )

    answer = await world.ask("""{ companiesAggregate(groupBy: [{staff: true}], having: {count: {gte: 4}},
      orderBy: [{count: DESC}]) { group { staff } count } }""")

    counted = [(each["group"]["staff"], each["count"]) for each in answer["companiesAggregate"]]
    assert counted == [(None if staff is None else str(staff), count) for staff, count in expected]


async def test_first_keeps_the_first_groups_of_the_order(world: World) -> None:
    await store(world, make_rows(6))

    answer = await world.ask("""{ dealsAggregate(groupBy: [{stage: true}], orderBy: [{group: {stage: DESC}}], first: 2)
      { group { stage } } }""")

    assert answer["dealsAggregate"] == [{"group": {"stage": "lost"}}, {"group": {"stage": "won"}}]


async def test_children_are_aggregated_within_each_parent(world: World) -> None:
    rows = make_rows(7)
    await store(world, rows)
    deals = Reference(rows).matching("deal", {"stage": {"ne": "lost"}})

    answer = await world.ask("""{ companies(first: 100) { nodes { id
      dealsAggregate(filter: {stage: {ne: "lost"}}) { count sum { amount { amount currency } } } } } }""")

    for node in answer["companies"]["nodes"]:
        mine = [each for each in deals if str(each["company"]) == node["id"]]
        assert node["dealsAggregate"] == [{"count": len(mine), "sum": {"amount": by_currency(mine)}}]


@pytest.mark.parametrize(
    "aggregate",
    [
        p.Aggregate("deal", (), order=(p.AggregateOrder(p.Measure("sum", "amount"), p.Direction.ASC),)),
        p.Aggregate("deal", (), having=(p.Having(p.Measure("sum", "amount"), "gt", p.Parameter(0)),)),
        p.Aggregate("deal", (p.AggregateNode("x", measure=p.Measure("sum", "title")),)),
    ],
)
def test_money_has_no_order_and_text_no_sum(world_registry: Any, aggregate: p.Aggregate) -> None:
    with pytest.raises(NotMeasurable):
        bind(world_registry.shape, p.Plan((p.AggregateRoot("a", aggregate),)))


@pytest.mark.parametrize(
    "key", [p.GroupKey(("amount",)), p.GroupKey(("stage",), "DAY"), p.GroupKey(("closeOn",), "HOUR")]
)
def test_only_some_types_make_groups(world_registry: Any, key: p.GroupKey) -> None:
    with pytest.raises(NotGroupable):
        bind(world_registry.shape, p.Plan((p.AggregateRoot("a", p.Aggregate("deal", (), (key,))),)))
