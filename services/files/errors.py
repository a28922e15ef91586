"""Why an upload or a download is refused."""

from __future__ import annotations

from tenants.errors import Forbidden, Invalid, NotFound, TooMuch


class NoFileField(Invalid):
    """{object} has no attachment or image field {field}."""

    code = "NO_FILE_FIELD"
    zh = "{object} 没有名为 {field} 的附件或图片字段。"
    may_be_stale = True


class FileTooLarge(Invalid):
    """A file of this field has at most {max} bytes."""

    code = "FILE_TOO_LARGE"
    zh = "该字段的文件最大 {max} 字节。"


class FileEmpty(Invalid):
    """A file has at least one byte."""

    code = "FILE_EMPTY"
    zh = "文件不能为空。"


class FileInfected(Invalid):
    """The file is infected; it was deleted."""

    code = "FILE_INFECTED"
    zh = "文件含有病毒,已被删除。"


class FileKindNotTaken(Invalid):
    """This field takes files of these kinds: {offered}."""

    code = "FILE_KIND_NOT_TAKEN"
    zh = "该字段只接受以下类型的文件:{offered}。"


class FileSizeDiffers(Invalid):
    """The file was said to have {declared} bytes, and has {size}."""

    code = "FILE_SIZE_DIFFERS"
    zh = "声明的文件大小为 {declared} 字节,实际为 {size} 字节。"


class FileKindDiffers(Invalid):
    """What is in this file is not {declared}, or not only that."""

    code = "FILE_KIND_DIFFERS"
    zh = "文件内容不是 {declared},或还含有其他内容。"


class ImageTooLarge(Invalid):
    """An image has at most {max} pixels."""

    code = "IMAGE_TOO_LARGE"
    zh = "图片最多 {max} 像素。"


class StorageFull(TooMuch):
    """All files together may have {max} bytes; {used} are used."""

    code = "STORAGE_FULL"
    zh = "文件总容量为 {max} 字节,已使用 {used} 字节。"


class TooManyUploads(TooMuch):
    """At most {max} uploads may wait to be put into a record; put some into records, or wait a day."""

    code = "TOO_MANY_UPLOADS"
    zh = "最多 {max} 个上传文件可以等待关联到记录,请先关联部分文件或等待一天。"


class FileAddressUnknown(NotFound):
    """There is no such file."""

    code = "FILE_ADDRESS_UNKNOWN"
    zh = "没有该文件。"


class FileAddressExpired(Forbidden):
    """This address has expired; ask for the file again."""

    code = "FILE_ADDRESS_EXPIRED"
    zh = "该地址已过期,请重新获取文件。"
