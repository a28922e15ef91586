"""What can be wrong with a change set, and what cannot be rolled back."""

from __future__ import annotations

from tenants.errors import Conflict, Invalid, NotFound


class ChangeSetNotFound(NotFound):
    """There is no such change set."""

    code = "CHANGE_SET_NOT_FOUND"
    zh = "没有该变更集。"


class ChangeSetPublished(Conflict):
    """This change set is published; it is changed no more."""

    code = "CHANGE_SET_PUBLISHED"
    zh = "该变更集已发布,不能再修改。"


class ChangeSetEmpty(Invalid):
    """There is nothing to publish."""

    code = "CHANGE_SET_EMPTY"
    zh = "没有可发布的内容。"
    place = ("steps",)


class TooManyChangeSets(Conflict):
    """A tenant has at most {max} drafts; publish or discard some."""

    code = "TOO_MANY_CHANGE_SETS"
    zh = "草稿最多 {max} 个,请先发布或放弃一部分。"


class TooManySteps(Invalid):
    """A change set has at most {max} steps."""

    code = "TOO_MANY_STEPS"
    zh = "变更集最多包含 {max} 个步骤。"
    place = ("steps",)


class ChangeSetTooLarge(Invalid):
    """The steps of a change set take at most {max} bytes."""

    code = "CHANGE_SET_TOO_LARGE"
    zh = "变更集的步骤最多 {max} 字节。"
    place = ("steps",)


class SectionsNotJson(Invalid):
    """The sections of a layout are a JSON text."""

    code = "SECTIONS_NOT_JSON"
    zh = "布局的分区须为 JSON 文本。"


class PublicationNotFound(NotFound):
    """There is no such publication."""

    code = "PUBLICATION_NOT_FOUND"
    zh = "没有该发布记录。"


class NothingToRollBack(Conflict):
    """Nothing has changed since."""

    code = "NOTHING_TO_ROLL_BACK"
    zh = "此后没有任何变更。"


class Gone(Conflict):
    """“{name}” was destroyed and cannot come back."""

    code = "DESTROYED"
    zh = "“{name}”已销毁,无法恢复。"


class TypeNotKept(Conflict):
    """What “{name}” was as {type} is kept no longer."""

    code = "TYPE_NOT_KEPT"
    zh = "“{name}”作为 {type} 的内容已不再保留。"


class RoleGone(Conflict):
    """The role of this layout was deleted."""

    code = "ROLE_GONE"
    zh = "该布局所属的角色已删除。"
