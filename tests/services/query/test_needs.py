"""[A6] What a part of a view needs: every object on the way, and each field as it is shown or decides."""

from __future__ import annotations

import pytest

from schema.metadata.definitions import assemble
from services.permissions import NO_RIGHTS, ObjectRights, Policy
from services.permissions.policy import EVERYONE, Level, freeze
from services.query.errors import FieldNotReadable, ObjectNotReadable, UnknownName
from services.query.needs import bind_column, needs_of, require_readable

SHAPE = assemble((), 1).shape


@pytest.mark.parametrize(
    ("path", "decides", "needs"),
    [
        ("name", False, ["user", "user.name"]),
        ("name", True, ["user", "user.name="]),
        ("department", False, ["department", "user", "user.department"]),
        ("department.manager.name", False, [
            "department", "department.manager", "user", "user.department", "user.name",
        ]),
    ],
)  # fmt: skip
def test_a_column_needs_all_that_it_passes(path: str, decides: bool, needs: list[str]) -> None:
    assert needs_of(bind_column(SHAPE, "user", tuple(path.split(".")), decides=decides)) == needs


@pytest.mark.parametrize("path", ["nope", "name.first", "department.nope", ""])
def test_a_column_that_leads_nowhere_is_refused(path: str) -> None:
    with pytest.raises(UnknownName):
        bind_column(SHAPE, "user", tuple(path.split(".")))


def test_what_is_not_open_is_refused() -> None:
    masked = ObjectRights(read=EVERYONE, fields=(("name", Level.MASKED),))
    policy = Policy(freeze({"user": masked}), 1, others=NO_RIGHTS)

    require_readable(bind_column(SHAPE, "user", ("name",)), policy)
    with pytest.raises(FieldNotReadable):
        require_readable(bind_column(SHAPE, "user", ("name",), decides=True), policy)
    with pytest.raises(ObjectNotReadable):
        require_readable(bind_column(SHAPE, "user", ("department",)), policy)
