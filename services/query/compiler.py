"""A guarded plan becomes one statement: is the snapshot fresh, is the session open, and the JSON of all roots.

The body is computed only if both hold, in the same snapshot that they were looked up in.
"""

from __future__ import annotations

from collections.abc import Mapping

from services.query import plan as p
from services.query.aggregates import aggregate_text
from services.query.arguments import AccessVersion, Me, MetadataVersion, RecordId, RecordIds, SignInSession
from services.query.compilation import Compilation, Variant, column, fixed_table, table
from services.query.connections import connection_text
from services.query.criteria import criteria_sql
from services.query.guard import GuardedPlan, UndecidedError
from services.query.hits import hits_text
from services.query.records import record_text
from services.query.scopes import Life, all_of, visible
from services.query.text import Piece, concat, object_text, or_null
from tenants.sql import EMPTY, Fragment, Template, ident, join, render, sql, value


def compile_plan(guarded: GuardedPlan, variant: Variant) -> Template:
    """The statement: one row of (fresh, session_ok, body)."""
    c = Compilation(guarded.bound.shape, guarded.rights, variant, criteria_sql)
    c.sets = {}
    body = object_text((root.key, _root(c, root)) for root in guarded.roots)
    text = sql("convert_to({body}, 'UTF8')", body=body)
    answer = checked(text, has_session=variant.has_session, is_client=variant.is_client)
    return render(_sets(c.sets, body) + answer)


def _sets(named: Mapping[Fragment, str], body: Fragment) -> Fragment:
    """The sets of ids that a body uses, each once and only when somebody asks for it."""
    used = [(ident(name), select) for select, name in named.items() if ident(name).parts[0] in body.parts]
    if not used:
        return EMPTY
    return sql(
        "WITH {sets} ",
        sets=join(
            ", ",
            (
                sql("{name} AS MATERIALIZED (SELECT ARRAY({select}) AS ids)", name=name, select=select)
                for name, select in used
            ),
        ),
    )


def checked(body: Fragment, *, has_session: bool, is_client: bool = False) -> Fragment:
    """A select of one row that answers its body only to an open session and in a fresh snapshot."""
    return sql(
        "SELECT s.fresh, s.session_ok, CASE WHEN s.fresh AND s.session_ok THEN {body} END AS body "
        "FROM (SELECT st.metadata_version = {metadata} AND st.access_version = {access} AS fresh, "
        "{session} AS session_ok FROM {state} st OFFSET 0) s",
        body=body,
        metadata=value(MetadataVersion(), "bigint"),
        access=value(AccessVersion(), "bigint"),
        session=_session_is_open(sql("client_id") if is_client else sql("user_id")) if has_session else sql("TRUE"),
        state=fixed_table("state"),
    )


def _session_is_open(bearer: Fragment) -> Fragment:
    return sql(
        "EXISTS (SELECT 1 FROM {session} e WHERE e.id = {id} AND e.{bearer} = {me} AND e.closed_at IS NULL "
        "AND (e.expires_at IS NULL OR e.expires_at > now()))",
        session=fixed_table("session"),
        bearer=bearer,
        id=value(SignInSession(), "uuid"),
        me=value(Me(), "uuid"),
    )


def _root(c: Compilation, root: p.Root) -> Piece:
    match root:
        case p.RecordRoot():
            return _record(c, root)
        case p.ConnectionRoot():
            return connection_text(c, root.connection, record_text)
        case p.AggregateRoot():
            return aggregate_text(c, root.aggregate)
        case p.WrittenRoot():
            return _written(c, root)
        case p.NodeRoot():
            return _node(c, root)
        case p.SearchRoot():
            return hits_text(c, root, record_text)
        case p.RootIfPermitted():
            raise UndecidedError


def _node(c: Compilation, root: p.NodeRoot) -> Piece:
    """The executor has left the one selection that the id's number points at, or none."""
    for selection in root.selections:
        return _record(c, p.RecordRoot(root.key, selection, root.id))
    return "null"


def _record(c: Compilation, root: p.RecordRoot) -> Fragment:
    name, alias = root.selection.object_name, c.alias()
    here = sql("{id} = {asked}", id=column(alias, name, "id"), asked=value(RecordId(root.id.position), "uuid"))
    return or_null(
        sql(
            "(SELECT {text} FROM {table} {alias} WHERE {conditions})",
            text=record_text(c, root.selection, alias),
            table=table(name),
            alias=ident(alias),
            conditions=all_of((here, *visible(c, c.shape.objects[name], alias))),
        )
    )


def _written(c: Compilation, root: p.WrittenRoot) -> Piece:
    """Records just written, in the order of their ids; a deleted one is still there to be shown."""
    name, alias, given = root.selection.object_name, c.alias(), c.alias()
    seen = visible(c, c.shape.objects[name], alias, life=Life.BOTH)
    listed = sql(
        "(SELECT string_agg({text}, ',' ORDER BY {given}.n) FROM unnest({ids}) WITH ORDINALITY {given}(id, n) "
        "JOIN {table} {alias} ON {conditions})",
        text=record_text(c, root.selection, alias),
        given=ident(given),
        ids=value(RecordIds(root.ids.position), "uuid[]"),
        table=table(name),
        alias=ident(alias),
        conditions=join(" AND ", (sql("{id} = {given}.id", id=column(alias, name, "id"), given=ident(given)), *seen)),
    )
    if not root.many:
        return or_null(listed)
    return concat(["[", sql("coalesce({listed}, '')", listed=listed), "]"])
