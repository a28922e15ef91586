"""The parts of a view as somebody says them, checked against the shape and kept with what they need.

Whoever says a part has to be allowed to read what it names; whoever sees the view later is shown what he may read of it
(`services.query.views`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from services import query
from services.query import GroupKey, OrderBy, Touch
from services.views.errors import PartMalformed, TooManyParts
from services.views.settings import setting_touches
from tenants.errors import Conflict, Invalid, Refused, Violation

if TYPE_CHECKING:
    from schema.metadata.registry import Shape
    from services.permissions import Policy
    from tenants.context import ReadWork
    from tenants.errors import PathStep

MOST_COLUMNS = 100
MOST_KEYS = 10
_WIDEST = 4_000
_DEEPEST = 15
_COLUMN = '{"field": "owner.name", "width": 120}'
_ORDER = '{"owner": {"name": "ASC"}}'
_GROUP = '{"createdAt": "MONTH"}'


class Reader:
    """Reads the parts of one view; what is wrong with them is gathered."""

    def __init__(self, work: ReadWork, shape: Shape, policy: Policy, object_name: str) -> None:
        self._work = work
        self._shape = shape
        self._policy = policy
        self._object = object_name
        self.violations: list[Violation] = []

    async def filter(self, given: object) -> object:
        """A filter of the object's list, as it is said there."""
        try:
            found = await query.spoken(self._work, self._object, given)
        except (Invalid, Conflict) as fault:
            self.violations.append(Violation((*(fault.place or ("filter",)),), fault))
            return None
        return self._kept(given, found.touches)

    def order(self, given: object) -> object:
        """The keys of an order, as a list takes them."""
        return self._list("orderBy", given, MOST_KEYS, _ORDER, self._order_key)

    def grouping(self, given: object) -> object:
        """The keys of a grouping, as an aggregate takes them."""
        return self._list("groupBy", given, MOST_KEYS, _GROUP, self._group_key)

    def columns(self, given: object) -> object:
        """The columns in their order, each with its width if it has one."""
        return self._list("columns", given, MOST_COLUMNS, _COLUMN, self._column)

    def settings(self, kind: str, given: object) -> object:
        """What its kind asks of a view."""
        try:
            touches = setting_touches(self._shape, self._object, kind, given)
        except Refused as refused:
            self.violations += [Violation(("settings", *each.path), each.fault) for each in refused.violations]
            return None
        return self._kept(given, touches) if given else None

    def _list(
        self, part: str, given: object, most: int, form: str, read: Callable[[object], Iterable[Touch]]
    ) -> object:
        if not isinstance(given, Sequence) or isinstance(given, str):
            self._refuse(PartMalformed(form=f"[{form}]"), part)
            return None
        if len(given) > most:
            self._refuse(TooManyParts(max=most, count=len(given)), part)
            return None
        kept: list[object] = []
        for at, each in enumerate(given):
            try:
                kept.append(self._kept(each, frozenset(read(each))))
            except Invalid as fault:
                self._refuse(fault, part, at)
        return kept

    def _order_key(self, given: object) -> Iterable[Touch]:
        path, end = _path(given, _ORDER)
        if not isinstance(end, str) or end not in {"ASC", "DESC"}:
            raise PartMalformed(form=_ORDER)
        return query.bind_order(self._shape, self._object, OrderBy(path, query.Direction(end)))

    def _group_key(self, given: object) -> Iterable[Touch]:
        path, end = _path(given, _GROUP)
        if end is not True and not isinstance(end, str):
            raise PartMalformed(form=_GROUP)
        return query.bind_group(self._shape, self._object, GroupKey(path, end if isinstance(end, str) else ""))

    def _column(self, given: object) -> Iterable[Touch]:
        if (
            not isinstance(given, Mapping)
            or not isinstance(given.get("field"), str)
            or given.keys() - {"field", "width"}
        ):
            raise PartMalformed(form=_COLUMN)
        width = given.get("width")
        if width is not None and (isinstance(width, bool) or not isinstance(width, int) or not 1 <= width <= _WIDEST):
            raise PartMalformed(form=_COLUMN)
        return query.bind_column(self._shape, self._object, tuple(given["field"].split(".")))

    def _kept(self, shown: object, touches: frozenset[Touch]) -> dict[str, object]:
        query.require_readable(touches, self._policy)
        return {"shown": shown, "needs": query.needs_of(touches)}

    def _refuse(self, fault: Invalid, *path: PathStep) -> None:
        self.violations.append(Violation(path, fault))


def _path(given: object, form: str) -> tuple[tuple[str, ...], object]:
    """The names that lead to the one leaf of nested members, and the leaf."""
    names: list[str] = []
    while isinstance(given, Mapping):
        if len(given) != 1:
            raise PartMalformed(form=form)
        ((name, given),) = given.items()
        names.append(str(name))
    if not 0 < len(names) <= _DEEPEST:
        raise PartMalformed(form=form)
    return tuple(names), given
