"""The guard taken out of one path at a time: each way on which a field, a record or its existence could be learnt."""

from __future__ import annotations

from tests.isolation.removal import Removal

_MATRIX = "tests/isolation/test_permission_matrix.py"
_OPERATIONS = "tests/isolation/test_operation_matrix.py"
_SIDES = "tests/isolation/test_side_paths.py"
_RELATIONS = "tests/services/query/test_relations.py"
_BINDER = "services/query/binder.py"

PATHS = (
    Removal(
        "path: selected fields",
        _BINDER,
        "        yield Touch(object_name, field.name)\n",
        "        yield Touch(object_name)\n",
        (_OPERATIONS,),
    ),
    Removal(
        "path: filters",
        _BINDER,
        "            yield from self.filter(name, connection.filter)\n",
        "            pass\n",
        (_OPERATIONS,),
    ),
    Removal(
        "path: filters of aggregates",
        _BINDER,
        "            yield from self.filter(name, aggregate.filter)\n",
        "            pass\n",
        (_OPERATIONS,),
    ),
    Removal(
        "path: filters of sets",
        _BINDER,
        "inner = () if condition is None else _Binder(shape).filter(object_name, condition)",
        "inner = ()",
        (_SIDES,),
    ),
    Removal(
        "path: orders and cursors",
        _BINDER,
        "        for key in sort_keys(self._shape, name, connection.order):\n            yield from self._path(name, key.path)\n",
        "",
        (_OPERATIONS,),
    ),
    Removal(
        "path: groups",
        _BINDER,
        "            self._groupable(name, key)\n            yield from self._path(name, key.path)\n",
        "            self._groupable(name, key)\n",
        (_OPERATIONS,),
    ),
    Removal(
        "path: measures",
        _BINDER,
        "                yield from self._path(name, (measure.field,))\n",
        "                pass\n",
        (_OPERATIONS,),
    ),
    Removal(
        "path: having",
        "services/query/measures.py",
        "    found += [having.measure for having in aggregate.having]\n",
        "    found += []\n",
        (_OPERATIONS,),
    ),
    Removal(
        "path: inverse relations",
        _BINDER,
        "        self._must_be(child, inverse.object_name)\n        yield Touch(*inverse.decided_by, Use.COMPARE)\n",
        "        self._must_be(child, inverse.object_name)\n        yield Touch(child)\n",
        (_OPERATIONS,),
    ),
    Removal(
        "path: filters over inverse relations",
        _BINDER,
        "                yield Touch(*inverse.decided_by, Use.COMPARE)\n",
        "                yield Touch(inverse.object_name)\n",
        (_OPERATIONS,),
    ),
    Removal(
        "path: searched fields",
        "services/query/searching.py",
        "return tuple(field for field in fields if rights.level(field.name) >= Level.READ)",
        "return tuple(fields)",
        ("tests/services/query/test_searching.py",),
    ),
    Removal(
        "path: records of lists, aggregates, counts and search",
        "services/query/sources.py",
        "        conditions += visible(c, thing, alias)\n",
        "        pass\n",
        (_MATRIX,),
    ),
    Removal(
        "path: records of the bin",
        "services/query/sources.py",
        "        conditions += visible(c, thing, alias, life=Life.DELETED, verb=Verb.DELETE)\n",
        "        conditions += there(thing, alias, Life.DELETED)\n",
        (_SIDES,),
    ),
    Removal(
        "path: totals",
        "services/query/totals.py",
        "    conditions = all_of(given.conditions)\n",
        "    conditions = all_of(())\n",
        ("tests/services/query/test_totals.py",),
    ),
    Removal(
        "path: records by id",
        "services/query/compiler.py",
        "conditions=all_of((here, *visible(c, c.shape.objects[name], alias))),",
        "conditions=all_of((here,)),",
        (_MATRIX,),
    ),
    Removal(
        "path: records behind relations",
        "services/query/records.py",
        "    seen = visible(c, c.shape.objects[target], joined)\n",
        "    seen = ()\n",
        (_RELATIONS,),
    ),
    Removal(
        "path: ids of records behind relations",
        "services/query/relations.py",
        "    if always_visible(c, thing):",
        "    if True:",
        (_RELATIONS,),
    ),
    Removal(
        "path: values behind relations in orders and groups",
        "services/query/relations.py",
        "                *visible(self._c, self._c.shape.objects[target], joined),\n",
        "",
        (_RELATIONS,),
    ),
    Removal(
        "path: records that a filter looks for",
        "services/query/conditions.py",
        "    seen = visible(c.testing_others(tests=False), c.shape.objects[object_name], alias)\n",
        "    seen = ()\n",
        (_RELATIONS,),
    ),
    Removal(
        "path: records that are written",
        "services/records/scopes.py",
        '    return join(" AND ", arms)\n',
        "    return EVERYWHERE\n",
        (_MATRIX,),
    ),
    Removal(
        "path: records in the way of a unique value",
        "services/records/uniqueness.py",
        "            if holder.is_visible\n",
        "            if True\n",
        (_SIDES,),
    ),
    Removal(
        "path: inboxes and jobs",
        "services/permissions/loading.py",
        '**dict.fromkeys(("notification", "job", "apiToken", "handOver"), _OWN),',
        '**dict.fromkeys(("notification", "job", "apiToken", "handOver"), _READ),',
        (_SIDES,),
    ),
    Removal(
        "path: what a job found among records",
        "services/query/names.py",
        ', (JOB, "details")})',
        "})",
        ("tests/services/query/test_traces.py",),
    ),
    Removal(
        "path: the schema as text",
        "resolvers/sdl.py",
        "        if not context.is_signed_in:\n            raise Unauthenticated\n",
        "",
        ("tests/resolvers/test_sdl.py",),
    ),
    Removal(
        "path: texts of errors",
        "resolvers/errors.py",
        "    return InternalError()\n",
        "    return DocumentInvalid(reason=str(error))\n",
        ("tests/resolvers/test_errors.py",),
    ),
)
