"""What the other capabilities of the workstation may ask of personnel."""

from services.workstation.personnel.repository import people

__all__ = ["people"]
