"""Query and Mutation put together from the mixins of each noun, and converted to graphql-core types once."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

import strawberry
from graphql import GraphQLSchema
from strawberry.schema.config import StrawberryConfig
from strawberry.types.scalar import ScalarDefinition

from resolvers.audit import AuditMutation
from resolvers.change_sets import ChangeSetsMutation, ChangeSetsQuery
from resolvers.expressions import ExpressionsQuery
from resolvers.field_rules import RulesMutation, RulesQuery
from resolvers.hand_over import HandOverMutation, HandOverQuery
from resolvers.identity import IdentityMutation, IdentityQuery
from resolvers.impact import ImpactMutation, ImpactQuery
from resolvers.imports import ImportsQuery
from resolvers.layouts import LayoutsQuery
from resolvers.limits import LimitsQuery
from resolvers.metadata import MetadataMutation
from resolvers.oauth import OauthMutation, OauthQuery
from resolvers.packs import PacksMutation, PacksQuery
from resolvers.palette import PaletteQuery
from resolvers.permissions import PermissionsQuery
from resolvers.pilots import PilotsMutation
from resolvers.type_changes import TypeChangesMutation, TypeChangesQuery
from resolvers.uploads import UploadsMutation, UploadsQuery
from resolvers.views import ViewsQuery
from schema.sdl.mutations import InputShape, OutputShape, VerbShape
from schema.sdl.scalars import SCALARS
from services import verbs
from services.verbs import VerbDefinition


@strawberry.type
class Query(
    ChangeSetsQuery,
    ExpressionsQuery,
    HandOverQuery,
    IdentityQuery,
    ImportsQuery,
    LayoutsQuery,
    ImpactQuery,
    LimitsQuery,
    OauthQuery,
    PacksQuery,
    PaletteQuery,
    PermissionsQuery,
    RulesQuery,
    TypeChangesQuery,
    UploadsQuery,
    ViewsQuery,
):
    """Everything that can be read."""


@strawberry.type
class Mutation(
    AuditMutation,
    ChangeSetsMutation,
    HandOverMutation,
    IdentityMutation,
    ImpactMutation,
    MetadataMutation,
    OauthMutation,
    PacksMutation,
    PilotsMutation,
    RulesMutation,
    TypeChangesMutation,
    UploadsMutation,
):
    """Everything that can be done."""


def static_schema() -> GraphQLSchema:
    """The part that is the same for every tenant."""
    made = strawberry.Schema(
        query=Query, mutation=Mutation, config=StrawberryConfig(scalar_map=_scalars(), disable_field_suggestions=True)
    )
    # Strawberry offers no public way to its converted schema; its own extensions read the same attribute.
    return made._schema  # noqa: SLF001


def verb_shapes(objects: Mapping[str, object]) -> tuple[VerbShape, ...]:
    """The declared verbs of a tenant with these objects, as the schema builder takes them."""
    return tuple(_shape(each) for each in verbs.declared() if each.fits(objects))


@cache
def _shape(verb: VerbDefinition) -> VerbShape:
    return VerbShape(
        verb.name,
        verb.description,
        tuple(InputShape(each.name, each.type, each.required, each.many) for each in verb.inputs),
        tuple(OutputShape(each.name, each.object_name, each.many) for each in verb.outputs),
    )


def _scalars() -> dict[object, ScalarDefinition]:
    return {
        row.python: ScalarDefinition(
            name=row.name,
            description=row.description,
            specified_by_url=None,
            serialize=row.write,
            parse_value=row.read,
            parse_literal=row.read_literal,
        )
        for row in SCALARS.values()
        if not isinstance(row.python, str)
    }
