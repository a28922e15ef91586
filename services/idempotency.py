"""`clientMutationId`: a mutation sent twice happens once, and its answer is read again with present rights.

The id row is inserted first, so that a twin waits for the first one to end. Only what wrote something is remembered: after
a refusal or any other failure no row is left, so that the client may correct its input and try again under the same id.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Awaitable, Callable, Iterator, Mapping
from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from schema.metadata.errors import BadCharacters
from schema.metadata.values import is_storable
from services.verbs import Outcome
from tenants.errors import Conflict, Duplicate, Family, Fault, Invalid, Refused, Scalar, Violation
from tenants.sql import SCHEMA, render, sql, value

if TYPE_CHECKING:
    import asyncpg

    from tenants.context import Work

KEPT = timedelta(days=7)
LONGEST_KEY = 200


class ClientMutationIdReused(Conflict):
    """This clientMutationId was used for another mutation."""

    code = "CLIENT_MUTATION_ID_REUSED"
    zh = "该 clientMutationId 已用于其他操作。"
    place = ("clientMutationId",)


class ClientMutationIdTooLong(Invalid):
    """A clientMutationId has at most {max} characters."""

    code = "CLIENT_MUTATION_ID_TOO_LONG"
    zh = "clientMutationId 最多 {max} 个字符。"
    place = ("clientMutationId",)


_OF_KEY = sql(
    "principal_id = {principal} AND client_id = {client} AND key = {key}",
    principal=value("principal", "uuid"),
    client=value("client", "text"),
    key=value("key", "text"),
)
# One that is older than we keep them is taken over as if it were not there.
_CLAIM = render(
    sql(
        "INSERT INTO {schema}.client_mutation AS known (principal_id, client_id, key, request_hash, created_at)"
        " VALUES ({principal}, {client}, {key}, {hash}, {now})"
        " ON CONFLICT (principal_id, client_id, key) DO UPDATE SET request_hash = excluded.request_hash,"
        " created_at = excluded.created_at, ids = '{{}}', errors = '[]' WHERE known.created_at < {outdated}"
        " RETURNING true",
        schema=SCHEMA,
        principal=value("principal", "uuid"),
        client=value("client", "text"),
        key=value("key", "text"),
        hash=value("hash", "bytea"),
        now=value("now", "timestamptz"),
        outdated=value("outdated", "timestamptz"),
    )
)
_REPLAY = render(
    sql("SELECT request_hash, ids, errors FROM {schema}.client_mutation WHERE {known}", schema=SCHEMA, known=_OF_KEY)
)
_FINISH = render(
    sql(
        "UPDATE {schema}.client_mutation SET ids = {ids}, errors = {errors} WHERE {known}",
        schema=SCHEMA,
        ids=value("ids", "jsonb"),
        errors=value("errors", "jsonb"),
        known=_OF_KEY,
    )
)
_RELEASE = render(sql("DELETE FROM {schema}.client_mutation WHERE {known}", schema=SCHEMA, known=_OF_KEY))
_FORGET = render(
    sql(
        "DELETE FROM {schema}.client_mutation WHERE created_at < {outdated}",
        schema=SCHEMA,
        outdated=value("outdated", "timestamptz"),
    )
)


async def once(
    work: Work, *, verb: str, key: str | None, request: bytes, run: Callable[[], Awaitable[Outcome]]
) -> Outcome:
    """Run a verb at most once for each key of a principal and client.

    A refusal is raised, and takes the row along when the transaction is rolled back: a twin that waited runs then.
    """
    if key is None:
        return await run()
    _refuse_unstorable(key)
    digest = hashlib.sha256(verb.encode() + b"\0" + request).digest()
    if not await work.session.fetch(_CLAIM.bound(work.session.schema, {**_of_key(work, key), "hash": digest})):
        (known,) = await work.session.fetch(_REPLAY.bound(work.session.schema, _of_key(work, key)))
        return _replay(known, digest)
    outcome = await run()
    if outcome.violations and not any(outcome.ids.values()):
        # `onError: SKIP` that left out everything.
        await work.session.run(_RELEASE.bound(work.session.schema, _of_key(work, key)))
        return outcome
    finished = {**_of_key(work, key), "ids": _ids_text(outcome), "errors": _errors_text(outcome)}
    await work.session.run(_FINISH.bound(work.session.schema, finished))
    return outcome


def _refuse_unstorable(key: str) -> None:
    fault: Fault | None = None
    if len(key) > LONGEST_KEY:
        fault = ClientMutationIdTooLong(max=LONGEST_KEY)
    elif not is_storable(key):
        fault = BadCharacters()
    if fault is not None:
        raise Refused((Violation(("clientMutationId",), fault),))


async def forget_old(work: Work) -> int:
    """Drop what is older than we promise to remember; may run twice. How many rows went."""
    return await work.session.run(_FORGET.bound(work.session.schema, {"outdated": work.now - KEPT}))


def _of_key(work: Work, key: str) -> dict[str, object]:
    return {
        "principal": work.principal.id,
        "client": work.principal.client_id,
        "key": key,
        "now": work.now,
        "outdated": work.now - KEPT,
    }


def _replay(known: asyncpg.Record, digest: bytes) -> Outcome:
    if known["request_hash"] != digest:
        raise ClientMutationIdReused
    ids = {name: tuple(map(UUID, each)) for name, each in known["ids"].get("records", {}).items()}
    violations = tuple(
        Violation(tuple(each["path"]), _fault(each["code"], each["details"])) for each in known["errors"]
    )
    duplicates = tuple(
        Duplicate(each["object"], each["record"], each["score"], tuple(each["reasons"]))
        for each in known["ids"].get("duplicates", ())
    )
    return Outcome(ids, violations, duplicates, count=known["ids"].get("count", 0))


def _ids_text(outcome: Outcome) -> str:
    records = {name: [str(each) for each in ids] for name, ids in outcome.ids.items()}
    duplicates = [
        {"object": each.object_name, "record": each.record_id, "score": each.score, "reasons": each.reasons}
        for each in outcome.duplicates
    ]
    return json.dumps({"records": records, "count": outcome.count, "duplicates": duplicates})


def _errors_text(outcome: Outcome) -> str:
    errors = [
        {"path": list(each.path), "code": each.fault.code, "details": each.fault.details} for each in outcome.violations
    ]
    return json.dumps(errors, ensure_ascii=False)


def _fault(code: str, details: Mapping[str, Scalar]) -> Fault:
    """The fault that was stored by its public code, so that a replay speaks the language asked for now."""
    for known in _faults(Fault):
        if getattr(known, "code", "") == code and known.family in {Family.INVALID, Family.CONFLICT}:
            return known(**details)
    return Invalid(**details)


def _faults(base: type[Fault]) -> Iterator[type[Fault]]:
    for known in base.__subclasses__():
        yield known
        yield from _faults(known)
