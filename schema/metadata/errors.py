"""What can be wrong with a value or a definition: one documented class for each code of the public catalogue."""

from __future__ import annotations

from tenants.errors import Conflict, Invalid, NotFound, TooMuch

# --- values -----------------------------------------------------------------------------------------------------------


class Required(Invalid):
    """This field is required."""

    code = "REQUIRED"
    zh = "该字段为必填项。"


class WrongType(Invalid):
    """A value of type {type} is expected here."""

    code = "WRONG_TYPE"
    zh = "此处需要类型为 {type} 的值。"


class NotAnId(Invalid):
    """This is not an id."""

    code = "NOT_AN_ID"
    zh = "不是有效的 ID。"


class BadCharacters(Invalid):
    """The text holds characters that cannot be stored."""

    code = "BAD_CHARACTERS"
    zh = "文本包含无法保存的字符。"


class TooLong(Invalid):
    """At most {max} characters are allowed; there are {length}."""

    code = "TOO_LONG"
    zh = "最多允许 {max} 个字符,当前为 {length} 个。"


class TooShort(Invalid):
    """At least {min} characters are needed; there are {length}."""

    code = "TOO_SHORT"
    zh = "至少需要 {min} 个字符,当前为 {length} 个。"


class JsonTooDeep(Invalid):
    """At most {max} values may stand in each other."""

    code = "JSON_TOO_DEEP"
    zh = "最多允许嵌套 {max} 层。"


class TooManyItems(Invalid):
    """At most {max} values are allowed; there are {count}."""

    code = "TOO_MANY_ITEMS"
    zh = "最多允许 {max} 个值,当前为 {count} 个。"


class OutOfRange(Invalid):
    """The value is out of range; allowed: {min} to {max}."""

    code = "OUT_OF_RANGE"
    zh = "值超出范围,允许范围:{min} 至 {max}。"


class TooPrecise(Invalid):
    """At most {scale} decimal places are allowed."""

    code = "TOO_PRECISE"
    zh = "最多允许 {scale} 位小数。"


class PatternMismatch(Invalid):
    """The text does not have the form {pattern}."""

    code = "PATTERN_MISMATCH"
    zh = "文本不符合格式 {pattern}。"


class UnknownChoice(Invalid):
    """{key} is not one of the choices of this field.{hint}"""

    code = "UNKNOWN_CHOICE"
    zh = "{key} 不是该字段的可选项。{hint}"


class UnknownCurrency(Invalid):
    """{currency} is not a currency code of ISO 4217."""

    code = "UNKNOWN_CURRENCY"
    zh = "{currency} 不是有效的 ISO 4217 货币代码。"


class NotAPhone(Invalid):
    """This is not a telephone number."""

    code = "NOT_A_PHONE"
    zh = "不是有效的电话号码。"


class NotAnEmail(Invalid):
    """This is not a mail address."""

    code = "NOT_AN_EMAIL"
    zh = "不是有效的邮箱地址。"


class NotAUrl(Invalid):
    """This is not a web address that begins with http or https."""

    code = "NOT_A_URL"
    zh = "不是以 http 或 https 开头的有效网址。"


class NotACreditCode(Invalid):
    """This is not a unified social credit code: 18 characters whose check characters fit."""

    code = "NOT_A_CREDIT_CODE"
    zh = "不是有效的统一社会信用代码:须为 18 位且校验位正确。"


class NotABarcode(Invalid):
    """This is not a barcode: printable characters of ASCII, and a GTIN with its check digit where one is wanted."""

    code = "NOT_A_BARCODE"
    zh = "不是有效的条形码:须为可打印的 ASCII 字符;要求 GTIN 时校验位须正确。"


class NotAnArea(Invalid):
    """{code} is not the code of a province, city or district of GB/T 2260."""

    code = "NOT_AN_AREA"
    zh = "{code} 不是有效的 GB/T 2260 省、市或区县代码。"


class ReadOnly(Invalid):
    """This field cannot be written."""

    code = "READ_ONLY"
    zh = "该字段不可写入。"


