"""Solution packs: objects and roles as data, installed by the same engine as what tenants define themselves."""

from services.packs.files import BadPack, load
from services.packs.model import EVERY_OBJECT, Pack
from services.packs.rendering import registry_of, registry_of_pack, render

__all__ = ["EVERY_OBJECT", "BadPack", "Pack", "load", "registry_of", "registry_of_pack", "render"]
