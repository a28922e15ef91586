"""What a failure becomes on this door's wire: GraphQL errors, payload errors, HTTP status.

Faults speak for themselves. Everything else is a defect: it is logged with the request id and answered by one sentence.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, TypeAlias

import structlog
from graphql import GraphQLError

from resolvers.complaints import in_chinese
from resolvers.refusals import (
    BodyTooLarge,
    BodyTooSlow,
    ContentEncoded,
    DocumentInvalid,
    InternalError,
    MethodNotAllowed,
    NotAcceptable,
    PersistedQueryNotFound,
    RangeNotSatisfiable,
    VerbNotOffered,
    WrongContentType,
)
from schema.types.errors import InputError
from tenants.budgets import BudgetSpent
from tenants.errors import Family, Fault, Refused, Violation

if TYPE_CHECKING:
    from tenants.context import Origin
    from tenants.errors import Language, PathStep

_log = structlog.get_logger(__name__)

ErrorObject: TypeAlias = dict[str, object]

_STATUS: Mapping[Family, int] = {
    Family.UNAUTHENTICATED: 401,
    Family.NOT_FOUND: 404,
    Family.FORBIDDEN: 403,
    Family.INVALID: 400,
    Family.CONFLICT: 409,
    Family.TOO_MUCH: 400,
    Family.UNAVAILABLE: 503,
}
_OWN_STATUS: Mapping[type[Fault], int] = {
    WrongContentType: 415,
    ContentEncoded: 415,
    NotAcceptable: 406,
    MethodNotAllowed: 405,
    VerbNotOffered: 405,
    BodyTooLarge: 413,
    BodyTooSlow: 408,
    RangeNotSatisfiable: 416,
    InternalError: 500,
    BudgetSpent: 429,
    # What clients of automatic persisted queries expect.
    PersistedQueryNotFound: 200,
}
PAYLOAD_FAMILIES = frozenset({Family.INVALID, Family.CONFLICT})


def status_of(fault: Fault) -> int:
    """The HTTP status of a request that was refused as a whole."""
    return _OWN_STATUS.get(type(fault), _STATUS[fault.family])


def known(error: BaseException, origin: Origin) -> Fault:
    """The fault itself; any other exception is logged and becomes `InternalError`."""
    if isinstance(error, Fault):
        return error
    _log.error("request.failed", request_id=origin.request_id, exc_info=error)
    return InternalError()


def error_object(
    fault: Fault, origin: Origin, *, path: Sequence[PathStep] = (), source: GraphQLError | None = None
) -> ErrorObject:
    """One member of `errors`."""
    found: ErrorObject = {"message": fault.message(origin.language)}
    if source is not None and source.locations:
        found["locations"] = [{"line": each.line, "column": each.column} for each in source.locations]
    if path:
        found["path"] = list(path)
    found["extensions"] = {"code": fault.code, "family": fault.family.value, "requestId": origin.request_id}
    return found


def execution_error(error: GraphQLError, origin: Origin) -> ErrorObject:
    """An error of a static field: the fault that was raised, or a defect."""
    cause = error.original_error
    if cause is None:
        # graphql-core itself complains, about an argument or a value that does not fit its type.
        fault = DocumentInvalid(reason=error.message, reason_zh=in_chinese(error.message))
        return error_object(fault, origin, path=error.path or (), source=error)
    while isinstance(cause, GraphQLError) and cause.original_error is not None:
        cause = cause.original_error
    return error_object(known(cause, origin), origin, path=error.path or (), source=error)


def violations_of(fault: Fault) -> tuple[Violation, ...] | None:
    """The violations that a mutation's payload answers; nothing if the fault is no matter of the input."""
    if isinstance(fault, Refused):
        return fault.violations
    return (Violation(fault.place, fault),) if fault.family in PAYLOAD_FAMILIES else None


def input_error(violation: Violation, language: Language, *, prefix: Sequence[PathStep] = ()) -> InputError:
    """One member of a payload's `errors`."""
    path = [str(step) for step in (*prefix, *violation.path)]
    return InputError(path=path, code=violation.fault.code, message=violation.fault.message(language))
