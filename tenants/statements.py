"""SQLAlchemy Core statements as text and arguments for asyncpg; no SQLAlchemy engine takes part at run time.

Compiled forms are kept by SQLAlchemy's own cache key. They hold a placeholder where the schema goes, so tenants of equal
shape share them.
"""

from __future__ import annotations

import re
from collections import OrderedDict
from typing import TYPE_CHECKING, Any

from sqlalchemy.dialects.postgresql import asyncpg as postgresql_asyncpg

from tenants.cells import CELL_SCHEMA
from tenants.sql import BoundSql

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, MutableMapping, Sequence

    from sqlalchemy.engine import Dialect
    from sqlalchemy.sql.cache_key import CacheKey
    from sqlalchemy.sql.compiler import SQLCompiler
    from sqlalchemy.sql.elements import ClauseElement
    from sqlalchemy.sql.expression import Executable

_DIALECT: Dialect = postgresql_asyncpg.dialect()  # type: ignore[no-untyped-call]
_SCHEMA = re.compile(r"[a-z_][a-z0-9_]{0,62}\Z")
_PLACEHOLDER = "__[SCHEMA__none]"
_CELL_PLACEHOLDER = f"__[SCHEMA_{CELL_SCHEMA}]"
_TRANSLATE: Mapping[str | None, str | None] = {None: "tenant"}
_KEPT = 1_000

_compiled: OrderedDict[object, SQLCompiler] = OrderedDict()


def bind(statement: Executable, schema: str = "") -> BoundSql:
    """Text with `$1…` and the arguments, tables without a schema of their own standing in `schema`."""
    compiled, values = _compile(statement)
    text, processors = compiled.string, _processors(compiled)
    names: Sequence[str] = compiled.positiontup or ()
    if compiled.post_compile_params or compiled.literal_execute_params:
        expanded = compiled._process_parameters_for_postcompile(values)  # noqa: SLF001 - lists of `IN (…)` have no other way
        text, names = expanded.statement, expanded.positiontup or ()
        values = {**values, **expanded.additional_parameters}
        processors = {**processors, **expanded.processors}
    text = text.replace(_CELL_PLACEHOLDER, _quoted(CELL_SCHEMA))
    text = text.replace(f"{_PLACEHOLDER}.", "" if not schema else f"{_quoted(schema)}.")
    return BoundSql(text, tuple(_processed(processors, name, values[name]) for name in names))


def _compile(statement: Executable) -> tuple[SQLCompiler, MutableMapping[str, Any]]:
    element: ClauseElement = statement  # type: ignore[assignment]
    key = element._generate_cache_key()  # noqa: SLF001 - SQLAlchemy offers its cache only through its own engine
    if key is None:
        fresh = _new(element)
        return fresh, fresh.construct_params(escape_names=False)
    found = _compiled.get(key.key)
    if found is None:
        found = _compiled[key.key] = _new(element, cache_key=key)
        if len(_compiled) > _KEPT:
            _compiled.popitem(last=False)
    else:
        _compiled.move_to_end(key.key)
    return found, found.construct_params(extracted_parameters=key.bindparams, escape_names=False)


def _new(element: ClauseElement, cache_key: CacheKey | None = None) -> SQLCompiler:
    compiled: SQLCompiler = element._compiler(  # type: ignore[assignment]  # noqa: SLF001 - `compile()` takes no cache key
        _DIALECT, schema_translate_map=_TRANSLATE, cache_key=cache_key
    )
    return compiled


def _processors(compiled: SQLCompiler) -> Mapping[str, Any]:  # SQLAlchemy's own type of them is private
    return compiled._bind_processors  # noqa: SLF001 - what SQLAlchemy's own execution context calls


def _processed(processors: Mapping[str, Callable[[object], object]], name: str, given: object) -> object:
    processor = processors.get(name)
    return given if processor is None else processor(given)


def _quoted(schema: str) -> str:
    if not _SCHEMA.match(schema):
        msg = "not a schema name"
        raise ValueError(msg)
    return f'"{schema}"'
