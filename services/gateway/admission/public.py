"""What admission's siblings may ask of it: the district's communities, and how screenings and
targets are kept and shown."""

from services.gateway.admission.applying import stored_issues, stored_screening
from services.gateway.admission.models import (
    Community,
    DispatchCommunity,
    Item,
    OffCatalogueReport,
    Refusal,
)
from services.gateway.admission.repository import communities, targets_of
from services.gateway.admission.schemas import Screening, TargetsShape

__all__ = [
    "Community",
    "DispatchCommunity",
    "Item",
    "OffCatalogueReport",
    "Refusal",
    "Screening",
    "TargetsShape",
    "communities",
    "stored_issues",
    "stored_screening",
    "targets_of",
]
