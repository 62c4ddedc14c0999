"""What the other capabilities of this service may ask of organisation."""

from services.committee.organisation.imports import community_ids
from services.committee.organisation.models import Community

__all__ = ["Community", "community_ids"]
