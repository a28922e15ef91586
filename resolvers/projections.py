"""Which schema a caller sees: the projection of the policy that this process knows, or of the one that holds now.

Static root fields say here what they ask before they look at anything; declared mutations say it where they are declared.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from schema.metadata.registry import Registry
from services import metadata, projections
from services.projections import Projection
from services.verbs import Access, Requirement

if TYPE_CHECKING:
    from resolvers.context import RequestContext
    from tenants.context import ReadWork

_ANYBODY, _PERSON = Requirement(Access.ANYBODY), Requirement(Access.PERSON)
_DEFINER, _ADMINISTRATOR = Requirement(Access.DEFINER), Requirement(Access.ADMINISTRATOR)
STATIC: Mapping[str, Requirement] = MappingProxyType({
    **dict.fromkeys(("limits", "refreshToken", "signIn"), _ANYBODY),
    **dict.fromkeys(("changePassword", "createApiToken", "signOut"), _PERSON),
    **dict.fromkeys(
        (
            "createUpload",
            "defaultView",
            "effectivePermissions",
            "fileStorage",
            "importTemplate",
            "layout",
            "me",
            "scopes",
            "uploadFile",
        ),
        Requirement(),
    ),
    "recordShares": Requirement(verb="share"),
    "exportAuditEntries": Requirement(reads="auditEntry"),
    **dict.fromkeys(
        (
            "addChoice",
            "addField",
            "changePilotGroup",
            "changeFieldType",
            "changeSetPreview",
            "createChangeSet",
            "discardChangeSet",
            "publishChangeSet",
            "rollBack",
            "rollBackPreview",
            "updateChangeSet",
            "createObject",
            "destroyField",
            "destroyObject",
            "fieldTypeChanges",
            "fieldTypePreview",
            "brokenRecords",
            "createUniqueRule",
            "createValidationRule",
            "impact",
            "installedPacks",
            "layouts",
            "palette",
            "offerChoices",
            "recalculateField",
            "releasePilot",
            "repeatedRecords",
            "restoreChoice",
            "restoreField",
            "restoreObject",
            "restoreValidationRule",
            "retireChoice",
            "retireField",
            "retireObject",
            "undoFieldType",
            "retireUniqueRule",
            "retireValidationRule",
            "setFieldRules",
            "startPilot",
            "updateChoice",
            "updateField",
            "updateObject",
            "updateValidationRule",
            "upgradePack",
            "validateExpression",
            "withdrawPilot",
        ),
        _DEFINER,
    ),
    **dict.fromkeys(
        (
            "createClient",
            "explainAccess",
            "handOver",
            "handOverPreview",
            "reverseHandOver",
            "roleDifference",
            "rolePermissions",
            "rotateClientSecret",
            "sharingRules",
        ),
        _ADMINISTRATOR,
    ),
})


class Sight(NamedTuple):
    """What documents of a caller are validated against: nothing of the tenant, all of it, or what a token knows."""

    registry: Registry | None
    narrowed: Projection | None = None

    @property
    def key(self) -> str:
        """Equal for equal schemas."""
        if self.registry is None:
            return ""
        return self.registry.shape.hash if self.narrowed is None else self.narrowed.key

    def is_as(self, other: Sight) -> bool:
        """Whether nothing has changed since."""
        mine, others = (None if each.registry is None else each.registry.version for each in (self, other))
        return (mine, self.key) == (others, other.key)


NOTHING_SEEN = Sight(None)


def known_sight(context: RequestContext) -> Sight | None:
    """That of the state that this process saw last."""
    registry = known_registry(context)
    if registry is None or not context.principal.is_token:
        return None if registry is None else Sight(registry)
    found = known_projection(context)
    return None if found is None else Sight(registry, found)


async def current_sight(context: RequestContext) -> Sight:
    """That of the state as it is now: names are no secret among those who sign in, and a token knows its own."""
    if context.principal.is_token:
        return Sight(*await current_projection(context))
    return Sight(await current_registry(context))


def known_registry(context: RequestContext) -> Registry | None:
    """The registry that this process saw last, if it still has it; every statement compares its version."""
    versions = context.cache.versions(context.placement.tenant_id)
    if versions is None:
        return None
    return context.cache.get(Registry, context.placement.tenant_id, versions.metadata)


async def current_registry(context: RequestContext) -> Registry:
    """The registry of the state as it is now; it checks the caller's session as well."""
    return await context.read(metadata.registry)


async def current_projection(context: RequestContext) -> tuple[Registry, Projection]:
    """Registry and projection of the state as it is now; kept for the requests that follow."""

    async def looked_up(work: ReadWork) -> tuple[Registry, Projection]:
        return await metadata.registry(work), await projections.projection_for(work, STATIC)

    registry, found = await context.read(looked_up)
    key = _key(context)
    if key is not None and key[:2] == (registry.version, found.policy.version):
        context.cache.put(Projection, context.placement.tenant_id, key, found)
    return registry, found


def known_projection(context: RequestContext) -> Projection | None:
    """The projection of the versions that this process saw last; every statement compares them."""
    key = _key(context)
    return None if key is None else context.cache.get(Projection, context.placement.tenant_id, key)


async def told_projection(context: RequestContext) -> tuple[Registry, Projection]:
    """The same as it is now, with how far each role reaches, for those who may read the policy."""

    async def looked_up(work: ReadWork) -> tuple[Registry, Projection]:
        return await metadata.registry(work), await projections.with_roles(work, STATIC)

    return await context.read(looked_up)


def _key(context: RequestContext) -> tuple[object, ...] | None:
    versions, principal = context.cache.versions(context.placement.tenant_id), context.principal
    if versions is None:
        return None
    caller = (principal.kind, principal.id, principal.viewer_id, *principal.scopes)
    return (versions.metadata, versions.access, *caller)
