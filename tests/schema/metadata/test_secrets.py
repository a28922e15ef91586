"""Values of encrypted fields tell nothing of themselves."""

from __future__ import annotations

from uuid import UUID

import pytest

from schema.metadata.errors import PatternMismatch, TooLong
from schema.metadata.fields import Field
from schema.metadata.secrets import Sealed, Secret, place_of, secret

FIELD = Field("idNumber", "encryptedText", options=(("maxLength", 18), ("pattern", "[0-9]{17}[0-9X]")))


def test_text_is_read_like_any_other_and_shows_nowhere() -> None:
    found = secret(" １１０１０１１９９００３０７８５１Ｘ ", FIELD)

    assert found == Secret("11010119900307851X")
    assert (repr(found), repr(Sealed("k.x"))) == ("Secret()", "Sealed()")
    assert [secret(each, FIELD) for each in (None, "", " ")] == [None, None, None]


@pytest.mark.parametrize(("raw", "fault"), [("1" * 19, TooLong), ("1101", PatternMismatch)])
def test_what_does_not_fit_is_refused_without_repeating_it(raw: str, fault: type[Exception]) -> None:
    with pytest.raises(fault) as refused:
        secret(raw, FIELD)

    assert raw not in str(refused.value)


def test_place_is_the_field_of_the_record() -> None:
    assert place_of("idNumber", UUID(int=1)) == "idNumber:00000000-0000-0000-0000-000000000001"
