"""What admission's siblings may ask of it: the district's communities, a caller's department, and
how screenings and targets are kept and shown."""

from services.gateway.admission.applying import stored_issues, stored_screening
from services.gateway.admission.models import Community
from services.gateway.admission.repository import communities, targets_of
from services.gateway.admission.schemas import Screening, TargetsShape
from services.gateway.identity.public import department_for

__all__ = [
    "Community",
    "Screening",
    "TargetsShape",
    "communities",
    "department_for",
    "stored_issues",
    "stored_screening",
    "targets_of",
]
