"""[A8] A dictionary is kept once: made of entries or of a field's choices, and used by fields of several objects."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.builders.dictionaries import choices, choose_from, entries, regions
from tests.builders.mutations import mutate, refusal

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from tests.clients import Client

    Person = Callable[[str], Awaitable[Client]]


async def test_fields_of_several_objects_offer_its_entries(person: Person) -> None:
    admin, sales = await person("admin"), await person("sales")
    await regions(admin, "diqu")

    one = await choose_from(admin, "diqu", "customer")
    many = await choose_from(admin, "diqu", "lead", type_="multiChoice")

    offered = [("east", "华东", False), ("north", "华北", False), ("beijing", "北京", False)]
    assert await choices(sales, "customer", one) == await choices(sales, "lead", many) == offered
    made = await mutate(
        sales, "createLead", f"lead {{ {many} }}", record={"name": "字典", "company": "甲", many: ["east", "beijing"]}
    )
    assert made == {"lead": {many: ["east", "beijing"]}, "errors": []}
    wrong = await mutate(sales, "createCustomer", record={"name": "字典外", one: "south"})
    assert wrong["errors"] == [{"path": ["record", one], "code": "UNKNOWN_CHOICE"}]


async def test_an_object_is_made_with_fields_that_use_it(person: Person) -> None:
    admin = await person("admin")
    await regions(admin, "quyu")
    field = {"label": {"zh": "区域"}, "type": "choice", "name": "quyu", "options": {"dictionary": "quyu_c"}}
    unknown = {**field, "name": "other", "options": {"dictionary": "nope_c"}}
    both = {**field, "name": "both", "choices": [{"label": {"zh": "甲"}}]}

    made = await mutate(admin, "createObject", "object", label={"zh": "网点"}, fields=[field])
    refused = await mutate(admin, "createObject", label={"zh": "坏"}, fields=[unknown, both])

    assert made["errors"] == []
    assert len(await choices(admin, made["object"], "quyu_c")) == 3
    assert refused["errors"] == [
        {"path": ["fields", "0", "options", "dictionary"], "code": "UNKNOWN_DICTIONARY"},
        {"path": ["fields", "1", "choices"], "code": "CHOICES_OF_DICTIONARY"},
    ]


async def test_the_choices_of_a_field_become_a_dictionary_that_other_fields_use(person: Person) -> None:
    admin = await person("admin")
    for each in ("customer", "lead"):
        await mutate(admin, "useDictionary", object=each, field="industry")

    made = await mutate(
        admin, "createDictionary", "dictionary { id name }", labelZh="行业", object="customer", field="industry"
    )
    dictionary_id = made["dictionary"]["id"]
    used = await mutate(admin, "useDictionary", object="lead", field="industry", dictionaryId=dictionary_id)
    lacking = await mutate(admin, "useDictionary", object="lead", field="source", dictionaryId=dictionary_id)
    await mutate(admin, "addDictionaryEntry", dictionaryId=dictionary_id, key="space", labelZh="航天")

    assert (made["dictionary"]["name"], made["errors"], used["errors"]) == ("hangYe_c", [], [])
    assert lacking["errors"] == [{"path": ["dictionaryId"], "code": "DICTIONARY_LACKS_KEYS"}]
    assert [(await choices(admin, each, "industry"))[-1] for each in ("customer", "lead")] == [
        ("space", "航天", False)
    ] * 2


async def test_what_is_kept_in_a_dictionary_is_not_changed_in_a_field(person: Person) -> None:
    admin = await person("admin")
    await regions(admin, "gudian")
    field = await choose_from(admin, "gudian", "customer")
    place = {"object": "customer", "field": field}

    refused = [
        await mutate(admin, "addChoice", **place, choice={"label": {"zh": "新"}}),
        await mutate(admin, "retireChoice", **place, key="east"),
        await mutate(admin, "updateField", **place, options={"dictionary": "other_c"}),
    ]
    detached = await mutate(admin, "useDictionary", "dictionary { id }", **place)

    assert [[each["code"] for each in answer["errors"]] for answer in refused] == [
        ["CHOICES_OF_DICTIONARY"], ["CHOICES_OF_DICTIONARY"], ["NOT_CHANGEABLE"],
    ]  # fmt: skip
    assert detached == {"dictionary": None, "errors": []}
    assert (await mutate(admin, "addChoice", **place, choice={"label": {"zh": "新"}}))["errors"] == []


async def test_a_dictionary_is_renamed_and_forgotten_when_nothing_uses_it(person: Person) -> None:
    admin, sales = await person("admin"), await person("sales")
    made, _ = await regions(admin, "zanshi")
    field = await choose_from(admin, "zanshi", "customer")

    renamed = await mutate(admin, "updateDictionary", "dictionary { name labelZh version }", id=made, labelZh="暂时")
    used = await mutate(admin, "deleteDictionary", id=made)
    await mutate(admin, "useDictionary", object="customer", field=field)

    assert renamed["dictionary"] == {"name": "zanshi_c", "labelZh": "暂时", "version": 2}
    assert used["errors"] == [{"path": ["id"], "code": "DICTIONARY_IN_USE"}]
    assert (await mutate(admin, "deleteDictionary", "id", id=made)) == {"id": made, "errors": []}
    assert await entries(admin, made) == []
    assert await refusal(admin, "updateDictionary", id=made, labelZh="x") == ("DICTIONARY_NOT_FOUND", ["done"])
    assert await refusal(sales, "createDictionary", labelZh="x") == ("FORBIDDEN", ["done"])


async def test_bad_dictionaries_are_refused_all_at_once(person: Person) -> None:
    admin = await person("admin")
    await regions(admin, "youle")

    async def refused(**given: object) -> list[tuple[str, str]]:
        answer = await mutate(admin, "createDictionary", **given)
        return [(".".join(each["path"]), each["code"]) for each in answer["errors"]]

    assert await refused(labelZh="") == [("labelZh", "LABEL_MISSING")]
    assert await refused(labelZh="有", name="youle") == [("name", "NAME_TAKEN")]
    assert await refused(labelZh="有", name="1x") == [("name", "NOT_A_NAME")]
    assert await refused(labelZh="有", entries="x") == [("entries", "ENTRY_MALFORMED")]
    assert await refused(labelZh="有", entries=[{"labelZh": "甲", "key": "a"}, {"labelZh": "乙", "key": "a"}, {}, 7]) == [
        ("entries.1", "NAME_TAKEN"), ("entries.2", "LABEL_MISSING"), ("entries.3", "ENTRY_MALFORMED"),
    ]  # fmt: skip
    assert await refused(labelZh="有", object="customer", field="name") == [("field", "CHOICES_NOT_ALLOWED")]


async def test_an_empty_name_is_made_from_the_words(person: Person) -> None:
    admin = await person("admin")

    made = await mutate(admin, "createDictionary", "dictionary { name }", name="", labelZh="城市")

    assert made == {"dictionary": {"name": "chengShi_c"}, "errors": []}
