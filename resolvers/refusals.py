"""Why a request is refused before any verb runs: the documented faults of the GraphQL door."""

from __future__ import annotations

from services.trusted_documents import DocumentUnknown
from tenants.errors import Forbidden, Invalid, NotFound, TooMuch, Unauthenticated, Unavailable


class MalformedRequest(Invalid):
    """The request is not a GraphQL request: {reason}"""

    code = "MALFORMED_REQUEST"
    zh = "不是有效的 GraphQL 请求:{reason}"


class WrongContentType(Invalid):
    """Send the request as application/json, or with files as multipart/form-data."""

    code = "WRONG_CONTENT_TYPE"
    zh = "请以 application/json 发送请求,携带文件时使用 multipart/form-data。"


class ContentEncoded(WrongContentType):
    """Send the body as it is, without Content-Encoding: {encoding}."""

    zh = "请直接发送正文,不要使用 Content-Encoding:{encoding}。"


class NotAcceptable(Invalid):
    """We answer application/graphql-response+json and application/json."""

    code = "NOT_ACCEPTABLE"
    zh = "仅支持 application/graphql-response+json 和 application/json。"


class MethodNotAllowed(Invalid):
    """A mutation needs POST."""

    code = "METHOD_NOT_ALLOWED"
    zh = "变更操作须使用 POST。"


class VerbNotOffered(MethodNotAllowed):
    """This address does not answer {method}."""

    zh = "此地址不支持 {method} 方法。"


class NothingHere(NotFound):
    """There is nothing at this address."""

    zh = "此地址没有任何内容。"


class BodyTooLarge(TooMuch):
    """The request is larger than {max} bytes."""

    code = "BODY_TOO_LARGE"
    zh = "请求超过 {max} 字节。"


class BodyTooSlow(TooMuch):
    """The request did not arrive within {seconds} seconds."""

    code = "BODY_TOO_SLOW"
    zh = "请求未在 {seconds} 秒内完整送达。"


class RangeNotSatisfiable(Invalid):
    """The file has {size} bytes, and none in this range."""

    code = "RANGE_NOT_SATISFIABLE"
    zh = "文件共 {size} 字节,所请求的范围内没有内容。"


class SyntaxRefused(Invalid):
    """The document cannot be read: {reason}"""

    code = "DOCUMENT_SYNTAX"
    zh = "查询文档无法解析:{reason}"


class DocumentInvalid(Invalid):
    """{reason}"""

    code = "DOCUMENT_INVALID"
    zh = "{reason}"
    may_be_stale = True


class VariablesInvalid(Invalid):
    """{reason}"""

    code = "VARIABLES_INVALID"
    zh = "{reason}"
    may_be_stale = True


class OperationUnknown(Invalid):
    """The document has no single operation of that name."""

    code = "OPERATION_UNKNOWN"
    zh = "文档中没有唯一的同名操作。"


class OperationNotSupported(Invalid):
    """Subscriptions are not answered here."""

    code = "OPERATION_NOT_SUPPORTED"
    zh = "此处不支持订阅操作。"


class TooManyTokens(TooMuch):
    """A document has at most {max} tokens."""

    code = "TOO_MANY_TOKENS"
    zh = "文档最多 {max} 个词元。"


class TooDeep(TooMuch):
    """A selection is at most {max} levels deep."""

    code = "TOO_DEEP"
    zh = "选择集最多 {max} 层。"


class TooManyAliases(TooMuch):
    """An operation has at most {max} aliases."""

    code = "TOO_MANY_ALIASES"
    zh = "一次操作最多 {max} 个别名。"


class TooManyDirectives(TooMuch):
    """An operation has at most {max} directives."""

    code = "TOO_MANY_DIRECTIVES"
    zh = "一次操作最多 {max} 个指令。"


class TooCostly(TooMuch):
    """This request costs {cost}, and one may cost at most {max}; ask for smaller pages or fewer fields."""

    code = "TOO_COSTLY"
    zh = "本次请求的开销为 {cost},上限为 {max};请减少每页条数或字段。"


class AnswerTooLarge(TooMuch):
    """The answer is larger than {max} bytes; ask for smaller pages or fewer fields."""

    code = "ANSWER_TOO_LARGE"
    zh = "响应超过 {max} 字节,请减少每页条数或字段。"


