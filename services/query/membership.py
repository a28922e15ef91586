"""Who the caller is among others: departments that he sits in or below, teams, roles. All looked up by his id."""

from __future__ import annotations

from services.query.arguments import Me
from services.query.compilation import fixed_table
from tenants.sql import Fragment, sql, value

ME: Fragment = value(Me(), "uuid")

# Where everybody sits: the own department, and further ones.
SEAT = sql(
    "(SELECT u.id AS user_id, u.department_id FROM {user} u"
    " UNION ALL SELECT x.user_id, x.department_id FROM {member} x)",
    user=fixed_table("user"),
    member=fixed_table("department_member"),
)
# Selects of ids.
DEPARTMENTS = sql(
    "SELECT c.ancestor_id FROM {seat} m JOIN {closure} c ON c.descendant_id = m.department_id WHERE m.user_id = {me}",
    seat=SEAT,
    closure=fixed_table("department_closure"),
    me=ME,
)
TEAMS = sql("SELECT m.team_id FROM {member} m WHERE m.user_id = {me}", member=fixed_table("team_member"), me=ME)
ROLES = sql(
    "SELECT m.role_id FROM {member} m WHERE m.user_id = {me} UNION ALL SELECT c.role_id FROM {client} c WHERE c.id = {me}",
    member=fixed_table("role_member"),
    client=fixed_table("client"),
    me=ME,
)
