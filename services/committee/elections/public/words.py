"""The forms of elections and how shares are compared. Pure."""

from services.committee.elections.deciding import exceeds, reaches
from services.committee.elections.domain import Form

__all__ = ["Form", "exceeds", "reaches"]