class TooManyRootFields(TooMuch):
    """A query has at most {max} root fields."""

    code = "TOO_MANY_ROOT_FIELDS"
    zh = "一次查询最多 {max} 个根字段。"


class TooManyMutations(TooMuch):
    """An operation has at most {max} mutations."""

    code = "TOO_MANY_MUTATIONS"
    zh = "一次操作最多 {max} 个变更。"


class TooManyRehearsals(TooMuch):
    """A query tries out at most {max} changes of definitions: previews of change sets, of the way back, and of types."""

    code = "TOO_MANY_REHEARSALS"
    zh = "一次查询最多试演 {max} 次元数据变更(变更集、回退或字段类型的预览)。"


class TooManyInputValues(TooMuch):
    """The variables hold at most {max} values."""

    code = "TOO_MANY_INPUT_VALUES"
    zh = "变量最多包含 {max} 个值。"


class TooManyInputObjects(TooMuch):
    """The variables hold at most {max} objects."""

    code = "TOO_MANY_INPUT_OBJECTS"
    zh = "变量最多包含 {max} 个对象。"


class DocumentOutdated(Invalid):
    """This trusted document no longer fits the schema: {field}"""

    code = "DOCUMENT_OUTDATED"
    zh = "该受信文档已不符合当前模式:{field}"
    may_be_stale = True


class DocumentNotTrusted(Forbidden):
    """Only trusted documents are run here; name one by documentId."""

    code = "DOCUMENT_NOT_TRUSTED"
    zh = "此处仅允许执行受信文档,请使用 documentId。"


class PersistedQueryNotFound(NotFound):
    """PersistedQueryNotFound"""

    # Clients know this sentence, and send the text with their next request.
    code = "PERSISTED_QUERY_NOT_FOUND"
    zh = "PersistedQueryNotFound:未找到该持久化查询,请连同文本重新发送。"


class PersistedQueryMismatch(Invalid):
    """The hash is not that of the query."""

    code = "PERSISTED_QUERY_MISMATCH"
    zh = "哈希值与查询文本不符。"


class HeaderRepeated(Invalid):
    """The header {name} may be sent only once."""

    code = "HEADER_REPEATED"
    zh = "请求头 {name} 只能出现一次。"


class TenantMissing(Invalid):
    """Name the tenant by the host or by the header X-Tenant."""

    code = "TENANT_MISSING"
    zh = "请通过域名或 X-Tenant 请求头指明租户。"


class TenantAmbiguous(Invalid):
    """The host and the header X-Tenant name different tenants."""

    code = "TENANT_AMBIGUOUS"
    zh = "域名与 X-Tenant 请求头指明的租户不一致。"


class TenantUnknown(NotFound):
    """There is no such tenant."""

    code = "TENANT_UNKNOWN"
    zh = "租户不存在。"


class BearerExpected(Unauthenticated):
    """Authorization must be a bearer token."""

    code = "BEARER_EXPECTED"
    zh = "Authorization 须为 Bearer 令牌。"


class InternalError(Unavailable):
    """Something went wrong on our side; the request id names it in our log."""

    code = "INTERNAL"
    zh = "服务内部出错,请求编号可在日志中查到。"


class FilterOrIds(Invalid):
    """Name the records either by ids or by a filter."""

    code = "FILTER_OR_IDS"
    zh = "请通过 ids 或 filter 其中之一指定记录。"


class FilterEmpty(Invalid):
    """A filter that chooses every record is refused here."""

    code = "FILTER_EMPTY"
    zh = "此处不接受选中全部记录的筛选条件。"


# A request that we understood, with a document that we refuse.
ABOUT_DOCUMENT = frozenset({
    DocumentUnknown,
    DocumentOutdated,
    DocumentNotTrusted,
    PersistedQueryNotFound,
    PersistedQueryMismatch,
    SyntaxRefused,
    DocumentInvalid,
    VariablesInvalid,
    OperationUnknown,
    OperationNotSupported,
    TooManyTokens,
    TooDeep,
    TooManyAliases,
    TooManyDirectives,
    TooCostly,
    TooManyRootFields,
    TooManyMutations,
    TooManyRehearsals,
    TooManyInputValues,
    TooManyInputObjects,
})
