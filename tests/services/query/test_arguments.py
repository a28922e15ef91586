"""Parameters find their values; those that do not fit are refused, and ids that are none find no record."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest

from schema.metadata.errors import NotAnId
from schema.metadata.types import Operators
from services.query import arguments as a
from services.query.errors import NegativePage, PageTooLarge, WrongOperand
from tenants.clock import UnknownZone
from tests.services.query.world import ALICE, COMPANY, SESSION_ID, World, person, record_id

if TYPE_CHECKING:
    from services.query.arguments import Argument
    from tenants.errors import Fault

ID = record_id(COMPANY, 1)


def found(world: World, argument: Argument, *values: object) -> Any:
    return argument.found_in(a.Circumstances(world.work(person()), world.registry, values, {}))


@pytest.mark.parametrize(
    ("argument", "values", "expected"),
    [
        (a.Me(), (), ALICE),
        (a.SignInSession(), (), SESSION_ID),
        (a.MetadataVersion(), (), 1),
        (a.AccessVersion(), (), 1),
        (a.Zone(None), (), "Asia/Shanghai"),
        (a.Zone(0), (None,), "Asia/Shanghai"),
        (a.Zone(0), ("Europe/Berlin",), "Europe/Berlin"),
        (a.RecordId(0), (ID,), ID),
        (a.RecordId(0), (str(ID),), str(ID)),
        (a.RecordId(0), (str(ID).upper(),), ID),
        (a.RecordIds(0), ([str(ID), ID],), [ID, ID]),
        (a.RecordIds(0), (ID,), [ID]),
        (a.RecordIds(0), (None,), []),
        (a.PageSize(0, more=1), (20,), 21),
        (a.PageSize(0), (1000,), 1000),
        (a.PageSize(None), (), 1000),
        (a.PageSize(0), (None,), 1000),
        (a.ChoiceKeys("deal", "stage"), (), ("open", "won", "lost")),
        (a.ChoiceWords("deal", "stage", None), (), ("OPEN", "WON", "LOST")),
        (a.ChoiceWords("deal", "stage", 0), ("zh-CN",), ("open中", "won中", "lost中")),
        (a.Operand(0, "deal", "stage", Operators.KEY, "in"), (["won"],), ["won"]),
    ],
)
async def test_values(world: World, argument: Argument, values: tuple[object, ...], expected: object) -> None:
    assert found(world, argument, *values) == expected


@pytest.mark.parametrize(
    ("argument", "given", "refusal"),
    [
        (a.RecordId(0), "42", NotAnId),
        (a.Zone(0), "Mars/Olympus", UnknownZone),
        (a.Zone(0), "../../etc/passwd", UnknownZone),
        (a.Zone(0), "localtime", UnknownZone),
        (a.Zone(0), "posix/Asia/Shanghai", UnknownZone),
        (a.PageSize(0), -1, NegativePage),
        (a.PageSize(0), "5", NegativePage),
        (a.PageSize(0), 1001, PageTooLarge),
        (a.Operand(0, "deal", "stage", Operators.KEY, "eq"), None, WrongOperand),
        (a.Operand(0, "deal", "closeOn", Operators.DATE, "eq"), "soon", WrongOperand),
    ],
)
async def test_refusals(world: World, argument: Argument, given: object, refusal: type[Fault]) -> None:
    with pytest.raises(refusal):
        found(world, argument, given)


def test_ids_tell_their_object(world_registry: Any) -> None:
    assert a.object_behind(str(ID), world_registry) == "company"
    assert a.object_behind(UUID(int=5), world_registry) is None
    assert a.object_behind("x", world_registry) is None
