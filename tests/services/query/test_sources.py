from __future__ import annotations

from typing import TYPE_CHECKING

from schema.metadata.objects import Inverse
from services.permissions.loading import unrestricted
from services.query import plan as p
from services.query.binder import bind_condition
from services.query.compilation import Compilation, Variant, column
from services.query.criteria import criteria_sql
from services.query.guard import guard_touches
from services.query.parents import Parent
from services.query.scopes import all_of
from services.query.sources import source
from tenants.sql import render

if TYPE_CHECKING:
    from schema.metadata.registry import Registry


DEALS = Inverse("deals", "deal", "company")


def test_records_are_alive_belong_to_their_parent_and_meet_the_filter(world_registry: Registry) -> None:
    condition = p.IsEmpty("closeOn")
    touches = bind_condition(world_registry.shape, "deal", condition)
    c = Compilation(world_registry.shape, guard_touches(touches, unrestricted(1)), Variant(), criteria_sql)

    given = source(c, "deal", filter_=condition, parent=Parent(DEALS, column("p", "company", "id")))

    def bound(fragment: object) -> str:
        return render(fragment).bind("t_x", world_registry.physical)  # type: ignore[arg-type] # a fragment

    assert bound(given.table) == '"t_x"."x_deal" "q0"'
    assert bound(all_of(given.conditions)) == (
        '"q0"."company_id" = "p"."id" AND "q0"."deleted_at" IS NULL AND "q0"."f_closeon" IS NULL'
    )
