"""What shaping roles can refuse."""

from __future__ import annotations

from tenants.errors import Conflict, Invalid


class RoleInUse(Conflict):
    """Users who hold this role: {users}, clients: {clients}; take it from them first."""

    code = "ROLE_IN_USE"
    zh = "仍有 {users} 位用户和 {clients} 个客户端持有该角色,请先收回。"


class OnlyReadable(Invalid):
    """{object} belongs to the platform: a role may only read it, and as a whole."""

    code = "ONLY_READABLE"
    zh = "{object} 为平台对象,角色只能整体读取。"


class ReadByAll(Invalid):
    """Everybody who is signed in reads {object}; no role changes that."""

    code = "READ_BY_ALL"
    zh = "所有已登录用户均可读取 {object},角色无法更改。"


class ReadByDefiners(Invalid):
    """Only those read {object} who may define; no role changes that."""

    code = "READ_BY_DEFINERS"
    zh = "只有可定义元数据的人能读取 {object},角色无法更改。"


class WithoutOwner(Invalid):
    """Records of {object} have no owner; the scope is `all` or `none`."""

    code = "WITHOUT_OWNER"
    zh = "{object} 的记录没有负责人,范围只能为 all 或 none。"


class FieldAlwaysReadable(Invalid):
    """The field {field} is never null, so it cannot be closed."""

    code = "FIELD_ALWAYS_READABLE"
    zh = "字段 {field} 始终可读,无法限制。"


class MaskNotOffered(Invalid):
    """A masked field of type {type} shows nothing; only texts have a kind of mask."""

    code = "MASK_NOT_OFFERED"
    zh = "类型为 {type} 的字段掩码后不显示任何内容,只有文本可选择掩码方式。"


class MaskWithoutLevel(Invalid):
    """A mask goes with the level `masked`, and with no other."""

    code = "MASK_WITHOUT_LEVEL"
    zh = "仅当级别为 masked 时才可指定掩码方式。"


class EveryRecordChosen(Invalid):
    """This filter holds for every record; give the role the scope `all` instead."""

    code = "EVERY_RECORD_CHOSEN"
    zh = "该条件对所有记录成立,请直接授予 all 范围。"


class FilterOrExpression(Invalid):
    """A rule has either a filter or an expression."""

    code = "FILTER_OR_EXPRESSION"
    zh = "规则须指定一个筛选条件或一个表达式。"


class VerbOrField(Invalid):
    """A restriction names either a verb, or a field and its level."""

    code = "VERB_OR_FIELD"
    zh = "限制须指定一个操作,或一个字段及其级别。"
