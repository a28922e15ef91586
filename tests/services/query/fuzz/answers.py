"""The JSON that a question must be answered with. Cursors are opaque: they are told apart and followed, not foretold."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from schema.metadata.addresses import Address
from schema.metadata.naming import compose_type, type_name
from schema.metadata.objects import Inverse
from schema.metadata.places import Point
from schema.metadata.rich_text import plain
from schema.metadata.types import Operators, Output
from services.permissions import Level, Mask
from tests.services.query.fuzz.asked import ChildGroups, Many, One, Page, Root, Selection, Value
from tests.services.query.fuzz.files import StoredFile
from tests.services.query.fuzz.grouping import groups
from tests.services.query.fuzz.judge import Judge, leads_to
from tests.services.query.fuzz.rows import Record
from tests.services.query.fuzz.values import plain_number, shown

DEFAULT_PAGE = 20
_ID_LENGTH = 36
_MATCHES = ("EXACT", "PREFIX", "CONTAINS")


@dataclass(frozen=True)
class Cursor:
    """Where the cursor of a record must stand; those of one page and record are the same text."""

    page: int
    record: Record


@dataclass
class Answers:
    """The answers for one caller, and the pages whose cursors may be followed."""

    judge: Judge
    labels: Mapping[tuple[str, str], Mapping[str, Any]]
    numbers: Mapping[int, str]
    pages: list[tuple[Page, list[Record]]] = field(default_factory=list)

    def of(self, roots: Iterable[Root]) -> dict[str, Any]:
        """The answer of one statement; what needs none is not in it."""
        return {root.key: self._root(root) for root in roots if root.what != "typename" and not self._is_nobody(root)}

    def _is_nobody(self, root: Root) -> bool:
        return root.what == "node" and self._object_behind(root.arguments["id"]) is None

    def _object_behind(self, asked: str) -> str | None:
        return self.numbers.get(UUID(asked).int >> 64 & 0xFFF) if len(asked) == _ID_LENGTH else None

    def _root(self, root: Root) -> Any:
        match root.what:
            case "records":
                return self._page(root.inner, self._found(root.inner, None), is_root=True)
            case "groups":
                return groups(self.judge, root.inner, self._ranged(root.inner, None))
            case "search":
                return self._hits(root)
            case "node":
                return self._node(root)
            case _:
                return self._by_id(root.inner, root.arguments["id"])

    def _by_id(self, selection: Selection, asked: str) -> Any:
        found = [each for each in self.judge.live(selection.object_name) if str(each.id) == asked]
        return self.record(selection, found[0]) if found else None

    def _node(self, root: Root) -> Any:
        name = self._object_behind(root.arguments["id"])
        # A record that no fragment speaks of is there, with nothing in it.
        selections = (each for each in root.inner if each.object_name == name)
        return self._by_id(next(selections, Selection(str(name), ())), root.arguments["id"])

    def _hits(self, root: Root) -> list[Any]:
        text, found = root.arguments["text"], []
        for name in root.arguments["objects"]:
            for record in self.judge.live(name):
                rank = self.judge.rank(record, text)
                if rank is not None:
                    found.append((rank, record))
        found.sort(key=lambda each: (-each[0][0], each[1].values["createdAt"], each[1].id), reverse=True)
        return [self._hit(root, *each) for each in found[: root.arguments.get("first", DEFAULT_PAGE)]]

    def _hit(self, root: Root, rank: tuple[int, str], record: Record) -> Any:
        found = {}
        for key, name, selections in root.inner:
            match name:
                case "record":
                    selection = next(each for each in selections if each.object_name == record.object_name)
                    found[key] = self.record(selection, record)
                case "object":
                    found[key] = record.object_name
                case "title":
                    found[key] = self._title(record)
                case "field":
                    found[key] = rank[1]
                case "match":
                    found[key] = _MATCHES[rank[0] // 2]
                case "score":
                    found[key] = 100 - 10 * rank[0]
                case _:
                    found[key] = "SearchHit"
        return found

    def _title(self, record: Record) -> Any:
        title = self.judge.shape.field(record.object_name, self.judge.shape.objects[record.object_name].title_field)
        if title is None or title.type.output is not Output.TEXT:
            return None
        level = self.judge.levels(record.object_name, title.name)
        return None if level is Level.NONE else self._open(record, title.name, level, Output.TEXT)

    # --- pages --------------------------------------------------------------------------------------------------------

    def _ranged(self, asked: Any, parent: tuple[Inverse, Record] | None, *, deleted: bool = False) -> list[Record]:
        records = self.judge.deleted(asked.object_name) if deleted else self.judge.live(asked.object_name)
        return [
            each for each in records
            if (parent is None or leads_to(*parent, each))
            and (asked.filter is None or self.judge.holds(each, asked.filter))
            and (asked.search is None or self.judge.rank(each, asked.search) is not None)
        ]  # fmt: skip

    def _found(self, page: Page, parent: tuple[Inverse, Record] | None) -> list[Record]:
        return self.judge.ordered(self._ranged(page, parent, deleted=page.deleted), page.order, page.search)

    def _page(self, page: Page, found: list[Record], *, is_root: bool = False) -> Any:
        size = DEFAULT_PAGE if page.size is None else page.size
        rest = found
        if page.cursor is not None:
            compare, stop = self.judge.comparing(page.order, page.search), page.cursor[0]
            way = -1 if page.backward else 1
            rest = [each for each in found if compare(each, stop) * way > 0]
        chosen = rest[max(0, len(rest) - size) :] if page.backward else rest[:size]
        more, has_cursor = len(rest) > size, page.cursor is not None
        if is_root:
            self.pages.append((page, chosen))
        info = {
            "hasNextPage": has_cursor if page.backward else more,
            "hasPreviousPage": more if page.backward else has_cursor,
            "startCursor": Cursor(id(page), chosen[0]) if chosen else None,
            "endCursor": Cursor(id(page), chosen[-1]) if chosen else None,
            "__typename": "PageInfo",
        }
        return {key: self._part(page, name, inner, chosen, len(found), info) for key, name, inner in page.parts}

    def _part(  # noqa: PLR0917 - everything that a part may show
        self, page: Page, name: str, inner: Any, chosen: list[Record], total: int, info: dict[str, Any]
    ) -> Any:
        match name:
            case "nodes":
                return [self.record(inner, each) for each in chosen]
            case "edges":
                return [
                    {key: self._edge(page, part, selection, each) for key, part, selection in inner} for each in chosen
                ]
            case "pageInfo":
                return {key: info[part] for key, part in inner}
            case "totalCount":
                return total
            case "totalCountIsExact":
                return True
            case _:
                return compose_type(page.object_name, "Connection")

    def _edge(self, page: Page, part: str, selection: Selection | None, record: Record) -> Any:
        if selection is not None:
            return self.record(selection, record)
        return Cursor(id(page), record) if part == "cursor" else compose_type(page.object_name, "Edge")

    # --- records ------------------------------------------------------------------------------------------------------

    def record(self, selection: Selection, record: Record) -> Any:
        return {item.key: self._item(item, record) for item in selection.items}

    def _item(self, item: Any, record: Record) -> Any:
        match item:
            case Value():
                return self._value(item, record)
            case One():
                if self.judge.levels(record.object_name, item.field) is Level.MASKED:
                    return None
                if item.several:
                    found = self.judge.several(record, item.field)
                    return [self.record(item.selection, each) for each in found] if found else None
                behind = self.judge.behind(record, item.field)
                return None if behind is None else self.record(item.selection, behind)
            case Many():
                found = self._found(self._placed(item), (item.inverse, record))
                return self._page(item.page, found)
            case ChildGroups():
                return groups(self.judge, item.groups, self._ranged(item.groups, (item.inverse, record)))

    def _placed(self, item: Many) -> Page:
        """Lines stand in their places, for whoever may read where, unless another order is asked for."""
        inverse = item.inverse
        is_open = inverse.lines_by and self.judge.levels(inverse.object_name, inverse.lines_by) >= Level.READ
        if item.page.order or item.page.search is not None or not is_open:
            return item.page
        return replace(item.page, order=[((inverse.lines_by,), "ASC")])

    def _value(  # noqa: PLR0911 - one return for each kind of value
        self, item: Value, record: Record
    ) -> Any:
        name, level = item.field, self.judge.levels(record.object_name, item.field)
        match item.what:
            case "typename":
                return type_name(record.object_name)
            case "masked":
                fields = self.judge.shape.objects[record.object_name].fields
                return [
                    each.name for each in fields if self.judge.levels(record.object_name, each.name) is Level.MASKED
                ]
            case "money":
                money = record.values[name]
                if money is None or level is Level.MASKED:
                    return None
                parts = {"amount": plain_number(money.amount), "currency": money.currency, "__typename": "Money"}
                return {key: parts[part] for key, part in item.parts}
            case "label":
                return None if level is Level.MASKED else self._label(record, item)
            case "shown":
                return None if level is Level.MASKED else self._behind_lookup(item, record)
            case "parts":
                return None if level is Level.MASKED else _in_parts(item, record.values[name])
            case "ids":
                found = [] if level is Level.MASKED else self.judge.several(record, name)
                return [str(each.id) for each in found] or None
            case "id":
                behind = None if level is Level.MASKED else self.judge.behind(record, name)
                return None if behind is None else str(behind.id)
            case _:
                return self._open(record, name, level, self.judge.field(record.object_name, name).type.output)

    def _behind_lookup(self, item: Value, record: Record) -> Any:
        """As it is shown there, to whoever sees what the relation leads to."""
        relation, _, shown = self.judge.shown(record.object_name, item.field)
        if self.judge.levels(record.object_name, relation) is Level.MASKED:
            return None
        behind = self.judge.behind(record, relation)
        what = "money" if shown.type.output is Output.MONEY else "parts" if item.parts else "value"
        return None if behind is None else self._value(replace(item, field=shown.name, what=what), behind)

    def _label(self, record: Record, item: Value) -> Any:
        key = record.values[item.field]
        if key is None:
            return None
        language = "en" if item.locale is None else item.locale.split("-")[0].lower()
        label = self.labels[record.object_name, item.field][key]
        first, second = (label.en, label.zh) if language == "en" else (label.zh, label.en)
        return first or second or key

    def _open(self, record: Record, name: str, level: Level, output: Output) -> Any:
        value = record.values[name]
        if level is not Level.MASKED:
            return shown(output, value)
        if output is Output.SEALED:
            # Whatever the mask, that there is one is all that is told.
            return masked(Mask.FULL, value)
        if output is not Output.TEXT:
            return None
        is_rich = self.judge.field(record.object_name, name).type.operators is Operators.WORDS
        return masked(self.judge.masks(record.object_name, name), plain(value) if is_rich and value else value)


def _in_parts(item: Value, value: Point | Address | list[StoredFile] | None) -> Any:
    if not value:
        return None
    if isinstance(value, list):
        files = [each.shown() for each in value]
        return [{key: each[part] for key, part in item.parts} for each in files]
    known: dict[str, Any] = {"__typename": type(value).__name__}
    if isinstance(value, Point):
        known = {"latitude": float(value.latitude), "longitude": float(value.longitude), "__typename": "Geolocation"}
    else:
        province, city, district = value.names
        known |= {
            "code": value.code,
            "provinceCode": f"{value.code[:2]}0000",
            "cityCode": None if city is None else f"{value.code[:4]}00",
            "districtCode": None if district is None else value.code,
            "province": province,
            "city": city,
            "district": district,
            "street": value.street or None,
            "text": value.text,
        }
    return {key: known[part] for key, part in item.parts}


def masked(mask: Mask, text: str | None) -> str | None:
    """What a mask leaves of a text."""
    return None if text is None else _MASKED[mask](text)


def _masked_mail(text: str) -> str:
    name, at, domain = text.partition("@")
    return f"{text[:1]}***{at}{domain}" if name and at else f"{text[:1]}***"


def _masked_phone(text: str) -> str:
    national = text.removeprefix("+86")
    return f"{national[:3]}****{national[-4:]}" if len(national) > 8 else "****"


_MASKED: Mapping[Mask, Callable[[str], str]] = {
    Mask.FULL: lambda _: "***",
    Mask.NAME: lambda text: f"{text[:1]}***",
    Mask.MAIL: _masked_mail,
    Mask.PHONE: _masked_phone,
    Mask.ID_NUMBER: lambda text: f"{text[:3]}***********{text[-4:]}" if len(text) > 12 else "***********",
}
