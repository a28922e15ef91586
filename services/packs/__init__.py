"""Solution packs: objects, dictionaries, layouts, views and roles as data, installed by the engine that tenants define with."""

from services.packs.arranging import arrange
from services.packs.errors import BadPack, Finding, PackNotInstalled, PackNotReleased, Place
from services.packs.exporting import Exported, export
from services.packs.files import is_pack, load, load_folder, released
from services.packs.installing import Installed, install, installed, named, upgrade
from services.packs.merging import PackConflict
from services.packs.model import EVERY_OBJECT, FIRST_VERSION, Pack, next_version
from services.packs.rendering import registry_of, registry_of_pack, render, settled_alone
from services.packs.writing import files_of

__all__ = [
    "EVERY_OBJECT",
    "FIRST_VERSION",
    "BadPack",
    "Exported",
    "Finding",
    "Installed",
    "Pack",
    "PackConflict",
    "PackNotInstalled",
    "PackNotReleased",
    "Place",
    "arrange",
    "export",
    "files_of",
    "install",
    "installed",
    "is_pack",
    "load",
    "load_folder",
    "named",
    "next_version",
    "registry_of",
    "registry_of_pack",
    "released",
    "render",
    "settled_alone",
    "upgrade",
]
