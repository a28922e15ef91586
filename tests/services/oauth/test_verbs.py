"""The declared mutations of clients and tokens are there; what they do is told in `tests/isolation/test_api_tokens.py`."""

from __future__ import annotations

import pytest

from services import verbs


@pytest.mark.parametrize(
    ("name", "inputs", "defines"),
    [
        ("updateClient", ["id", "ifVersion", "name", "roleId", "scopes"], True),
        ("revokeClient", ["id", "ifVersion"], True),
        ("revokeApiToken", ["id"], False),
    ],
)
def test_verb_is_declared(name: str, inputs: list[str], defines: bool) -> None:
    found = verbs.definition(name)

    assert found is not None
    assert ([each.name for each in found.inputs], found.defines) == (inputs, defines)
