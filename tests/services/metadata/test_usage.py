"""[A2] What uses a field is told by whoever keeps it, in one list."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import uuid4

import pytest

from schema.metadata.fields import Field
from schema.metadata.objects import Object, ObjectKind
from schema.metadata.registry import Registry, Shape
from services import metadata
from services.metadata import Subject, Usage

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tenants.context import ReadWork
    from tests.builders.tenants import Tenant

TEXT, NUMBER = Field("model_c", "text"), Field("model_c", "integer")


def registry(*fields: Field) -> Registry:
    return Registry(Shape([Object("device_c", "devices_c", ObjectKind.TENANT, fields)]), {}, 1)


FULL, BARE, NOTHING = registry(TEXT), registry(), Registry(Shape([]), {}, 1)


async def in_views(_: ReadWork, subject: Subject) -> Iterable[Usage]:
    named = {"All": [("device_c", "model_c")], "Others": [("device_c", "price_c")]}
    return [
        Usage("view", name, breaks=subject.is_gone) for name, places in named.items() if subject.is_named_by(places)
    ]


async def twice(_: ReadWork, subject: Subject) -> Iterable[Usage]:
    return [Usage("formula", subject.object_name), Usage("formula", subject.object_name)]


@pytest.mark.parametrize(
    ("subject", "is_gone"),
    [
        (Subject(FULL, BARE, "device_c", "model_c"), True),
        (Subject(FULL, NOTHING, "device_c", "model_c"), True),
        (Subject(FULL, registry(NUMBER), "device_c", "model_c"), False),
        (Subject(FULL, BARE, "device_c"), False),
        (Subject(FULL, NOTHING, "device_c"), True),
    ],
)
def test_subject_is_gone_where_its_name_is(subject: Subject, *, is_gone: bool) -> None:
    assert subject.is_gone is is_gone


def test_subject_knows_the_field_as_it_is_and_as_it_would_be() -> None:
    subject = Subject(FULL, registry(NUMBER), "device_c", "model_c")

    assert (subject.field, subject.changed) == (TEXT, NUMBER)
    assert Subject(FULL, NOTHING, "device_c").field is None


def test_object_is_named_by_each_of_its_fields() -> None:
    places = [("device_c", "price_c")]

    assert Subject(FULL, BARE, "device_c").is_named_by(places)
    assert not Subject(FULL, BARE, "device_c", "model_c").is_named_by(places)
    assert not Subject(FULL, BARE, "customer").is_named_by(places)


@pytest.mark.anyio
@pytest.mark.integration
async def test_usages_of_all_kinds_are_told_in_order_and_once(shared_tenant: Tenant) -> None:
    subject = Subject(FULL, BARE, "device_c", "model_c")

    found = await shared_tenant.read(
        lambda work: metadata.usages_of(work, subject, {"view": in_views, "formula": twice})
    )

    assert found == (Usage("formula", "device_c"), Usage("view", "All", breaks=True))


def test_kind_has_one_provider() -> None:
    kind = f"test {uuid4()}"
    metadata.provide_usages(kind, nowhere)

    with pytest.raises(ValueError, match="two providers"):
        metadata.provide_usages(kind, nowhere)


async def nowhere(_: ReadWork, __: Subject) -> Iterable[Usage]:
    return []
