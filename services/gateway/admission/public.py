"""What admission's siblings may ask of it: the district's communities."""

from services.gateway.admission.models import Community
from services.gateway.admission.repository import communities, targets_of

__all__ = ["Community", "communities", "targets_of"]
