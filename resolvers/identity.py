"""Sign-in over GraphQL: `signIn`, `refreshToken`, `signOut`, `changePassword` and `me`."""

from __future__ import annotations

import strawberry

from resolvers.context import Info
from schema.types.identity import (
    ChangePasswordInput,
    ChangePasswordPayload,
    Me,
    RefreshTokenInput,
    RefreshTokenPayload,
    SignInInput,
    SignInPayload,
    SignOutInput,
    SignOutPayload,
    Tenant,
)
from services import identity


@strawberry.type
class IdentityQuery:
    """Who asks."""

    @strawberry.field(description="The signed-in user.")
    async def me(self, info: Info) -> Me | None:
        """The caller, or nothing where nobody is signed in."""
        found = await info.context.read(identity.me)
        return Me(
            id=strawberry.ID(str(found.id)),
            name=found.name,
            email=found.email,
            roles=list(found.roles),
            may_define=found.may_define,
            department_id=strawberry.ID(str(found.department_id)) if found.department_id else None,
            language=found.language,
            zone=found.zone,
            tenant=Tenant(name=found.tenant_name, slug=info.context.placement.slug, currency=found.currency),
        )


@strawberry.type
class IdentityMutation:
    """Sign-in and what belongs to it. Each may be called without a valid access token, but for the last two."""

    @strawberry.mutation(description="Opens a session. A wrong password and an unknown address answer alike.")
    async def sign_in(self, info: Info, input: SignInInput) -> SignInPayload | None:  # noqa: A002 - the name in the API
        """Tokens for the right password."""
        context = info.context
        opened = await identity.sign_in(context.write, context.tokens, email=input.email, password=input.password)
        tokens = await identity.issue(context.keys, context.placement, context.tokens, opened)
        return SignInPayload(
            access_token=tokens.access_token, refresh_token=tokens.refresh_token, expires_at=tokens.expires_at
        )

    @strawberry.mutation(description="Exchanges a refresh token for the next one. Using one twice closes the session.")
    async def refresh_token(self, info: Info, input: RefreshTokenInput) -> RefreshTokenPayload | None:  # noqa: A002
        """The next tokens."""
        context = info.context
        renewed = await identity.refresh(context.write, input.refresh_token)
        tokens = await identity.issue(context.keys, context.placement, context.tokens, renewed)
        return RefreshTokenPayload(
            access_token=tokens.access_token, refresh_token=tokens.refresh_token, expires_at=tokens.expires_at
        )

    @strawberry.mutation(description="Closes the caller's session; its access tokens are refused at once.")
    async def sign_out(self, info: Info, input: SignOutInput) -> SignOutPayload | None:  # noqa: A002
        """How many sessions were closed."""
        closed = await info.context.write(lambda work: identity.sign_out(work, everywhere=input.everywhere))
        return SignOutPayload(closed=closed)

    @strawberry.mutation(description="Changes the caller's own password and closes the caller's other sessions.")
    async def change_password(self, info: Info, input: ChangePasswordInput) -> ChangePasswordPayload | None:  # noqa: A002
        """What was wrong, if anything."""
        context = info.context
        await identity.change_password(context.write, present=input.current_password, following=input.new_password)
        return ChangePasswordPayload(errors=[])
