"""The forms of elections and how shares are compared. Pure."""

from services.committee.elections.calendar import age_on
from services.committee.elections.domain import Form
from services.committee.elections.round import exceeds, reaches

__all__ = ["Form", "age_on", "exceeds", "reaches"]
