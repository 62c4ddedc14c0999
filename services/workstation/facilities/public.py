"""What the other capabilities of the workstation may ask of facilities."""

from services.workstation.facilities.domain import SQUARE_METRE
from services.workstation.facilities.models import Facility, Project
from services.workstation.facilities.repository import area_on, investments, open_on

__all__ = ["SQUARE_METRE", "Facility", "Project", "area_on", "investments", "open_on"]
