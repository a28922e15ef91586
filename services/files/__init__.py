"""Files of attachment and image fields: uploads, downloads, thumbnails, and what clears them away."""

from services.files.addresses import Address, address
from services.files.errors import FileAddressExpired, FileAddressUnknown
from services.files.messages import MakeThumbnail, SweepFiles
from services.files.reading import Found, find, require_readable
from services.files.receiving import receive
from services.files.sweeping import Leftover, claim, forget
from services.files.thumbnails import Picture, draw, keep_thumbnail, undrawn
from services.files.uploading import Expected, Received, Used, Wish, accept, announce, expected, refuse, used

__all__ = [
    "Address",
    "Expected",
    "FileAddressExpired",
    "FileAddressUnknown",
    "Found",
    "Leftover",
    "MakeThumbnail",
    "Picture",
    "Received",
    "SweepFiles",
    "Used",
    "Wish",
    "accept",
    "address",
    "announce",
    "claim",
    "draw",
    "expected",
    "find",
    "forget",
    "keep_thumbnail",
    "receive",
    "refuse",
    "require_readable",
    "undrawn",
    "used",
]
