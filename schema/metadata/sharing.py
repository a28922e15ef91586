"""Equal parts of registries, and equal statements, are one object in memory: tenants differ in little from their pack.

What is kept here is kept weakly, so it goes with the last who has it. Equal means that both say the same: `1`, `True` and
`Decimal("1.0")` are equal to Python, and not the same option of a field or the same value of a parameter.
"""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, TypeVar, cast
from weakref import WeakValueDictionary

if TYPE_CHECKING:
    from schema.metadata.fields import Field, Label
    from schema.metadata.objects import Object, ObjectNames
    from tenants.sql import Template

V = TypeVar("V", bound="Field | ObjectNames | Template")

_labels: WeakValueDictionary[tuple[str, str], Label] = WeakValueDictionary()
_objects: WeakValueDictionary[bytes, Object] = WeakValueDictionary()
# By a hash of what they say, their types included.
_others: WeakValueDictionary[bytes, object] = WeakValueDictionary()


def one_label(label: Label) -> Label:
    """The one label of these words."""
    return _labels.setdefault((label.zh, label.en), label)


def one_object(thing: Object) -> Object:
    """The one shape of an object that says the same."""
    return _objects.setdefault(thing.digest, thing)


def one(value: V) -> V:
    """The one value that says the same."""
    return cast("V", _others.setdefault(sha256(repr(value).encode()).digest(), value))
