"""Solution packs: objects and roles as data, installed by the same engine as what tenants define themselves."""

from services.packs.files import BadPack, load
from services.packs.installing import Installed, PackNotInstalled, install, installed, named, upgrade
from services.packs.merging import PackConflict
from services.packs.model import EVERY_OBJECT, Pack
from services.packs.rendering import registry_of, registry_of_pack, render

__all__ = [
    "EVERY_OBJECT",
    "BadPack",
    "Installed",
    "Pack",
    "PackConflict",
    "PackNotInstalled",
    "install",
    "installed",
    "load",
    "named",
    "registry_of",
    "registry_of_pack",
    "render",
    "upgrade",
]
