"""Definitions as those read them who do not define: what a pilot withholds from them is not among objects, fields and rules.

A form that is drawn from all of them would ask for a field that is closed, and hold people to a rule that does not bind
them. Drafts, publications and pilots are not there at all: each tells rules, defaults and differences of closed fields.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Final, TypeAlias

from services.permissions.pilots import Covered
from services.permissions.policy import NO_RIGHTS, Criteria, Policy, Verb, freeze

if TYPE_CHECKING:
    from services.permissions.pilots import Withheld

# In the form of stored criteria: operands are positions among the values.
_Condition: TypeAlias = "Mapping[str, object]"


def _other_than(position: int) -> _Condition:
    return {"compare": {"field": "id", "operator": "notIn", "operand": position}}


def _over(field: str, condition: _Condition) -> _Condition:
    return {"follows": {"field": field, "condition": condition}}


_OBJECTS: Final = _other_than(0)
_FIELDS: Final[_Condition] = {"and": [_over("object", _OBJECTS), _other_than(1)]}
# Object → what is left of it, and the kinds of things whose ids are left out, in the order of their positions.
_LEFT: Final[Mapping[str, tuple[_Condition, tuple[Covered, ...]]]] = {
    "objectDefinition": (_OBJECTS, (Covered.OBJECT,)),
    "fieldDefinition": (_FIELDS, (Covered.OBJECT, Covered.FIELD)),
    "choiceOption": (_over("field", _FIELDS), (Covered.OBJECT, Covered.FIELD)),
    "validationRule": (_FIELDS, (Covered.OBJECT, Covered.VALIDATION_RULE)),
    "indexDefinition": (_FIELDS, (Covered.OBJECT, Covered.UNIQUE_RULE)),
}

# They tell of every field alike, so that no role opens them, nor does a token that leaves defining out.
_OF_DEFINERS: Final = frozenset({"changeSet", "pilot", "publication"})


def is_of_definers(object_name: str) -> bool:
    """Whether only those read an object who may define, whatever a role says."""
    return object_name in _OF_DEFINERS


def without_drafts(policy: Policy) -> Policy:
    """The policy without what only those read who define."""
    if policy.may_define:
        return policy
    return replace(policy, rights=freeze({**policy.rights, **dict.fromkeys(sorted(_OF_DEFINERS), NO_RIGHTS)}))


def without_withheld(policy: Policy) -> Policy:
    """The policy with definitions as far as no pilot withholds them; whoever defines sees all of them."""
    if policy.may_define or not policy.withheld:
        return policy
    rights = {
        name: replace(policy.on(name), read=(Criteria(0, json.dumps(condition, sort_keys=True)),))
        for name, (condition, _) in _LEFT.items()
        if policy.on(name).arms(Verb.READ)
    }
    values = {name: (_values(policy.withheld, kinds),) for name, (_, kinds) in _LEFT.items()}
    return replace(policy, rights=freeze({**policy.rights, **rights}), criteria={**policy.criteria, **values})


def _values(withheld: Withheld, kinds: Iterable[Covered]) -> tuple[object, ...]:
    return tuple(sorted(map(str, withheld.ids(kind))) for kind in kinds)
