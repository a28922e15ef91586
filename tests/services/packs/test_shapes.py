"""The shape of a field follows from its own lines."""

from __future__ import annotations

import pytest

from schema.metadata.errors import NotAKey
from schema.metadata.fields import Field
from schema.metadata.record_fields import TO_USER
from services.packs import BadPack, Place, shapes
from services.packs.documents import Body, parsed
from tenants.errors import Refused


def shape(text: str) -> Field:
    body = parsed(f"label: {{en: X}}\n{text}", Place("x.yaml"))
    assert isinstance(body, Body)
    found, _ = shapes.field("p", "head_c", "x_c", body)
    return found


def test_options_and_targets_are_those_of_the_type() -> None:
    assert shape("type: decimal\nmin: 0.50\nscale: 2").options == (("min", "0.5"), ("scale", 2))
    assert shape("type: person").relation == TO_USER
    assert shape("type: autoNumber\nformat: 'X-{000}'").read_only is True
    assert [each.key for each in shape("type: choice\nchoices: {a: {en: A}, b: {en: B, retired: true}}").choices] == [
        "a",
        "b",
    ]
    assert shape("type: choice\ndictionary: regions_c").choices == ()


@pytest.mark.parametrize(
    "text",
    [
        "type: id",
        "type: text\ntarget: customer",
        "type: relation\ntarget: customer\ninverse: {name: x y}",
        "type: relations\ntarget: customer\ninverse: {name: xs_c}\nonDelete: cascade",
        "type: choice\ndictionary: regions_c\nchoices: {a: {en: A}}",
        "type: choice\nchoices: {a b: {en: A}}",
        "type: relations\ntarget: customer\ninverse: {name: xs_c}\nrequired: true",
        "type: json\nindexed: true",
    ],
)
def test_what_a_type_cannot_be_is_refused(text: str) -> None:
    with pytest.raises((BadPack, Refused, NotAKey)):
        shape(text)
