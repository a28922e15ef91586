"""Several words: whoever holds all of them is found, in any order and in any fields that may be read."""

from __future__ import annotations

import random
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from schema.metadata.search_keys import folded, phone_lines, search_text, spoken_lines
from services.permissions import Level
from tests.services.query.test_searching import level
from tests.services.query.world import COMPANY, World, record_id

if TYPE_CHECKING:
    from services.permissions import Policy

CITIES, BRANDS, TRADES = (
    ("上海", "北京", "宁波", "li"),
    ("李明", "云启", "海蓝", "lim", "明"),
    ("科技", "贸易", "科贸", "ltd"),
)
PHONES = ("+8613800138000", "+8613900008000", "+8618000001111", "+85221234567")
WORDS = (
    "上海", "北京", "宁波", "李明", "云启", "海蓝", "科技", "贸易", "明", "科", "li", "ming", "liming", "yq", "kj", "keji", "shanghai",
    "8000", "138", "1380013", "ltd", "l", "·", "海 蓝", "LI", "ｌｉ", "nothing",
)  # fmt: skip
COUNT, QUESTIONS = 120, 150


def customers() -> list[tuple[str, str]]:
    rng = random.Random(3)  # noqa: S311 - repeatable
    return [
        ("".join(rng.choice(part) for part in rng.sample((CITIES, BRANDS, TRADES), 3)), rng.choice(PHONES))
        for _ in range(COUNT)
    ]


def questions() -> list[str]:
    rng = random.Random(4)  # noqa: S311 - repeatable
    return [
        rng.choice((" ", "  ", "\u3000", "\t")).join(rng.sample(WORDS, rng.choice((2, 2, 3, 4))))
        for _ in range(QUESTIONS)
    ]


def grams_stand_in(word: str) -> bool:
    return len(word) > 2 or (len(word) > 1 and max(word) > "\u2e80")


def rank(texts: list[str], asked: str) -> int | None:
    """Said again without the compiler: the texts of the open fields, the title first, or empty where it is not open."""
    whole = folded(asked)
    sought = whole if grams_stand_in(whole) else "\n" + whole
    if whole and (grams_stand_in(whole) or grams_stand_in("\n" + whole)):
        head = "\n" + sought.removeprefix("\n")
        for place, wanted in enumerate((head + "\n", head, sought)):
            if any(wanted in text for text in texts):
                return 2 * place + (wanted not in texts[0])
    words = [each for each in dict.fromkeys(map(folded, asked.split())) if each]
    if not any(map(grams_stand_in, words)):
        words = ["\n" + each for each in words]
    if len(words) < 2 or not any(map(grams_stand_in, words)):
        return None
    if all(any(word in text for text in texts) for word in words):
        return 6 + any(word not in texts[0] for word in words)
    return None


@pytest.fixture
async def filled(world: World) -> World:
    await world.insert(
        "company",
        [
            {
                "id": record_id(COMPANY, number),
                "created_at": datetime(2026, 1, 1, 0, number // 60, number % 60, tzinfo=UTC),
                **world.searched("company", name=name, phone=phone),
            }
            for number, (name, phone) in enumerate(customers())
        ],
    )
    return world


@pytest.mark.parametrize("closed", [None, "phone", "name"])
async def test_found_are_those_that_hold_every_word_the_best_first(filled: World, closed: str | None) -> None:
    policy: Policy | None = None if closed is None else level(**{closed: Level.MASKED})
    texts = [
        [
            "" if closed == "name" else search_text(spoken_lines, name) or "",
            "" if closed == "phone" else search_text(phone_lines, phone) or "",
        ]
        for name, phone in customers()
    ]

    for asked in questions():
        ranked = [(found, -number) for number in range(COUNT) if (found := rank(texts[number], asked)) is not None]
        answer = await filled.ask(
            "query ($asked: String) { companies(search: $asked, first: 200) { nodes { id } totalCount }"
            " companiesAggregate(search: $asked) { count } }",
            {"asked": asked},
            policy=policy,
        )
        ids = [{"id": str(record_id(COMPANY, -number))} for _, number in sorted(ranked)]
        assert (asked, answer) == (
            asked,
            {"companies": {"nodes": ids, "totalCount": len(ids)}, "companiesAggregate": [{"count": len(ids)}]},
        )


async def test_hits_by_words_tell_the_field_of_the_first_one(world: World) -> None:
    await world.insert(
        "company",
        [
            {
                "id": record_id(COMPANY, 0),
                "created_at": datetime(2026, 1, 1, tzinfo=UTC),
                **world.searched("company", name="李明上海贸易", phone="+8613800138000"),
            }
        ],
    )

    answer = await world.ask(
        '{ a: search(text: "贸易 li ming") { field match score } b: search(text: "8000 上海") { field match score }'
        ' c: search(text: "上海 贸易") { field match score } d: search(text: "北京 贸易") { field } }'
    )

    assert answer == {
        "a": [{"field": "name", "match": "WORDS", "score": 40}],
        "b": [{"field": "phone", "match": "WORDS", "score": 30}],
        "c": [{"field": "name", "match": "CONTAINS", "score": 60}],
        "d": [],
    }


async def test_a_broad_question_of_several_words_is_answered_from_the_newest(world: World) -> None:
    await world.insert(
        "company",
        [
            {
                "id": record_id(COMPANY, number),
                "created_at": datetime(2026, 1, 1, 0, number // 60, number % 60, tzinfo=UTC),
                **world.searched("company", name=f"上海{number}科技"),
            }
            for number in range(1100)
        ],
    )

    answer = await world.ask('{ companies(search: "科技 上海", first: 2) { nodes { name } totalCount } }')

    assert answer == {"companies": {"nodes": [{"name": "上海1099科技"}, {"name": "上海1098科技"}], "totalCount": 1100}}


async def apart(world: World, *, count: int, together: range) -> None:
    """Half of the records hold one word in the name, half another in the phone, and some hold both."""
    await world.insert(
        "company",
        [
            {
                "id": record_id(COMPANY, number),
                "created_at": datetime(2026, 1, 1, number // 3600, number // 60 % 60, number % 60, tzinfo=UTC),
                **world.searched(
                    "company",
                    name=f"{'上海' if number % 2 or number in together else '北京'}{number}号",
                    phone="+8613911112222" if number % 2 and number not in together else "+8613800008000",
                ),
            }
            for number in range(count)
        ],
    )


@pytest.mark.parametrize(("count", "together"), [(1200, range(1195, 1200)), (3010, range(3))])
async def test_common_words_in_different_fields_are_found_among_the_newest_or_else_among_all(
    world: World, count: int, together: range
) -> None:
    await apart(world, count=count, together=together)

    answer = await world.ask('{ companies(search: "8000 上海") { nodes { name } totalCount } }')

    names = [{"name": f"上海{number}号"} for number in reversed(together)]
    assert answer == {"companies": {"nodes": names, "totalCount": len(names)}}
