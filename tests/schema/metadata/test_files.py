"""What a field of files takes."""

from __future__ import annotations

from uuid import UUID

import pytest

from schema.metadata import files
from schema.metadata.errors import BadOption, NotAnId, TooManyItems
from schema.metadata.fields import Field
from schema.metadata.options import checked

PAPERS, PHOTOS = Field("papers", "attachment"), Field("photos", "image")


def test_ids_stand_once_in_the_order_given() -> None:
    one, two = UUID(int=1), UUID(int=2)

    assert files.file_ids([str(two), str(one), str(two)], PAPERS) == [two, one]
    assert files.file_ids([], PAPERS) is None


def test_field_takes_ten_files_or_as_many_as_it_says() -> None:
    ids = [str(UUID(int=each)) for each in range(1, 12)]

    with pytest.raises(TooManyItems) as refused:
        files.file_ids(ids, PAPERS)
    assert refused.value.details == {"max": 10, "count": 11}
    assert len(files.file_ids(ids, checked(PAPERS, {"maxFiles": 11})) or ()) == 11  # type: ignore[arg-type]  # a list


def test_what_is_no_id_is_refused() -> None:
    with pytest.raises(NotAnId):
        files.file_ids(["x"], PAPERS)


def test_kinds_stand_in_one_order_whatever_was_given() -> None:
    field = checked(PHOTOS, {"mediaTypes": ["image/png", "image/jpeg"]})

    assert files.media_types(field) == ("image/jpeg", "image/png")
    assert files.media_types(PHOTOS) == files.IMAGES
    assert files.media_types(PAPERS) == tuple(files.MEDIA_TYPES)


def test_size_is_the_smaller_of_field_and_installation() -> None:
    field = checked(PAPERS, {"maxBytes": 5})

    assert (files.most_bytes(field, 10), files.most_bytes(field, 3), files.most_bytes(PAPERS, 10)) == (5, 3, 10)


@pytest.mark.parametrize(
    ("field", "options"),
    [
        (PAPERS, {"maxFiles": 0}),
        (PAPERS, {"maxFiles": 101}),
        (PAPERS, {"maxFiles": True}),
        (PAPERS, {"maxBytes": 0}),
        (PAPERS, {"mediaTypes": []}),
        (PAPERS, {"mediaTypes": ["image/svg+xml"]}),
        (PHOTOS, {"mediaTypes": ["application/pdf"]}),
    ],
)
def test_option_that_does_not_fit_is_refused(field: Field, options: dict[str, object]) -> None:
    with pytest.raises(BadOption):
        checked(field, options)
