"""[H1] What is selected of a record: masks, labels, aliases, empty values, and signs that would break JSON."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from services.permissions import Level, Policy
from services.permissions.policy import UNRESTRICTED_RIGHTS, freeze
from tests.services.query.world import ALICE, COMPANY, World, record_id

ID = record_id(COMPANY, 1)
MASKED = Policy(
    freeze({
        "company": replace(
            UNRESTRICTED_RIGHTS,
            fields=(
                ("industry", Level.MASKED),
                ("name", Level.MASKED),
                ("owner", Level.MASKED),
                ("revenue", Level.MASKED),
                ("score", Level.MASKED),
            ),
        ),
        "user": UNRESTRICTED_RIGHTS,
    }),
    1,
)


async def test_a_masked_record_keeps_its_types(world: World) -> None:
    await world.sign_in(ALICE)
    await world.insert(
        "company",
        [
            {
                "id": ID,
                "f_name": "张三",
                "f_industry": "food",
                "f_score": Decimal(1),
                "f_revenue": Decimal(1),
                "f_revenue_currency": "CNY",
                "owner_id": ALICE,
                "f_staff": 3,
            }
        ],
    )

    answer = await world.ask(
        "{ companies { nodes { name industry industryLabel revenue { amount } score staff owner { id } ownerId maskedFields } } }",
        policy=MASKED,
    )

    assert answer["companies"]["nodes"] == [
        {
            "name": "张***",
            "industry": "f***",
            "industryLabel": None,
            "revenue": None,
            "score": None,
            "staff": "3",
            "owner": None,
            "ownerId": None,
            "maskedFields": ["industry", "name", "owner", "revenue", "score"],
        }
    ]


@pytest.mark.parametrize(
    ("locale", "label"), [('"zh"', "food中"), ('"en"', "FOOD"), ('"de"', "food中"), ("null", "FOOD")]
)
async def test_labels_speak_the_language_asked_for(world: World, locale: str, label: str) -> None:
    await world.insert("company", [{"id": ID, "f_industry": "food"}])

    answer = await world.ask(f'{{ company(id: "{ID}") {{ industryLabel(locale: {locale}) }} }}')

    assert answer == {"company": {"industryLabel": label}}


async def test_a_choice_that_is_no_longer_defined_is_its_own_label(world: World) -> None:
    await world.insert("company", [{"id": ID, "f_industry": "mining"}])

    answer = await world.ask(f'{{ company(id: "{ID}") {{ industry industryLabel }} }}')

    assert answer == {"company": {"industry": "mining", "industryLabel": "mining"}}


async def test_one_record_under_many_keys(world: World) -> None:
    await world.insert("company", [{"id": ID, "f_name": 'quote " slash \\ tab \t end'}])

    answer = await world.ask(f"""{{ a: company(id: "{ID}") {{ x: name y: name }}
      b: company(id: "{ID}") {{ id }} c: company(id: "{record_id(COMPANY, 2)}") {{ id }} }}""")

    text = 'quote " slash \\ tab \t end'
    assert answer == {"a": {"x": text, "y": text}, "b": {"id": str(ID)}, "c": None}


async def test_keys_stand_in_the_order_of_the_selection(world: World) -> None:
    await world.insert("company", [{"id": ID, "f_name": "n"}])

    answer = await world.ask(f'{{ company(id: "{ID}") {{ staff name __typename id vip }} }}')

    assert list(answer["company"]) == ["staff", "name", "__typename", "id", "vip"]


async def test_a_hundred_fields_are_no_limit(world: World) -> None:
    await world.insert("company", [{"id": ID, "f_name": "n"}])
    keys = [f"k{number}" for number in range(300)]

    answer = await world.ask(f'{{ company(id: "{ID}") {{ {" ".join(f"{key}: name" for key in keys)} }} }}')

    assert answer["company"] == dict.fromkeys(keys, "n")


async def test_every_field_of_an_empty_record_is_null(world: World) -> None:
    await world.insert("company", [{"id": ID}])
    names = (
        "name industry industryLabel score staff foundedOn seenAt vip tags phone note parentId ownerId deletedAt "
        "createdById updatedById revenue { amount } parent { id } owner { id }"
    )

    answer = await world.ask(f'{{ company(id: "{ID}") {{ {names} }} }}')

    assert set(answer["company"].values()) == {None}
