"""Tables of the hall."""

from services.committee.hall.models import matters, talk

__all__ = ["matters", "talk"]
