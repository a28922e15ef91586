"""Rules about saved views: kept over fields that may go, which are shown without them, and with them again."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from services import query, verbs
from services.query import plan as p
from tests.journeys.at_random.base import DRAWN
from tests.journeys.at_random.definitions import DefinitionRules
from tests.journeys.at_random.things import ViewModel

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hypothesis.strategies import DataObject

    from tenants.context import ReadWork

_MOST = 100


class ArrangingRules(DefinitionRules):
    """Views of objects, and what of them is left."""

    def begin_with_view(self, drawn: DataObject) -> None:
        """Over the fields of the first object."""
        self.keeps_view(drawn)

    @precondition(lambda self: self.entered_fields())
    @rule(drawn=DRAWN)
    def keeps_view(self, drawn: DataObject) -> None:
        thing = drawn.draw(st.sampled_from([each for each, _ in self.entered_fields()]))
        offered = [each.name for each in self.model.fields_of(thing) if each.is_entered]
        names = drawn.draw(st.lists(st.sampled_from(offered), min_size=1, unique=True))
        verb = verbs.definition("createSavedView")
        assert verb is not None
        run, given = verb.run, {"object": thing.name, "name": "看", "columns": [{"field": each} for each in names]}
        made = self.write("keep view", lambda work: run(work, given), wrong=())
        assert made is not None
        self.model.views.append(ViewModel(made.ids["savedView"][0], thing.name, names))

    @precondition(lambda self: self.model.views)
    @rule()
    def looks_at_views(self) -> None:
        self.require_views()

    def teardown(self) -> None:
        """Whatever came of their fields."""
        if self.model.views:
            self.require_views()
        super().teardown()

    def require_views(self) -> None:
        """Of each view, the columns whose fields are there; nothing of one whose object is not."""
        told = self.stage.read(_columns)
        for view in self.model.views:
            thing = self.model.live.get(view.object_name)
            found = told.get(str(view.id))
            assert (found is None) is (thing is None), view
            if thing is not None:
                there = {each.name for each in self.model.fields_of(thing)}
                assert [each["field"] for each in found or ()] == [each for each in view.columns if each in there], view


async def _columns(work: ReadWork) -> Mapping[str, Any]:  # Any: JSON
    shown = p.Selection("savedView", (p.Leaf("id", "id"), p.Leaf("columns", "columns")))
    root = p.ConnectionRoot("views", p.Connection("savedView", (p.Nodes("nodes", shown),), p.Page(p.Parameter(0))))
    told = json.loads(await query.read(work, p.Plan((root,)), (_MOST,)))
    return {each["id"]: each["columns"] or [] for each in told["views"]["nodes"]}
