"""[A8] Dictionaries are kept by those who may define, and by nobody else."""

from __future__ import annotations

import pytest

from services import verbs
from services.verbs import Access


@pytest.mark.parametrize(
    "name",
    [
        "createDictionary", "updateDictionary", "deleteDictionary", "useDictionary", "addDictionaryEntry",
        "updateDictionaryEntry", "retireDictionaryEntry", "restoreDictionaryEntry", "mergeDictionaryEntries",
    ],
)  # fmt: skip
def test_a_dictionary_is_part_of_the_definitions(name: str) -> None:
    found = verbs.definition(name)

    assert found is not None
    assert (found.defines, found.asks.access) == (True, Access.DEFINER)
