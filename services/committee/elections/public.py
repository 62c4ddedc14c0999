"""What the other capabilities of this service may ask of elections."""

from services.committee.elections.deciding import exceeds, reaches
from services.committee.elections.domain import Form

__all__ = ["Form", "exceeds", "reaches"]
