from __future__ import annotations

import pytest
from graphql import GraphQLError
from structlog.testing import capture_logs

from resolvers.errors import error_object, execution_error, input_error, known, status_of, violations_of
from resolvers.refusals import BodyTooLarge, InternalError, MethodNotAllowed, NotAcceptable, WrongContentType
from schema.metadata.errors import Required, TooLong
from tenants.context import Origin
from tenants.errors import (
    Conflict,
    Fault,
    Forbidden,
    Invalid,
    NotFound,
    Refused,
    TooMuch,
    Unauthenticated,
    Unavailable,
    Violation,
)

ORIGIN = Origin("request-1")
CHINESE = Origin("request-1", language="zh")


@pytest.mark.parametrize(
    ("fault", "status"),
    [
        (Unauthenticated(), 401),
        (NotFound(), 404),
        (Forbidden(), 403),
        (Invalid(), 400),
        (Conflict(), 409),
        (TooMuch(), 400),
        (Unavailable(), 503),
        (WrongContentType(), 415),
        (NotAcceptable(), 406),
        (MethodNotAllowed(), 405),
        (BodyTooLarge(max=1), 413),
        (InternalError(), 500),
    ],
)
def test_family_decides_the_status(fault: Fault, status: int) -> None:
    assert status_of(fault) == status


def test_error_names_code_family_and_request() -> None:
    assert error_object(Forbidden(), ORIGIN, path=("customers",)) == {
        "message": "You may not do this.",
        "path": ["customers"],
        "extensions": {"code": "FORBIDDEN", "family": "FORBIDDEN", "requestId": "request-1"},
    }
    assert error_object(Forbidden(), CHINESE)["message"] == "您没有权限执行此操作。"


def test_defect_is_logged_and_says_nothing() -> None:
    """No SQL, no table, no stack gets out; the request id leads to the log."""
    defect = RuntimeError('relation "t_secret.customer" does not exist')

    with capture_logs() as logs:
        fault = known(defect, ORIGIN)

    answer = str(error_object(fault, ORIGIN))
    assert isinstance(fault, InternalError)
    assert "secret" not in answer
    assert "request-1" in answer
    assert [(entry["event"], entry["request_id"], entry["exc_info"]) for entry in logs] == [
        ("request.failed", "request-1", defect)
    ]


def test_fault_of_a_static_field_speaks_for_itself() -> None:
    wrapped = GraphQLError("x", path=["me"], original_error=GraphQLError("y", original_error=NotFound()))

    assert execution_error(wrapped, ORIGIN) == error_object(NotFound(), ORIGIN, path=("me",))


def test_complaint_of_the_library_is_about_the_document() -> None:
    found = execution_error(GraphQLError("Argument 'x' is wrong.", path=["me"]), ORIGIN)

    assert found["message"] == "Argument 'x' is wrong."
    assert found["extensions"] == {"code": "DOCUMENT_INVALID", "family": "INVALID", "requestId": "request-1"}


def test_payload_holds_what_is_wrong_with_the_input_and_nothing_else() -> None:
    violations = (Violation(("name",), Required()),)

    assert violations_of(Refused(violations)) == violations
    conflict = Conflict()
    assert violations_of(conflict) == (Violation((), conflict),)
    assert violations_of(NotFound()) is None
    assert violations_of(Forbidden()) is None


def test_input_error_spells_its_path_as_texts() -> None:
    found = input_error(Violation((3, "name"), TooLong(max=2, length=3)), "en")

    assert (found.path, found.code) == (["3", "name"], "TOO_LONG")
    assert found.message == "At most 2 characters are allowed; there are 3."
