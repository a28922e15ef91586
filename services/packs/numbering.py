"""Numbers for what is new to a tenant: objects without one take the tenant's next, fields the next of their object. Pure."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from schema.metadata.record_fields import FIRST_FIELD_NUMBER
from schema.metadata.system_objects import FIRST_TENANT_NUMBER
from services.packs.errors import PackNameTaken

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from services.packs.aligning import Aligned
    from services.packs.model import Pack
    from services.packs.reading import Findings
    from services.packs.rows import Row


def numbered(pack: Pack, present: Mapping[str, Sequence[Row]], aligned: Aligned, found: Findings) -> None:
    """Give every new row its number; numbers are never given twice."""
    _number_objects(pack, present["object_definition"], aligned.rows["object_definition"], found)
    known = {str(row["id"]) for row in present["field_definition"]}
    last: defaultdict[str, int] = defaultdict(lambda: FIRST_FIELD_NUMBER - 1)
    for row in present["field_definition"]:
        last[str(row["object_id"])] = max(last[str(row["object_id"])], _number(row))
    for row in aligned.rows["field_definition"]:
        owner = str(row["object_id"])
        if str(row["id"]) not in known:
            last[owner] += 1
            row["number"] = last[owner]


def _number_objects(pack: Pack, present: Sequence[Row], offered: Sequence[Row], found: Findings) -> None:
    taken = {_number(row): str(row["name"]) for row in present}
    last = max((each for each in taken if each >= FIRST_TENANT_NUMBER), default=FIRST_TENANT_NUMBER - 1)
    for row in offered:
        name = str(row["name"])
        if not row["number"]:
            last += 1
            row["number"] = last
        with found.at(pack.place(name).below("number")):
            if taken.setdefault(_number(row), name) != name:
                raise PackNameTaken(name=_number(row))


def _number(row: Row) -> int:
    return int(str(row["number"]))