# --- what is stored already --------------------------------------------------------------------------------------------


class UniqueTaken(Conflict):
    """Another record has this value already."""

    code = "UNIQUE_TAKEN"
    zh = "该值已被其他记录使用。"


class VersionConflict(Conflict):
    """The record was changed in the meantime; it is at version {version} now."""

    code = "VERSION_CONFLICT"
    zh = "记录已被他人修改,当前版本为 {version}。"
    place = ("ifVersion",)


class RelationNotFound(Invalid):
    """There is no such record to point at."""

    code = "RELATION_NOT_FOUND"
    zh = "关联的记录不存在。"


# --- definitions ------------------------------------------------------------------------------------------------------


class NotAName(Invalid):
    """“{name}” is no name: it begins with a small letter, has letters and digits only, and at most {max} of them."""

    code = "NOT_A_NAME"
    zh = "“{name}”不能作为名称:须以小写字母开头,仅含字母和数字,且不超过 {max} 个字符。"


class NotAKey(NotAName):
    """“{name}” is no key of a choice: letters, digits, _ and -, at most {max}, of which a letter or digit comes first."""

    zh = "“{name}”不能作为选项键:仅含字母、数字、_ 和 -,以字母或数字开头,且不超过 {max} 个字符。"


class NameReserved(Invalid):
    """The name {name} is reserved."""

    code = "NAME_RESERVED"
    zh = "名称 {name} 为保留字。"


class NameTaken(Conflict):
    """The name {name} is already in use."""

    code = "NAME_TAKEN"
    zh = "名称 {name} 已被使用。"


class LabelMissing(Invalid):
    """A label in Chinese or English is required."""

    code = "LABEL_MISSING"
    zh = "必须填写中文或英文标签。"


class UnknownObject(NotFound):
    """There is no object {name}.{hint}"""

    code = "UNKNOWN_OBJECT"
    zh = "对象 {name} 不存在。{hint}"
    may_be_stale = True


class UnknownField(NotFound):
    """The object {object} has no field {name}.{hint}"""

    code = "UNKNOWN_FIELD"
    zh = "对象 {object} 没有字段 {name}。{hint}"
    may_be_stale = True


class LineFieldsMissing(Invalid):
    """A line table needs at least one field of its lines."""

    code = "LINE_FIELDS_MISSING"
    zh = "子表至少需要一个字段。"


class KeptByRelation(NotFound):
    """{object}.{name} is the other end of {relation}, which is changed, retired and looked at instead."""

    code = "KEPT_BY_RELATION"
    zh = "{object}.{name} 是 {relation} 的另一端,请改为更改、停用或查看后者。"


class UnknownTitle(Invalid):
    """{name} cannot stand for a record: the title is a live field of text, number, mail or telephone."""

    code = "UNKNOWN_TITLE"
    zh = "{name} 不能作为标题字段:标题须为启用的文本、编号、邮箱或电话字段。"


class UnknownType(Invalid):
    """There is no field type {type}; there are {types}."""

    code = "UNKNOWN_TYPE"
    zh = "字段类型 {type} 不存在,可用:{types}。"


class UnknownOption(Invalid):
    """A field of type {type} has no option {option}."""

    code = "UNKNOWN_OPTION"
    zh = "类型为 {type} 的字段没有选项 {option}。"


class BadOption(Invalid):
    """The option {option} cannot have this value: {why}."""

    code = "BAD_OPTION"
    zh = "选项 {option} 的值无效:{why}。"


class CannotBeUnique(Invalid):
    """A field of type {type} cannot be unique."""

    code = "CANNOT_BE_UNIQUE"
    zh = "类型为 {type} 的字段不能设为唯一。"


class CannotBeIndexed(Invalid):
    """A field of type {type} cannot be indexed."""

    code = "CANNOT_BE_INDEXED"
    zh = "类型为 {type} 的字段不能建立索引。"


class ChoicesMissing(Invalid):
    """A field of type {type} needs at least one choice."""

    code = "CHOICES_MISSING"
    zh = "类型为 {type} 的字段至少需要一个选项。"


