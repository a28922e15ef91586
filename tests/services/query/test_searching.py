"""Search: what is found, in which order, and that a field which may not be read is not searched."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from schema.metadata.search_keys import pattern, phone_lines, search_text, spoken_lines
from services.permissions.policy import EVERYONE, Level, ObjectRights, Policy, freeze
from services.query.errors import UnknownName
from services.query.searching import searched_objects
from tests.services.query.world import COMPANY, World, make_registry, record_id

NAMES = ("云启科技", "上海云启", "云启", "海蓝科技", "Yunqi Ltd", "云朵", "启云科技", "3M 中国")
PHONES = ("+8613800138000", "+8613900008000", "+8618000001111")
LINES = {"name": spoken_lines, "phone": phone_lines}
QUESTIONS = (
    "云启",
    "yunqi",
    "yq",
    "yqkj",
    "云",
    "科技",
    "8000",
    "138",
    "keji",
    "3m",
    "启云",
    "q",
    "",
    "·",
    "shanghai",
    "ltd",
)


async def fill(world: World) -> None:
    await world.insert(
        "company",
        [
            {
                "id": record_id(COMPANY, number),
                "created_at": datetime(2026, 1, number + 1, tzinfo=UTC),
                **world.searched("company", name=name, phone=PHONES[number % 3]),
            }
            for number, name in enumerate(NAMES)
        ],
    )


async def names(world: World, asked: str, policy: Policy | None = None, arguments: str = "") -> list[str]:
    text = f"query ($asked: String) {{ companies(search: $asked{arguments}) {{ nodes {{ id }} }} }}"
    answer = await world.ask(text, {"asked": asked}, policy=policy)
    ids = {str(record_id(COMPANY, number)): name for number, name in enumerate(NAMES)}
    return [ids[each["id"]] for each in answer["companies"]["nodes"]]


def level(**fields: Level) -> Policy:
    rights = ObjectRights(read=EVERYONE, fields=tuple(sorted(fields.items())), default_level=Level.READ)
    return Policy(freeze({"company": rights}), 1)


def rank(number: int, asked: str) -> int | None:
    """The reference: the best meeting of the name, then of the phone."""
    sought = pattern(asked)
    if sought is None:
        return None
    head = "\n" + sought.removeprefix("\n")
    ranks = [
        2 * place + other
        for other, (field, stored) in enumerate((("name", NAMES[number]), ("phone", PHONES[number % 3])))
        for place, text in enumerate((head + "\n", head, sought))
        if text in (search_text(LINES[field], stored) or "")
    ]
    return min(ranks, default=None)


@pytest.mark.parametrize("asked", QUESTIONS)
async def test_best_are_first_then_the_newest(world: World, asked: str) -> None:
    await fill(world)
    ranked = [(found, -number) for number in range(len(NAMES)) if (found := rank(number, asked)) is not None]

    assert await names(world, asked) == [NAMES[-number] for _, number in sorted(ranked)]


async def test_an_order_of_its_own_keeps_what_is_found(world: World) -> None:
    await fill(world)

    assert await names(world, "云启", arguments=", orderBy: [{createdAt: ASC}]") == ["云启科技", "上海云启", "云启"]


async def test_pages_of_ranked_records_go_on(world: World) -> None:
    await fill(world)
    first = await world.ask(
        '{ companies(search: "yunqi", first: 2) { nodes { id } pageInfo { endCursor hasNextPage } } }'
    )
    after = first["companies"]["pageInfo"]["endCursor"]

    rest = await names(world, "yunqi", arguments=f', after: "{after}"')

    assert first["companies"]["pageInfo"]["hasNextPage"] is True
    assert [*await names(world, "yunqi", arguments=", first: 2"), *rest] == await names(world, "yunqi")


async def test_search_and_filter_both_hold_and_totals_count_what_is_found(world: World) -> None:
    await fill(world)

    answer = await world.ask(
        '{ companies(search: "云启", filter: {phone: {eq: "+8613900008000"}}) { totalCount }'
        ' companiesAggregate(search: "云启") { count } }'
    )

    assert answer == {"companies": {"totalCount": 1}, "companiesAggregate": [{"count": 3}]}


@pytest.mark.parametrize("closed", [Level.NONE, Level.MASKED])
@pytest.mark.parametrize(("field", "asked", "otherwise"), [("name", "云启", "1380013"), ("phone", "1380013", "云启")])
async def test_field_that_may_not_be_read_is_not_searched(
    world: World, closed: Level, field: str, asked: str, otherwise: str
) -> None:
    await fill(world)
    policy = level(**{field: closed})

    total = await world.ask(
        f'{{ companies(search: "{asked}") {{ totalCount }} search(text: "{asked}") {{ object }} }}', policy=policy
    )

    assert total == {"companies": {"totalCount": 0}, "search": []}
    assert await names(world, asked, policy) == []
    assert await names(world, otherwise, policy) == await names(world, otherwise)


async def test_caller_who_may_read_no_searched_field_finds_nothing(world: World) -> None:
    await fill(world)

    assert await names(world, "云启", level(name=Level.NONE, phone=Level.MASKED)) == []


async def test_deleted_records_are_found_only_where_they_are_read(world: World) -> None:
    await fill(world)
    await world.execute("UPDATE t_query.x_company SET deleted_at = now() WHERE f_name = '云启'")

    assert await names(world, "云启") == ["云启科技", "上海云启"]
    assert await names(world, "云启", arguments=", deleted: true") == ["云启"]


def test_objects_asked_for_are_searched_once_and_must_be_there() -> None:
    shape = make_registry().shape

    assert searched_objects(shape, None) == ("company", "deal")
    assert searched_objects(shape, ["deal", "deal"]) == ("deal",)
    with pytest.raises(UnknownName) as refused:
        searched_objects(shape, ["nothing"])
    assert refused.value.message("en") == "There is no “nothing”."
