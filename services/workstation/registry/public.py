"""What the other capabilities of the workstation may ask of the registry."""

from services.workstation.registry.imports import community_ids, street_ids
from services.workstation.registry.models import Adjustment, Community, Household, Resident, Street
from services.workstation.registry.reencryption import reencrypt
from services.workstation.registry.repository import existing_on, within

__all__ = [
    "Adjustment",
    "Community",
    "Household",
    "Resident",
    "Street",
    "community_ids",
    "existing_on",
    "reencrypt",
    "street_ids",
    "within",
]
