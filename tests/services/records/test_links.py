"""[A3] Which links come and go with a write, what history keeps of them, and how many there may be."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest

from schema.metadata.fields import Label
from services import records
from services.records.errors import TooManyLinks, TooManyLinksAtOnce
from services.records.links import LARGEST_LINKS, LARGEST_SET_OF_LINKS
from tests.builders.metadata import add_field, registry_of
from tests.builders.records import Traces, create, create_one, history, refused, traces, update

if TYPE_CHECKING:
    from tests.builders.tenants import Tenant

pytestmark = [pytest.mark.anyio, pytest.mark.integration]


@pytest.fixture
async def tagged(company: Tenant) -> Tenant:
    """Where tasks may be linked to customers."""
    if not (await registry_of(company)).shape.objects["task"].links:
        await add_field(company, "task", type="relations", name="about", label=Label("有关"), target="customer")
    return company


async def task(tenant: Tenant, **given: Any) -> Any:  # Any: as a client writes it, and an id
    return await create_one(tenant, "task", subject="a", **given)


async def test_history_keeps_who_came_and_who_went(tagged: Tenant) -> None:
    a, b = [str(await create_one(tagged, "customer", name=name)) for name in ("甲一", "乙一")]
    number = str((await registry_of(tagged)).names["task"].fields["about_c"].number)
    made = await task(tagged, about_c={"add": [a, a]})

    await update(tagged, "task", made, about_c={"set": [b]})

    changes = [changes.get(number) for _, _, changes in await history(tagged, made)]
    assert changes == [[[], [a]], [[a], [b]]]


async def test_an_upsert_links_what_it_creates_and_what_it_changes(tagged: Tenant) -> None:
    await add_field(tagged, "task", name="code", is_unique=True)
    a, b = [str(await create_one(tagged, "customer", name=name)) for name in ("甲五", "乙五")]
    number = str((await registry_of(tagged)).names["task"].fields["about_c"].number)
    known = await task(tagged, code_c="1", about_c={"add": [a]})
    given = [{"code_c": "1", "about_c": {"add": [b]}}, {"code_c": "2", "subject": "b", "about_c": {"set": [a]}}]

    written = await tagged.write(lambda work: records.upsert(work, "task", given, by="code_c"))

    assert written.ids[0] == known
    found = [(await history(tagged, each))[-1][2].get(number) for each in written.ids]
    assert found == [[[], [b]], [[], [a]]]


async def test_links_that_stay_as_they_are_write_nothing(tagged: Tenant) -> None:
    a = str(await create_one(tagged, "customer", name="甲二"))
    made = await task(tagged, about_c={"set": [a]})
    before = await traces(tagged)

    await update(tagged, "task", made, about_c={"set": [a], "remove": [str(made)[:-1] + "0"][:0]})
    await update(tagged, "task", made, about_c={"add": [a]})

    assert await traces(tagged) - before == Traces(0, 0, 0)


async def test_a_record_that_is_wrong_keeps_its_links_from_being_written(tagged: Tenant) -> None:
    a = str(await create_one(tagged, "customer", name="甲三"))
    before = await traces(tagged)

    found = await refused(
        create(tagged, "task", {"about_c": {"add": [a, "x"]}}, {"subject": "b", "about_c": {"add": [a]}})
    )

    assert found == [((0, "subject"), "REQUIRED"), ((0, "about_c", "add", 1), "NOT_AN_ID")]
    assert await traces(tagged) == before


async def test_more_links_than_a_record_may_have_are_too_many(tagged: Tenant) -> None:
    ids = [str(each) for each in await create(tagged, "customer", *({"name": f"戊{n}"} for n in range(LARGEST_LINKS)))]
    made = await task(tagged, about_c={"set": ids})
    (more,) = await create(tagged, "customer", {"name": "己"})

    with pytest.raises(TooManyLinks) as caught:
        await update(tagged, "task", made, about_c={"add": [str(more)]})

    assert caught.value.details == {"max": LARGEST_LINKS}
    await update(tagged, "task", made, about_c={"set": [str(more), *ids[1:]]})
    await update(tagged, "task", made, about_c={"add": ids[:1], "remove": ids[1:2]})


async def test_links_of_one_write_are_counted_over_all_its_records(tagged: Tenant) -> None:
    absent = [str(uuid4())] * LARGEST_LINKS
    tasks = [{"subject": "b", "about_c": {"add": absent}} for _ in range(LARGEST_SET_OF_LINKS // LARGEST_LINKS)]

    with pytest.raises(TooManyLinksAtOnce) as caught:
        await create(tagged, "task", *tasks, {"subject": "b", "about_c": {"remove": absent[:1]}})

    assert caught.value.details == {"max": LARGEST_SET_OF_LINKS, "count": LARGEST_SET_OF_LINKS + 1}
