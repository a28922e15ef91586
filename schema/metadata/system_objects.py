"""The platform's own objects, as data: read, filtered and joined by the same compiler as every other object.

They have generated queries only; each of their mutations is a verb of its own. A test compares them with
`schema.tables`. Numbers 1 to 99 are theirs for ever; packs count from 100, tenants from 1,000.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import TypeAlias

from schema.metadata.fields import Choice, Field, FieldNames, Label, Relation
from schema.metadata.naming import snake
from schema.metadata.objects import Inverse, Object, ObjectKind, ObjectNames
from schema.metadata.record_fields import TO_USER

FIRST_PACK_NUMBER = 100
FIRST_TENANT_NUMBER = 1000

SystemField: TypeAlias = tuple[Field, Label, Mapping[str, Label]]
# Number, name, plural, words, title field, fields.
SystemObject: TypeAlias = tuple[int, str, str, Label, str, tuple[SystemField, ...]]


def _field(name: str, type_: str, zh: str, en: str, *, options: tuple[tuple[str, str], ...] = ()) -> SystemField:
    return Field(name, type_, read_only=True, options=options), Label(zh, en), {}


def _choice(name: str, zh: str, en: str, choices: Mapping[str, Label]) -> SystemField:
    return Field(name, "choice", read_only=True, choices=tuple(map(Choice, choices))), Label(zh, en), choices


def _person(name: str, zh: str, en: str) -> SystemField:
    return Field(name, "person", read_only=True, relation=TO_USER), Label(zh, en), {}


def _relation(name: str, target: str, inverse: str, zh: str, en: str) -> SystemField:
    return Field(name, "relation", read_only=True, relation=Relation(target, inverse)), Label(zh, en), {}


_ID = _field("id", "id", "编号", "ID")
_CREATED = _field("createdAt", "dateTime", "创建时间", "Created at")
_VERSIONED = (
    _ID,
    _field("version", "int", "版本", "Version"),
    _CREATED,
    _field("updatedAt", "dateTime", "更新时间", "Updated at"),
)
_WORDS = (
    _field("labelZh", "text", "中文标签", "Label in Chinese"),
    _field("labelEn", "text", "英文标签", "Label in English"),
)
_PACK = _field("pack", "text", "方案包", "Pack")
_LIFE = {
    "live": Label("启用", "Live"),
    "building": Label("构建中", "Building"),
    "retired": Label("停用", "Retired"),
    "destroyed": Label("已销毁", "Destroyed"),
}
_JOB_LIFE = {
    "queued": Label("排队中", "Queued"),
    "running": Label("运行中", "Running"),
    "done": Label("已完成", "Done"),
    "failed": Label("失败", "Failed"),
    "parked": Label("已搁置", "Parked"),
}
VIEW_KINDS: Mapping[str, Label] = MappingProxyType({
    "table": Label("表格", "Table"),
    "kanban": Label("看板", "Kanban"),
    "calendar": Label("日历", "Calendar"),
    "gallery": Label("画廊", "Gallery"),
    "map": Label("地图", "Map"),
    "tree": Label("树", "Tree"),
})

# fmt: off
_OBJECTS: tuple[SystemObject, ...] = (
    (1, "user", "users", Label("用户", "User"), "name", (
        *_VERSIONED,
        _field("email", "email", "邮箱", "Email"),
        _field("name", "text", "姓名", "Name", options=(("sortKey", "pinyin"),)),
        _field("phone", "phone", "电话", "Phone"),
        _field("title", "text", "职务", "Title"),
        _relation("department", "department", "members", "部门", "Department"),
        _field("language", "text", "语言", "Language"),
        _field("zone", "text", "时区", "Time zone"),
        _choice("state", "状态", "State", {
            "active": Label("在职", "Active"), "deactivated": Label("已停用", "Deactivated"),
        }),
    )),
    (2, "department", "departments", Label("部门", "Department"), "name", (
        *_VERSIONED,
        _field("name", "text", "名称", "Name"),
        _relation("parent", "department", "children", "上级部门", "Parent"),
        _person("manager", "部门主管", "Manager"),
    )),
    (3, "role", "roles", Label("角色", "Role"), "name", (
        *_VERSIONED,
        _field("name", "text", "名称", "Name"),
        *_WORDS,
        _field("isAdmin", "boolean", "管理员", "Administrator"),
        _PACK,
    )),
    (4, "job", "jobs", Label("后台任务", "Job"), "kind", (
        *_VERSIONED,
        _field("kind", "text", "类型", "Kind"),
        _choice("state", "状态", "State", _JOB_LIFE),
        _field("progress", "integer", "进度", "Progress"),
        _field("total", "integer", "总数", "Total"),
        _field("reason", "text", "原因", "Reason"),
        _field("details", "json", "详情", "Details"),
        _person("requestedBy", "发起人", "Requested by"),
        _field("finishedAt", "dateTime", "完成时间", "Finished at"),
    )),
    (5, "auditEntry", "auditEntries", Label("审计记录", "Audit entry"), "action", (
        _ID,
        _CREATED,
        _field("seq", "integer", "序号", "Sequence"),
        _field("principalKind", "text", "主体类型", "Kind of principal"),
        _field("principalId", "id", "主体", "Principal"),
        _field("clientId", "text", "客户端", "Client"),
        _field("action", "text", "操作", "Action"),
        _field("objectName", "text", "对象", "Object"),
        _field("recordId", "id", "记录", "Record"),
        _field("recordVersion", "int", "记录版本", "Version of the record"),
        _field("requestId", "text", "请求", "Request"),
        _field("address", "text", "地址", "Address"),
        _field("agent", "text", "客户端程序", "Agent"),
        _field("scope", "text", "令牌范围", "Scope"),
        _field("details", "json", "详情", "Details"),
    )),
    (6, "notification", "notifications", Label("通知", "Notification"), "titleZh", (
        *_VERSIONED,
        _person("user", "接收人", "User"),
        _field("kind", "text", "类型", "Kind"),
        _field("titleZh", "text", "中文标题", "Title in Chinese"),
        _field("titleEn", "text", "英文标题", "Title in English"),
        _field("objectName", "text", "对象", "Object"),
        _field("recordId", "id", "记录", "Record"),
        _field("isCopy", "boolean", "抄送", "Copy"),
        _field("readAt", "dateTime", "已读时间", "Read at"),
    )),
    (7, "reportSnapshot", "reportSnapshots", Label("报表快照", "Report snapshot"), "report", (
        *_VERSIONED,
        _field("report", "text", "报表", "Report"),
        _field("takenOn", "date", "快照日期", "Taken on"),
    )),
    (8, "reportSnapshotRow", "reportSnapshotRows", Label("快照行", "Snapshot row"), "", (
        *_VERSIONED,
        _relation("snapshot", "reportSnapshot", "rows", "快照", "Snapshot"),
        _field("position", "int", "位置", "Position"),
        _field("dimensions", "json", "维度", "Dimensions"),
        _field("recordCount", "integer", "记录数", "Number of records"),
        _field("amount", "decimal", "金额", "Amount"),
        _field("currency", "text", "货币", "Currency"),
    )),
    (9, "objectDefinition", "objectDefinitions", Label("对象定义", "Object definition"), "name", (
        *_VERSIONED,
        _field("number", "int", "编号", "Number"),
        _field("name", "text", "名称", "Name"),
        _field("pluralName", "text", "复数名称", "Plural name"),
        *_WORDS,
        _field("pluralLabelZh", "text", "中文复数标签", "Plural label in Chinese"),
        _field("pluralLabelEn", "text", "英文复数标签", "Plural label in English"),
        _field("titleField", "text", "标题字段", "Title field"),
        _choice("state", "状态", "State", _LIFE),
        _field("retiredAt", "dateTime", "停用时间", "Retired at"),
        _field("auditReads", "boolean", "审计读取", "Reads are audited"),
        _PACK,
    )),
    (10, "fieldDefinition", "fieldDefinitions", Label("字段定义", "Field definition"), "name", (
        *_VERSIONED,
        _relation("object", "objectDefinition", "fields", "对象", "Object"),
        _field("number", "int", "编号", "Number"),
        _field("name", "text", "名称", "Name"),
        _field("type", "text", "类型", "Type"),
        *_WORDS,
        _field("position", "int", "位置", "Position"),
        _choice("state", "状态", "State", _LIFE),
        _field("retiredAt", "dateTime", "停用时间", "Retired at"),
        _field("required", "boolean", "必填", "Required"),
        _field("isUnique", "boolean", "唯一", "Unique"),
        _field("isIndexed", "boolean", "已索引", "Indexed"),
        _field("readOnly", "boolean", "只读", "Read only"),
        _field("auditReads", "boolean", "审计读取", "Reads are audited"),
        _field("options", "json", "选项", "Options"),
        _field("targetObject", "text", "目标对象", "Target object"),
        _field("inverseName", "text", "反向名称", "Inverse name"),
        _field("inverseLabelZh", "text", "反向中文标签", "Inverse label in Chinese"),
        _field("inverseLabelEn", "text", "反向英文标签", "Inverse label in English"),
        _field("deleteRule", "text", "删除规则", "Delete rule"),
        _field("requiredIf", "longText", "必填条件", "Required if"),
        _field("requiredIfTree", "json", "必填条件树", "Tree of “required if”"),
        _field("visibleIf", "longText", "可见条件", "Visible if"),
        _field("visibleIfTree", "json", "可见条件树", "Tree of “visible if”"),
        _field("readOnlyIf", "longText", "只读条件", "Read only if"),
        _field("readOnlyIfTree", "json", "只读条件树", "Tree of “read only if”"),
        _field("offeredBy", "text", "控制字段", "Offered by"),
        _field("offered", "json", "可选项", "Offered choices"),
        _field("linesBy", "text", "明细排序字段", "Lines by"),
        _PACK,
    )),
    (11, "choiceOption", "choiceOptions", Label("选项", "Choice"), "key", (
        _ID,
        _relation("field", "fieldDefinition", "choices", "字段", "Field"),
        _field("key", "text", "键", "Key"),
        *_WORDS,
        _field("position", "int", "位置", "Position"),
        _field("retired", "boolean", "已停用", "Retired"),
        _PACK,
    )),
    (12, "recordHistory", "recordHistories", Label("变更历史", "Record history"), "verb", (
        _ID,
        _CREATED,
        _field("objectNumber", "int", "对象编号", "Number of the object"),
        _field("recordId", "id", "记录", "Record"),
        _field("version", "int", "版本", "Version"),
        _field("verb", "text", "操作", "Verb"),
        _person("principal", "操作人", "Principal"),
        _field("changes", "json", "变更", "Changes"),
    )),
    (13, "trustedDocument", "trustedDocuments", Label("受信文档", "Trusted document"), "key", (
        *_VERSIONED,
        _field("key", "text", "键", "Key"),
        _field("text", "longText", "文本", "Text"),
        _choice("state", "状态", "State", {"live": Label("启用", "Live"), "retired": Label("停用", "Retired")}),
        _person("createdBy", "创建人", "Created by"),
    )),
    (14, "team", "teams", Label("团队", "Team"), "name", (*_VERSIONED, _field("name", "text", "名称", "Name"))),
    (15, "handOver", "handOvers", Label("交接", "Hand-over"), "state", (
        *_VERSIONED,
        _person("fromUser", "原负责人", "From"),
        _choice("state", "状态", "State", {
            "queued": Label("排队中", "Queued"), "running": Label("运行中", "Running"), "done": Label("已完成", "Done"),
            "reversing": Label("撤回中", "Being reversed"), "reversed": Label("已撤回", "Reversed"),
        }),
        _field("rules", "json", "规则", "Rules"),
        _field("deactivates", "boolean", "停用原负责人", "Locks the user out"),
        _person("requestedBy", "发起人", "Requested by"),
        _relation("job", "job", "handOvers", "后台任务", "Job"),
        _field("moved", "integer", "移交数", "Records handed over"),
        _field("returned", "integer", "退回数", "Records given back"),
        _field("finishedAt", "dateTime", "完成时间", "Finished at"),
        _field("lockedOutAt", "dateTime", "停用时间", "Locked out at"),
    )),
    (16, "delegation", "delegations", Label("代理", "Delegation"), "", (
        *_VERSIONED,
        _person("fromUser", "被代理人", "From"),
        _person("toUser", "代理人", "To"),
        _field("startsAt", "dateTime", "开始时间", "Starts at"),
        _field("endsAt", "dateTime", "结束时间", "Ends at"),
    )),
    (17, "client", "clients", Label("合作方客户端", "Partner client"), "name", (
        *_VERSIONED,
        _field("name", "text", "名称", "Name"),
        _relation("role", "role", "", "角色", "Role"),
        _field("scopes", "tags", "范围", "Scopes"),
        _field("secretExpiresAt", "dateTime", "密钥到期时间", "Secret expires at"),
        _choice("state", "状态", "State", {"active": Label("启用", "Active"), "revoked": Label("已吊销", "Revoked")}),
    )),
    (18, "apiToken", "apiTokens", Label("接口令牌", "API token"), "name", (
        _ID,
        _CREATED,
        _person("user", "用户", "User"),
        _relation("client", "client", "", "客户端", "Client"),
        _field("name", "text", "名称", "Name"),
        _field("scopes", "tags", "范围", "Scopes"),
        _field("expiresAt", "dateTime", "到期时间", "Expires at"),
        _field("revokedAt", "dateTime", "吊销时间", "Revoked at"),
    )),
    (19, "savedView", "savedViews", Label("视图", "Saved view"), "name", (
        *_VERSIONED,
        _field("name", "text", "名称", "Name"),
        _field("objectName", "text", "对象", "Object"),
        _choice("kind", "类型", "Kind", VIEW_KINDS),
        _person("owner", "所有者", "Owner"),
        _field("sharedWith", "json", "共享范围", "Shared with"),
        _field("filter", "json", "筛选条件", "Filter"),
        _field("orderBy", "json", "排序", "Order"),
        _field("groupBy", "json", "分组", "Grouping"),
        _field("columns", "json", "列", "Columns"),
        _field("settings", "json", "设置", "Settings"),
        _PACK,
    )),
    (20, "dictionary", "dictionaries", Label("字典", "Dictionary"), "name", (
        *_VERSIONED,
        _field("name", "text", "名称", "Name"),
        *_WORDS,
        _PACK,
    )),
    (21, "dictionaryEntry", "dictionaryEntries", Label("字典项", "Dictionary entry"), "key", (
        *_VERSIONED,
        _relation("dictionary", "dictionary", "entries", "字典", "Dictionary"),
        _field("key", "text", "键", "Key"),
        *_WORDS,
        _field("position", "int", "位置", "Position"),
        _field("retired", "boolean", "已停用", "Retired"),
        _relation("parent", "dictionaryEntry", "children", "上级", "Parent"),
        _relation("mergedInto", "dictionaryEntry", "", "已合并到", "Merged into"),
        _PACK,
    )),
    (22, "validationRule", "validationRules", Label("校验规则", "Validation rule"), "name", (
        *_VERSIONED,
        _relation("object", "objectDefinition", "validationRules", "对象", "Object"),
        _field("name", "text", "名称", "Name"),
        _field("expression", "longText", "表达式", "Expression"),
        _field("tree", "json", "表达式树", "Tree"),
        _field("messageZh", "text", "中文提示", "Message in Chinese"),
        _field("messageEn", "text", "英文提示", "Message in English"),
        _field("fields", "tags", "字段", "Fields"),
        _choice("state", "状态", "State", {"live": Label("启用", "Live"), "retired": Label("停用", "Retired")}),
        _PACK,
    )),
    (23, "indexDefinition", "indexDefinitions", Label("索引定义", "Index definition"), "name", (
        _ID,
        _relation("object", "objectDefinition", "indexes", "对象", "Object"),
        _field("name", "text", "名称", "Name"),
        _field("fields", "tags", "字段", "Fields"),
        _field("isUnique", "boolean", "唯一", "Unique"),
        _choice("state", "状态", "State", {"live": Label("启用", "Live"), "retired": Label("停用", "Retired")}),
        _PACK,
    )),
    (24, "pilot", "pilots", Label("试点", "Pilot"), "title", (
        *_VERSIONED,
        _field("title", "text", "标题", "Title"),
        _choice("state", "状态", "State", {
            "running": Label("试点中", "Running"), "released": Label("已发布", "Released"), "withdrawn": Label("已撤回", "Withdrawn"),
        }),
        _field("group", "json", "试点范围", "Group"),
        _field("coordinates", "json", "内容", "Coordinates"),
        _person("startedBy", "发起人", "Started by"),
        _field("endedAt", "dateTime", "结束时间", "Ended at"),
    )),
    (25, "changeSet", "changeSets", Label("变更集", "Change set"), "name", (
        *_VERSIONED,
        _field("name", "text", "名称", "Name"),
        _choice("state", "状态", "State", {"draft": Label("草稿", "Draft"), "published": Label("已发布", "Published")}),
        _field("steps", "json", "步骤", "Steps"),
        _field("metadataVersion", "integer", "定义版本", "Version of the definitions"),
        _person("createdBy", "创建人", "Created by"),
    )),
    (26, "publication", "publications", Label("发布记录", "Publication"), "number", (
        _ID,
        _CREATED,
        _field("number", "integer", "序号", "Number"),
        _field("metadataVersion", "integer", "定义版本", "Version of the definitions"),
        _choice("kind", "类型", "Kind", {
            "change": Label("单项变更", "One change"), "changeSet": Label("变更集", "Change set"),
            "rollBack": Label("回退", "Roll back"),
        }),
        _person("publishedBy", "发布人", "Published by"),
        _relation("changeSet", "changeSet", "publications", "变更集", "Change set"),
        _field("rollsBackTo", "integer", "回退至", "Rolls back to"),
        _field("actions", "json", "操作", "Actions"),
        _field("differences", "json", "差异", "Differences"),
    )),
)
# fmt: on

# The person field that record scopes look at.
_OWNER_FIELDS = {"notification": "user", "job": "requestedBy", "handOver": "requestedBy", "apiToken": "user"}
# Fields that are read out of a column of another name.
_COLUMNS = {("auditEntry", "details"): "body"}


def column(field: Field) -> str:
    """The plain English column of a platform or pack field: `requestedBy` → `requested_by_id`."""
    return snake(field.name) + ("_id" if field.relation is not None else "")


def _inverses_of(target: str) -> tuple[Inverse, ...]:
    found = (
        Inverse(field.relation.inverse_name, name, field.name)
        for _, name, _, _, _, fields in _OBJECTS
        for field, _, _ in fields
        if field.relation is not None and field.relation.target == target and field.relation.inverse_name
    )
    return tuple(sorted(found, key=lambda inverse: inverse.name))


def _object(row: SystemObject) -> tuple[Object, ObjectNames]:
    number, name, plural, label, title, fields = row
    shape = Object(
        name=name,
        plural=plural,
        kind=ObjectKind.SYSTEM,
        fields=tuple(sorted((field for field, _, _ in fields), key=lambda field: field.name)),
        inverses=_inverses_of(name),
        title_field=title,
        owner_field=_OWNER_FIELDS.get(name, ""),
        soft_deletes=False,
    )
    names = {
        field.name: FieldNames(
            position,
            _COLUMNS.get((name, field.name), column(field)),
            words,
            MappingProxyType(dict(choices)),
            position=position,
        )
        for position, (field, words, choices) in enumerate(fields, start=1)
    }
    return shape, ObjectNames(number, snake(name), label, label, MappingProxyType(names))


SYSTEM_OBJECTS: Mapping[str, tuple[Object, ObjectNames]] = MappingProxyType({row[1]: _object(row) for row in _OBJECTS})
