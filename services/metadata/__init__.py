"""Objects and fields as data: the registry that everything compiles against, and the verbs that change it."""

from services.metadata.loading import registry

__all__ = ["registry"]
