"""What the other capabilities of this service may ask of organisation."""

from services.committee.organisation.imports import community_ids

__all__ = ["community_ids"]