class ChoicesNotAllowed(Invalid):
    """A field of type {type} has no choices."""

    code = "CHOICES_NOT_ALLOWED"
    zh = "类型为 {type} 的字段没有选项。"


class CannotBeRequired(Invalid):
    """A field of type {type} cannot be required."""

    code = "CANNOT_BE_REQUIRED"
    zh = "类型为 {type} 的字段不能设为必填。"


class LineTableNotAllowed(Invalid):
    """A line belongs to one record of another object, and has no lines itself."""

    code = "LINE_TABLE_NOT_ALLOWED"
    zh = "明细行只能属于另一对象的一条记录,且自身不能再有明细。"


class LinesNotCascading(Invalid):
    """Lines go away with their head: the delete rule of their relation must be cascade."""

    code = "LINES_NOT_CASCADING"
    zh = "明细随主记录一同删除:该关联的删除规则须为级联(cascade)。"


class TargetMissing(Invalid):
    """A relation needs the object that it points at."""

    code = "TARGET_MISSING"
    zh = "关联字段必须指定目标对象。"


class TargetNotAllowed(Invalid):
    """A field of type {type} cannot point at “{target}”."""

    code = "TARGET_NOT_ALLOWED"
    zh = "类型为 {type} 的字段不能指向“{target}”。"


class NotChangeable(Invalid):
    """This belongs to the platform and cannot be changed."""

    code = "NOT_CHANGEABLE"
    zh = "该内容属于平台,不能更改。"


class UnknownDeleteRule(Invalid):
    """{rule} is no delete rule; there are restrict, cascade and unlink."""

    code = "UNKNOWN_DELETE_RULE"
    zh = "{rule} 不是有效的删除规则,可用:restrict、cascade、unlink。"


class StillBuilding(Conflict):
    """The index of this field is still being built; wait until it is done."""

    code = "STILL_BUILDING"
    zh = "该字段的索引仍在构建中,请等待完成。"


class NotRetired(Conflict):
    """Only what is retired can be destroyed."""

    code = "NOT_RETIRED"
    zh = "只能销毁已停用的内容。"


class StillInGrace(Conflict):
    """What was retired is kept for {days} days; it can be destroyed from {date} on."""

    code = "STILL_IN_GRACE"
    zh = "停用后保留 {days} 天,可从 {date} 起销毁。"


class ConfirmationNeeded(Conflict):
    """This concerns {records} records and {others}; say the name {name} in `confirm` to go on."""

    code = "CONFIRMATION_NEEDED"
    zh = "此操作涉及 {records} 条记录及 {others};请在 confirm 中填写名称 {name} 以继续。"
    place = ("confirm",)


class TypeChanging(Conflict):
    """The type of this field is being changed; wait until it is done."""

    code = "TYPE_CHANGING"
    zh = "该字段正在更改类型,请等待完成。"


class ValuesNotUnique(Conflict):
    """The field cannot be unique: {count} values occur more than once. Records that hold the same: {examples}."""

    code = "VALUES_NOT_UNIQUE"
    zh = "无法设为唯一:有 {count} 个值重复出现。取值相同的记录:{examples}。"


class TooManyFields(TooMuch):
    """An object has at most {max} fields."""

    code = "TOO_MANY_FIELDS"
    zh = "一个对象最多有 {max} 个字段。"


class TooManyObjects(TooMuch):
    """There are at most {max} objects."""

    code = "TOO_MANY_OBJECTS"
    zh = "最多有 {max} 个对象。"


class TooManyColumns(TooMuch):
    """The table of this object has no room for more columns; those that fields had before they were destroyed or became another type count too."""

    code = "TOO_MANY_COLUMNS"
    zh = "该对象的数据表已没有可用的列;已销毁的字段以及更改类型前的列也计算在内。"


class TooManyChoices(TooMuch):
    """A field has at most {max} choices."""

    code = "TOO_MANY_CHOICES"
    zh = "一个字段最多有 {max} 个选项。"
