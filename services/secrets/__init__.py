"""Encrypted fields: their values are sealed anew with the newest key of the tenant."""

from services.secrets.messages import SealAnew
from services.secrets.resealing import seal_some

__all__ = ["SealAnew", "seal_some"]
