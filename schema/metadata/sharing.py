"""Equal parts of registries, and equal statements, are one object in memory: tenants differ in little from their pack.

What is kept here is kept weakly, so it goes with the last who has it.
"""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, TypeVar
from weakref import WeakKeyDictionary, WeakValueDictionary, ref

if TYPE_CHECKING:
    from schema.metadata.fields import Field, Label
    from schema.metadata.objects import Object, ObjectNames
    from tenants.sql import Template

V = TypeVar("V", bound="Field | Label | Template")

_values: WeakKeyDictionary[object, ref[object]] = WeakKeyDictionary()
# By a hash of what they say: mappings are in them, which have no hash of their own.
_objects: WeakValueDictionary[bytes, Object] = WeakValueDictionary()
_names: WeakValueDictionary[bytes, ObjectNames] = WeakValueDictionary()


def one(value: V) -> V:
    """The one value that is equal to this one."""
    kept = _values.get(value)
    found = None if kept is None else kept()
    if found is None:
        _values[value] = ref(value)
        return value
    assert isinstance(found, type(value))
    return found


def one_object(thing: Object) -> Object:
    """The one shape of an object that is equal to this one."""
    return _objects.setdefault(thing.digest, thing)


def one_naming(names: ObjectNames) -> ObjectNames:
    """The one set of an object's names that is equal to this one."""
    return _names.setdefault(sha256(repr(names).encode()).digest(), names)
