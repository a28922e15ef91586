"""Who the people are and whether they are who they say: sign-in, sessions, users, roles held, departments."""

from services.identity import access, inputs, throttle
from services.identity import verbs as _declared  # noqa: F401 - importing it declares the mutations
from services.identity.access import refuse_token, require_definer, require_definitions, require_signed_in
from services.identity.credentials import change_password, set_password
from services.identity.departments import (
    add_department_member,
    create_department,
    remove_department_member,
    update_department,
)
from services.identity.errors import LastAdmin
from services.identity.me import Me, me
from services.identity.passwords import hash_password, weakness
from services.identity.retention import forget_old
from services.identity.roles import assign_role, is_last_admin, revoke_role
from services.identity.sessions import (
    Bearer,
    OpenSession,
    close_client_sessions,
    close_session,
    close_sessions,
    open_token_session,
    refresh,
    require_still_open,
    sign_out,
)
from services.identity.sign_in import sign_in
from services.identity.teams import add_team_member, create_team, remove_team_member, update_team
from services.identity.tokens import Tokens, authenticate, issue
from services.identity.transact import Transact
from services.identity.users import create_user, deactivate_user, reactivate_user, unfit, update_user
from services.identity.viewing import refuse_viewer, view_as

__all__ = [
    "Bearer",
    "LastAdmin",
    "Me",
    "OpenSession",
    "Tokens",
    "Transact",
    "access",
    "add_department_member",
    "add_team_member",
    "assign_role",
    "authenticate",
    "change_password",
    "close_client_sessions",
    "close_session",
    "close_sessions",
    "create_department",
    "create_team",
    "create_user",
    "deactivate_user",
    "forget_old",
    "hash_password",
    "inputs",
    "is_last_admin",
    "issue",
    "me",
    "open_token_session",
    "reactivate_user",
    "refresh",
    "refuse_token",
    "refuse_viewer",
    "remove_department_member",
    "remove_team_member",
    "require_definer",
    "require_definitions",
    "require_signed_in",
    "require_still_open",
    "revoke_role",
    "set_password",
    "sign_in",
    "sign_out",
    "throttle",
    "unfit",
    "update_department",
    "update_team",
    "update_user",
    "view_as",
    "weakness",
]
