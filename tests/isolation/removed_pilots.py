"""What keeps a pilot to its group, taken out one at a time; and what keeps its rules from binding anybody else."""

from __future__ import annotations

from tests.isolation.removal import Removal

_PLACES = "tests/isolation/test_pilots.py"
_JOURNEY = "tests/journeys/test_pilot.py"
_BINDING = "tests/services/pilots/test_binding.py"
_COVERING = "tests/services/pilots/test_covering.py"
_DEFINITIONS = "tests/services/permissions/test_definitions.py"
_RULES = "services/permissions/rules.py"

PILOTS = (
    Removal(
        "pilot: its fields are closed",
        _RULES,
        '                yield Restriction("", each.object_name, field_name=each.field_name, pilot=pilot)\n',
        "                pass\n",
        (_PLACES,),
    ),
    Removal(
        "pilot: its objects are closed",
        _RULES,
        '                yield from (Restriction("", each.object_name, verb, pilot=pilot) for verb in Verb)\n',
        "                pass\n",
        (_PLACES,),
    ),
    Removal(
        "pilot: a client is in it by its role",
        "services/permissions/one_role.py",
        "*restrictions_by(withheld.pilots)",
        "",
        (_PLACES,),
    ),
    Removal(
        "pilot: departments below are named apart",
        "services/permissions/pilots.py",
        "group.trees.isdisjoint(who.departments | who.above)",
        "(group.trees | group.departments).isdisjoint(who.departments | who.above)",
        ("tests/services/permissions/test_pilots.py",),
    ),
    Removal(
        "pilot: its layouts are not there",
        "services/layouts/applying.py",
        "            layout.c.id.not_in(withheld),\n",
        "",
        (_JOURNEY,),
    ),
    Removal(
        "pilot: definitions leave it out",
        "services/permissions/loading.py",
        "without_withheld(await capped(work, replace(made, actions=held.actions, withheld=held.withheld)))",
        "await capped(work, replace(made, actions=held.actions, withheld=held.withheld))",
        (_DEFINITIONS,),
    ),
    Removal(
        "pilot: its rules bind nobody else",
        "services/records/targets.py",
        "        return without(book, closed, self.policy.withheld)\n",
        "        return book\n",
        (_BINDING,),
    ),
    Removal(
        "pilot: its required fields bind nobody else",
        "services/records/inputs.py",
        " and not target.is_withheld(field)",
        "",
        (_BINDING,),
    ),
    Removal(
        "pilot: only what is empty",
        "services/pilots/covering.py",
        "    if not is_new:\n        await _refuse_data(",
        "    if False:\n        await _refuse_data(",
        (_COVERING,),
    ),
    Removal(
        "pilot: no unique rule over fields of others",
        "services/pilots/covering.py",
        '            found.note(NotAdditive(name=", ".join(rule.index.fields)), "coordinates", at)\n',
        "            pass\n",
        (_COVERING,),
    ),
)
