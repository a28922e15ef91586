"""What sign-in and the administration of people can refuse."""

from __future__ import annotations

from tenants.errors import Conflict, Forbidden, Invalid, TooMuch, Unauthenticated, Unavailable


class SignInRefused(Unauthenticated):
    """The mail address or the password is wrong."""

    code = "SIGN_IN_REFUSED"
    zh = "邮箱或密码不正确。"


class SignInBlocked(TooMuch):
    """Too many failed sign-ins; try again in {seconds} seconds."""

    code = "SIGN_IN_BLOCKED"
    zh = "登录失败次数过多,请在 {seconds} 秒后重试。"


class SignInNeeded(Forbidden):
    """A token of the API cannot do this; sign in."""

    code = "SIGN_IN_NEEDED"
    zh = "接口令牌不能执行此操作,请登录。"


class ViewOnly(Forbidden):
    """Looking as somebody else changes nothing; leave out X-View-As."""

    code = "VIEW_ONLY"
    zh = "以他人身份查看时不能做任何更改,请去掉 X-View-As。"


class RefreshRefused(Unauthenticated):
    """This refresh token is not valid any more; sign in again."""

    code = "REFRESH_REFUSED"
    zh = "刷新令牌已失效,请重新登录。"


class PasswordChecksBusy(Unavailable):
    """Too many people are signing in right now; try again."""

    code = "PASSWORD_CHECKS_BUSY"
    zh = "当前登录人数过多,请稍后重试。"


class PasswordWeak(Invalid):
    """A password has {minimum} to {maximum} characters and is not the mail address."""

    code = "PASSWORD_WEAK"
    zh = "密码长度须为 {minimum} 至 {maximum} 个字符,且不能与邮箱相同。"


class PasswordWrong(Invalid):
    """The present password is wrong."""

    code = "PASSWORD_WRONG"
    zh = "当前密码不正确。"


class LastAdmin(Conflict):
    """The last administrator cannot be locked out."""

    code = "LAST_ADMIN"
    zh = "不能移除最后一位管理员。"


class DepartmentCycle(Conflict):
    """A department cannot lie below itself."""

    code = "DEPARTMENT_CYCLE"
    zh = "部门不能成为自己的下级。"
