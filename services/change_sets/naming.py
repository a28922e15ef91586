"""Writes the names that were derived for what a step makes into the step, so that they stay what a draft has answered. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from schema.metadata.types import LINE_TABLE
from services.change_sets.steps import of_step

if TYPE_CHECKING:
    from services.change_sets.reading import Given
    from services.change_sets.steps import Made, Step
    from services.metadata import Snapshot


def named(after: Snapshot, step: Step, made: Made | None) -> Step:
    """The step with the names of what it made; as it was where it failed, and where names were given."""
    verb, given = of_step(step)
    if made is None:
        return step
    if verb == "createObject":
        return {verb: _object(after, given, made.object_name)}
    if verb == "addField" and given["field"]["type"] != LINE_TABLE:
        return {verb: {**given, "field": {**given["field"], "name": made.field_name}}}
    if verb == "addChoice":
        return {verb: {**given, "choice": {**given["choice"], "key": made.name}}}
    return step


def _object(after: Snapshot, given: Given, name: str) -> dict[str, Any]:
    thing = after.by_name[name]
    # Line tables are objects of their own; the other fields come first, in the order in which they were asked for.
    own = iter(thing.fields)
    fields = [
        each if each["type"] == LINE_TABLE else {**each, "name": next(own).name} for each in given.get("fields") or ()
    ]
    found = {**given, "name": thing.name, "pluralName": thing.plural}
    return {**found, "fields": fields} if fields else found
