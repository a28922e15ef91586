"""Files of attachment and image fields: uploads, downloads, thumbnails, and what clears them away."""

from services.files.addresses import Address, address
from services.files.errors import FileAddressExpired, FileAddressUnknown
from services.files.keeping import Uploaded, keep, note_refusal, uploaded
from services.files.messages import MakeThumbnail, ScanFile, SweepFiles
from services.files.reading import Found, find, require_readable
from services.files.receiving import Arrived, receive, set_aside
from services.files.scanning import Scanner, Suspect, condemn, look, release, suspect
from services.files.sweeping import Leftover, claim, forget, grace, unclaimed
from services.files.thumbnails import Picture, draw, keep_thumbnail, undrawn
from services.files.uploading import Expected, Received, Used, Wish, accept, announce, expected, refuse, used

__all__ = [
    "Address",
    "Arrived",
    "Expected",
    "FileAddressExpired",
    "FileAddressUnknown",
    "Found",
    "Leftover",
    "MakeThumbnail",
    "Picture",
    "Received",
    "ScanFile",
    "Scanner",
    "Suspect",
    "SweepFiles",
    "Uploaded",
    "Used",
    "Wish",
    "accept",
    "address",
    "announce",
    "claim",
    "condemn",
    "draw",
    "expected",
    "find",
    "forget",
    "grace",
    "keep",
    "keep_thumbnail",
    "look",
    "note_refusal",
    "receive",
    "refuse",
    "release",
    "require_readable",
    "set_aside",
    "suspect",
    "unclaimed",
    "undrawn",
    "uploaded",
    "used",
]
