"""Why a write is refused, beyond what is wrong with a single value (`schema.metadata.errors`)."""

from __future__ import annotations

from schema.metadata.errors import ReadOnly
from tenants.errors import Conflict, Forbidden, Invalid, TooMuch


class WrongObject(Invalid):
    """The id belongs to another object; expected: {object}."""

    code = "WRONG_OBJECT"
    zh = "该 ID 不属于对象 {object}。"


class OwnerOutOfScope(Invalid):
    """You may not give records to this user."""

    code = "OWNER_OUT_OF_SCOPE"
    zh = "您不能将记录分配给该用户。"


class OwnerNotChangeable(Invalid):
    """You may change this record, but not whose it is."""

    code = "OWNER_NOT_CHANGEABLE"
    zh = "您可以修改该记录,但不能变更其负责人。"


class BulkNotAllowed(Forbidden):
    """You may not change sets of {object} at once."""

    code = "BULK_NOT_ALLOWED"
    zh = "您没有批量操作 {object} 的权限。"


class NothingToSet(Invalid):
    """There is nothing to set."""

    code = "NOTHING_TO_SET"
    zh = "没有需要更新的内容。"


class NotUniqueField(Invalid):
    """Records can be matched by a unique field only; {field} is none."""

    code = "NOT_A_UNIQUE_FIELD"
    zh = "只能按唯一字段匹配记录,{field} 不是唯一字段。"


class DeletionRestricted(Conflict):
    """Records of {object} still point at this one."""

    code = "DELETION_RESTRICTED"
    zh = "仍有 {object} 记录指向该记录。"


class DependentsOutOfReach(Conflict):
    """Other records depend on this one, and you may not delete all of them."""

    code = "DEPENDENTS_OUT_OF_REACH"
    zh = "有其他记录依赖该记录,而您无权删除其中的全部。"


class FieldNotWritable(Forbidden):
    """You may not write the field {field} of {object}."""

    code = "FIELD_NOT_WRITABLE"
    zh = "您没有权限写入 {object} 的字段 {field}。"


class OnlyByAction(Invalid):
    """Only the action {action} sets this or takes it away."""

    code = "ONLY_BY_ACTION"
    zh = "只能通过操作 {action} 设置或取消此项。"


class ObjectNotWritable(Forbidden):
    """You may not do this with records of {object}."""

    code = "OBJECT_NOT_WRITABLE"
    zh = "您没有权限对 {object} 执行此操作。"


class AlreadySigned(Invalid):
    """This was signed already; clear the signature before somebody signs anew."""

    code = "ALREADY_SIGNED"
    zh = "该字段已签名,请先清除签名再重新签署。"


class FileNotFound(Invalid):
    """There is no such upload of yours for this field."""

    code = "FILE_NOT_FOUND"
    zh = "没有您为此字段上传的该文件。"


class LineNotFound(Invalid):
    """This record has no such line."""

    code = "LINE_NOT_FOUND"
    zh = "该记录没有此明细行。"


class LineRepeated(Invalid):
    """This line stands in the list already."""

    code = "LINE_REPEATED"
    zh = "该明细行在列表中重复出现。"


class LinesOfOneHead(Invalid):
    """Lines are changed with one record at a time."""

    code = "LINES_OF_ONE_HEAD"
    zh = "明细行一次只能随一条记录修改。"


class TooManyLines(TooMuch):
    """A record has at most {max} lines."""

    code = "TOO_MANY_LINES"
    zh = "一条记录最多 {max} 行明细。"


class TooManyLinks(TooMuch):
    """A record is linked to at most {max} others by one field."""

    code = "TOO_MANY_LINKS"
    zh = "一条记录通过一个字段最多关联 {max} 条记录。"


class TooManyLinksAtOnce(TooMuch):
    """At most {max} links can be written at once; there are {count}."""

    code = "TOO_MANY_LINKS_AT_ONCE"
    zh = "一次最多写入 {max} 个关联,当前为 {count} 个。"


class TooManyRecords(TooMuch):
    """At most {max} records can be written at once; there are {count}."""

    code = "TOO_MANY_RECORDS"
    zh = "一次最多写入 {max} 条记录,当前为 {count} 条。"


class FieldInvisible(Invalid):
    """As the record stands this field is not there to be filled."""

    code = "FIELD_INVISIBLE"
    zh = "按该记录的当前内容,此字段不可见,不能填写。"


class ReadOnlyNow(ReadOnly):
    """As the record stands this field cannot be written."""

    zh = "按该记录的当前内容,此字段不可写入。"


class ChoiceNotOffered(Invalid):
    """{key} is not offered here: it does not go with the choice of {field}."""

    code = "CHOICE_NOT_OFFERED"
    zh = "此处不提供 {key}:它与 {field} 的所选项不匹配。"


class ChoiceNotOfferedHere(ChoiceNotOffered):
    """As the record stands this choice is not offered."""

    zh = "按该记录的当前内容,不提供此选项。"


class RuleBroken(Invalid):
    """{message}"""

    code = "RULE_BROKEN"
    zh = "{message}"
